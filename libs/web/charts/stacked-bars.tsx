/** Stacked bars, drawn on the server. A table beneath every chart has the same numbers. */
import { scaleBand } from 'd3-scale';
import { Legend } from './legend.js';
import { widthOf } from './text-width.js';
import { GridLines, margin, useValueAxis } from './value-axis.js';

/** One bar: its parts from the bottom up, in minor units. Negative parts are not drawn. */
export type Bar = { readonly name: string; readonly parts: readonly number[] };

/** A chart is drawn twice, for wide and for narrow windows; styles show one. So its letters have a size that can be read in both. */
const sizes = {
  wide: { width: 720, height: 300 },
  narrow: { width: 340, height: 260 },
} as const;

export function StackedBars({ title, bars, kinds }: { title: string; bars: readonly Bar[]; kinds: readonly string[] }) {
  return (
    <figure class="chart">
      <Drawing title={title} bars={bars} size="wide" />
      <Drawing title={title} bars={bars} size="narrow" />
      <Legend kinds={kinds} />
    </figure>
  );
}

function Drawing({ title, bars, size }: { title: string; bars: readonly Bar[]; size: keyof typeof sizes }) {
  const { width, height } = sizes[size];
  const most = Math.max(1, ...bars.map(({ parts }) => parts.reduce((sum, part) => sum + Math.max(0, part), 0)));
  const axis = useValueAxis(0, most, height);
  const { y, left } = axis;
  const x = scaleBand(
    bars.map(({ name }) => name),
    [left, width - margin.right],
  ).padding(0.3);
  // Names that would touch are left out; the table has them all.
  const every = Math.ceil((widthOf(bars.map(({ name }) => name)) + 4) / x.step());
  return (
    <svg class={size} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
      <GridLines axis={axis} width={width} />
      {bars.map(({ name, parts }, index) => (
        <g key={name}>
          {stacked(parts).map(({ from, to, kind }) => (
            <rect key={kind} class={`part part-${kind}`} x={x(name)} width={x.bandwidth()} y={y(to)} height={y(from) - y(to)} />
          ))}
          {index % every === 0 && (
            <text class="tick" x={(x(name) ?? 0) + x.bandwidth() / 2} y={height - 8} text-anchor="middle">
              {name}
            </text>
          )}
        </g>
      ))}
    </svg>
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
