/** A waterfall chart of money in, money out and, as the last bar, the rest. Each bar begins where the one before ended. */
import { scaleBand, scaleLinear } from 'd3-scale';
import { useCurrency, usePage } from '../page.js';

/** A step adds to the rest or takes from it. Amounts are minor units. */
export type Step = { readonly name: string; readonly change: number; readonly kind: number };

const width = 720;
const rowHeight = 36;
const labels = 200;

export function Waterfall({ title, steps, rest }: { title: string; steps: readonly Step[]; rest: { name: string; kind: number } }) {
  const { speech } = usePage();
  const currency = useCurrency();
  const bars = accumulated(steps);
  const left = bars.at(-1)?.to ?? 0;
  const all = [...bars, { name: rest.name, kind: rest.kind, from: 0, to: left, change: left }];
  const [least, most] = [Math.min(0, ...all.map(({ to }) => to)), Math.max(1, ...all.map(({ to }) => to))];
  const height = all.length * rowHeight;
  const x = scaleLinear([least, most], [labels, width - 110]);
  const y = scaleBand(
    all.map(({ name }) => name),
    [0, height],
  ).padding(0.3);
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        {all.map(({ name, from, to, kind, change }) => (
          <g key={name}>
            <text class="tick" x={labels - 8} y={middle(y, name)} text-anchor="end" dominant-baseline="middle">
              {name}
            </text>
            <rect
              class={`part part-${kind}`}
              x={x(Math.min(from, to))}
              width={Math.max(1, Math.abs(x(to) - x(from)))}
              y={y(name)}
              height={y.bandwidth()}
            />
            <text class="tick" x={x(Math.max(from, to)) + 6} y={middle(y, name)} dominant-baseline="middle">
              {speech.roughly(change, currency)}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}

function middle(y: ReturnType<typeof scaleBand<string>>, name: string): number {
  return (y(name) ?? 0) + y.bandwidth() / 2;
}

function accumulated(steps: readonly Step[]): (Step & { from: number; to: number })[] {
  let from = 0;
  return steps.map((step) => {
    const bar = { ...step, from, to: from + step.change };
    from = bar.to;
    return bar;
  });
}
