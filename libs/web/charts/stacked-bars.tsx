/** Stacked bars, drawn on the server. A table beneath every chart has the same numbers. */
import { scaleBand, scaleLinear } from 'd3-scale';
import { useCurrency, usePage } from '../page.js';
import { Legend } from './legend.js';
import { widthOf } from './text-width.js';

/** One bar: its parts from the bottom up, in minor units. Negative parts are not drawn. */
export type Bar = { readonly name: string; readonly parts: readonly number[] };

/** A chart is drawn twice, for wide and for narrow windows; styles show one. So its letters have a size that can be read in both. */
const sizes = {
  wide: { width: 720, height: 300 },
  narrow: { width: 340, height: 260 },
} as const;
const margin = { top: 16, right: 4, bottom: 28 } as const;

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
  const { speech } = usePage();
  const currency = useCurrency();
  const { width, height } = sizes[size];
  const most = Math.max(1, ...bars.map(({ parts }) => parts.reduce((sum, part) => sum + Math.max(0, part), 0)));
  const y = scaleLinear([0, most], [height - margin.bottom, margin.top]).nice(4);
  const ticks = y.ticks(4).map((tick) => ({ tick, label: speech.roughly(tick, currency) }));
  const left = 8 + widthOf(ticks.map(({ label }) => label));
  const x = scaleBand(
    bars.map(({ name }) => name),
    [left, width - margin.right],
  ).padding(0.3);
  // Names that would touch are left out; the table has them all.
  const every = Math.ceil((widthOf(bars.map(({ name }) => name)) + 4) / x.step());
  return (
    <svg class={size} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
      {ticks.map(({ tick, label }) => (
        <g key={tick}>
          <line class="grid" x1={left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} />
          <text class="tick" x={left - 8} y={y(tick)} text-anchor="end" dominant-baseline="middle">
            {label}
          </text>
        </g>
      ))}
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
