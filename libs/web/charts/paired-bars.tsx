/** Bars beside each other for each period, drawn on the server. A table beneath every chart has the same numbers. */
import { scaleBand } from 'd3-scale';
import { Legend } from './legend.js';
import { GridLines, margin, useValueAxis } from './value-axis.js';

/** One period: its amounts in minor units, one of each kind. Negative amounts hang below the zero line. */
export type Pair = { readonly name: string; readonly year: string; readonly amounts: readonly number[] };

/** A chart is drawn twice, for wide and for narrow windows; styles show one. */
const sizes = {
  wide: { width: 720, height: 260 },
  narrow: { width: 340, height: 240 },
} as const;

export function PairedBars({ title, pairs, kinds }: { title: string; pairs: readonly Pair[]; kinds: readonly string[] }) {
  return (
    <figure class="chart">
      <Drawing title={title} pairs={pairs} size="wide" />
      <Drawing title={title} pairs={pairs} size="narrow" />
      <Legend kinds={kinds} />
    </figure>
  );
}

function Drawing({ title, pairs, size }: { title: string; pairs: readonly Pair[]; size: keyof typeof sizes }) {
  const { width, height } = sizes[size];
  const all = pairs.flatMap(({ amounts }) => amounts);
  const axis = useValueAxis(Math.min(0, ...all), Math.max(1, ...all), height);
  const { y, left } = axis;
  const x = scaleBand(
    pairs.map(({ name }) => name),
    [left, width - margin.right],
  ).padding(0.2);
  const within = scaleBand([...(pairs[0]?.amounts.keys() ?? [])], [0, x.bandwidth()]);
  return (
    <svg class={size} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
      <GridLines axis={axis} width={width} />
      {pairs.map(({ name, year, amounts }, index) => (
        <g key={name}>
          {amounts.map((amount, kind) => (
            <rect
              key={kind}
              class={`part part-${kind}`}
              x={rounded((x(name) ?? 0) + (within(kind) ?? 0))}
              width={rounded(within.bandwidth())}
              y={rounded(y(Math.max(0, amount)))}
              height={rounded(Math.abs(y(amount) - y(0)))}
            />
          ))}
          {year !== pairs[index - 1]?.year && (
            <text class="tick" x={rounded(x(name) ?? 0)} y={height - 8}>
              {year}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

/** A tenth of a unit of the drawing is finer than any screen shows. */
function rounded(length: number): number {
  return Math.round(length * 10) / 10;
}
