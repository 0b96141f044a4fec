/** Stacked bars, drawn on the server. A table beneath every chart has the same numbers. */
import { scaleBand, scaleLinear } from 'd3-scale';
import { useCurrency, usePage } from '../page.js';

/** One bar: its parts from the bottom up, in minor units. Negative parts are not drawn. */
export type Bar = { readonly name: string; readonly parts: readonly number[] };

const width = 720;
const height = 300;
const margin = { top: 16, right: 8, bottom: 28, left: 96 } as const;

export function StackedBars({ title, bars, kinds }: { title: string; bars: readonly Bar[]; kinds: readonly string[] }) {
  const { speech } = usePage();
  const currency = useCurrency();
  const most = Math.max(1, ...bars.map(({ parts }) => parts.reduce((sum, part) => sum + Math.max(0, part), 0)));
  const x = scaleBand(
    bars.map(({ name }) => name),
    [margin.left, width - margin.right],
  ).padding(0.3);
  const y = scaleLinear([0, most], [height - margin.bottom, margin.top]).nice(4);
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line class="grid" x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} />
            <text class="tick" x={margin.left - 8} y={y(tick)} text-anchor="end" dominant-baseline="middle">
              {speech.roughly(tick, currency)}
            </text>
          </g>
        ))}
        {bars.map(({ name, parts }) => (
          <g key={name}>
            {stacked(parts).map(({ from, to, kind }) => (
              <rect key={kind} class={`part part-${kind}`} x={x(name)} width={x.bandwidth()} y={y(to)} height={y(from) - y(to)} />
            ))}
            <text class="tick" x={(x(name) ?? 0) + x.bandwidth() / 2} y={height - 8} text-anchor="middle">
              {name}
            </text>
          </g>
        ))}
      </svg>
      <figcaption>
        <ul class="legend">
          {kinds.map((kind, index) => (
            <li key={kind}>
              <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
                <rect class={`part part-${index}`} width="10" height="10" />
              </svg>
              {kind}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}

function stacked(parts: readonly number[]): { from: number; to: number; kind: number }[] {
  let from = 0;
  return parts.flatMap((part, kind) => {
    if (part <= 0) return [];
    const bar = { from, to: from + part, kind };
    from = bar.to;
    return [bar];
  });
}
