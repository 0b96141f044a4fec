/** A waterfall chart of money in, money out and, as the last bar, the rest. Each bar begins at the end of the one before. */
import { scaleLinear } from 'd3-scale';
import { useCurrency, usePage } from '../page.js';
import { widthOf } from './text-width.js';

/** A step adds to the rest or takes from it. Amounts are minor units. */
export type Step = { readonly name: string; readonly change: number; readonly kind: number };

/** A chart is drawn twice: for wide windows, and for narrow ones with a bar's name above it; styles show one. */
const sizes = {
  wide: { width: 720, rowHeight: 36, above: 0 },
  narrow: { width: 340, rowHeight: 52, above: 22 },
} as const;

type Rest = { readonly name: string; readonly kind: number };

export function Waterfall({ title, steps, rest }: { title: string; steps: readonly Step[]; rest: Rest }) {
  return (
    <figure class="chart">
      <Drawing title={title} steps={steps} rest={rest} size="wide" />
      <Drawing title={title} steps={steps} rest={rest} size="narrow" />
    </figure>
  );
}

function Drawing({ title, steps, rest, size }: { title: string; steps: readonly Step[]; rest: Rest; size: keyof typeof sizes }) {
  const { speech } = usePage();
  const currency = useCurrency();
  const { width, rowHeight, above } = sizes[size];
  const bars = accumulated(steps);
  const left = bars.at(-1)?.to ?? 0;
  const all = [...bars, { name: rest.name, kind: rest.kind, from: 0, to: left, change: left }];
  const [least, most] = [Math.min(0, ...all.map(({ to }) => to)), Math.max(1, ...all.map(({ to }) => to))];
  const height = all.length * rowHeight;
  const amountOf = (change: number) => speech.roughly(change, currency);
  const names = above > 0 ? 0 : 8 + widthOf(all.map(({ name }) => name));
  const amounts = 8 + widthOf(all.map(({ change }) => amountOf(change)));
  const x = scaleLinear([least, most], [names, width - amounts]);
  const thickness = (rowHeight - above) * 0.7;
  return (
    <svg class={size} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
      {all.map(({ name, from, to, kind, change }, row) => {
        const top = row * rowHeight + above + (rowHeight - above - thickness) / 2;
        const middle = top + thickness / 2;
        return (
          <g key={name}>
            {above > 0 ? (
              <text class="tick" x={0} y={row * rowHeight + above - 4}>
                {name}
              </text>
            ) : (
              <text class="tick" x={names - 8} y={middle} text-anchor="end" dominant-baseline="middle">
                {name}
              </text>
            )}
            <rect
              class={`part part-${kind}`}
              x={x(Math.min(from, to))}
              width={Math.max(1, Math.abs(x(to) - x(from)))}
              y={top}
              height={thickness}
            />
            <text class="tick" x={x(Math.max(from, to)) + 6} y={middle} dominant-baseline="middle">
              {amountOf(change)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function accumulated(steps: readonly Step[]): (Step & { from: number; to: number })[] {
  let from = 0;
  return steps.map((step) => {
    const bar = { ...step, from, to: from + step.change };
    from = bar.to;
    return bar;
  });
}
