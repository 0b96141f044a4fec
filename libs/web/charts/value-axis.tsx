import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { useCurrency, usePage } from '../page.js';
import { widthOf } from './text-width.js';

/** Room around a drawing for its texts, in its own units. */
export const margin = { top: 16, right: 8, bottom: 28 } as const;

/** The vertical axis of a chart: its scale, its marks, and the left edge of the drawing beside their labels. */
export type ValueAxis = {
  readonly y: ScaleLinear<number, number>;
  readonly left: number;
  readonly ticks: readonly { tick: number; label: string }[];
};

/** The axis for amounts in minor units between two bounds, in a drawing of a height. */
export function useValueAxis(from: number, to: number, height: number): ValueAxis {
  const { speech } = usePage();
  const currency = useCurrency();
  return axisOf(from, to, height, (tick) => speech.roughly(tick, currency));
}

/** The axis for numbers without a currency. */
export function useNumberAxis(from: number, to: number, height: number): ValueAxis {
  const { speech } = usePage();
  return axisOf(from, to, height, (tick) => speech.roughNumber(tick));
}

function axisOf(from: number, to: number, height: number, labelOf: (tick: number) => string): ValueAxis {
  const y = scaleLinear([from, to], [height - margin.bottom, margin.top]).nice(4);
  const ticks = y.ticks(4).map((tick) => ({ tick, label: labelOf(tick) }));
  return { y, ticks, left: 8 + widthOf(ticks.map(({ label }) => label)) };
}

/** The lines of the axis with their values. */
export function GridLines({ axis: { y, left, ticks }, width }: { axis: ValueAxis; width: number }) {
  return (
    <>
      {ticks.map(({ tick, label }) => (
        <g key={tick}>
          <line class="grid" x1={left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} />
          <text class="tick" x={left - 8} y={y(tick)} text-anchor="end" dominant-baseline="middle">
            {label}
          </text>
        </g>
      ))}
    </>
  );
}
