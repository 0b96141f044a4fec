/** Values over time: a line with markers for each kind, drawn on the server. A table beside every chart has the same numbers. */
import { scaleUtc } from 'd3-scale';
import { line } from 'd3-shape';
import { usePage } from '../page.js';
import { widthOf } from './text-width.js';
import { GridLines, margin, useNumberAxis } from './value-axis.js';

/** A value on an ISO day. */
export type Point = { readonly on: string; readonly value: number };
/** How a kind of value is marked: its colour and its shape differ, so that neither is needed to tell them apart. */
export type Mark = 'reached' | 'meant';
/** Values of one kind in the order of their days. */
export type Line = { readonly name: string; readonly mark: Mark; readonly points: readonly Point[] };

/** A chart is drawn twice, for wide and for narrow windows; styles show one. */
const sizes = {
  wide: { width: 560, height: 260 },
  narrow: { width: 340, height: 240 },
} as const;

/** `title` is the text alternative: it says what the lines show. */
export function LinesOverTime({ title, lines }: { title: string; lines: readonly Line[] }) {
  return (
    <figure class="chart">
      <Drawing title={title} lines={lines} size="wide" />
      <Drawing title={title} lines={lines} size="narrow" />
      <figcaption>
        <ul class="legend">
          {lines.map(({ name, mark }) => (
            <li key={name}>
              <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
                <Marker mark={mark} x={5} y={5} />
              </svg>
              {name}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}

function Drawing({ title, lines, size }: { title: string; lines: readonly Line[]; size: keyof typeof sizes }) {
  const { width, height } = sizes[size];
  const points = lines.flatMap((one) => one.points);
  const axis = useNumberAxis(
    ...apart(
      points.map(({ value }) => value),
      1,
    ),
    height,
  );
  const x = scaleUtc(
    apart(
      points.map(({ on }) => Date.parse(on)),
      day,
    ),
    [axis.left + radius, width - margin.right - radius],
  );
  const path = line<Point>()
    .x(({ on }) => rounded(x(Date.parse(on))))
    .y(({ value }) => rounded(axis.y(value)));
  return (
    <svg class={size} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
      <GridLines axis={axis} width={width} />
      <Months x={x} width={width} height={height} />
      {lines.map(({ name, mark, points: own }) => (
        <g key={name}>
          <path class={`line line-${mark}`} d={path(own) ?? ''} />
          {own.map(({ on, value }, index) => (
            <Marker key={index} mark={mark} x={rounded(x(Date.parse(on)))} y={rounded(axis.y(value))} />
          ))}
        </g>
      ))}
    </svg>
  );
}

/** Marks of the horizontal axis. Those whose names would touch are left out. */
function Months({ x, width, height }: { x: ReturnType<typeof scaleUtc<number>>; width: number; height: number }) {
  const { speech } = usePage();
  const ticks = x.ticks(4).map((on) => ({ at: x(on), text: speech.shortMonth(on.toISOString().slice(0, 10)) }));
  const room = widthOf(ticks.map(({ text }) => text));
  const [first, second] = ticks;
  const every = first && second ? Math.ceil((room + 12) / (second.at - first.at)) : 1;
  return (
    <>
      {ticks
        .filter((_, index) => index % every === 0)
        .map(({ at, text }) => (
          <text key={at} class="tick" x={rounded(within(at, room / 2, width))} y={height - 8} text-anchor="middle">
            {text}
          </text>
        ))}
    </>
  );
}

/** Units of the drawing. */
const radius = 5;

function Marker({ mark, x, y }: { mark: Mark; x: number; y: number }) {
  return mark === 'reached' ? (
    <circle class="part part-0" cx={x} cy={y} r={radius} />
  ) : (
    <path class="part part-3" d={`M${x} ${y - radius}L${x + radius} ${y}L${x} ${y + radius}L${x - radius} ${y}Z`} />
  );
}

const day = 86_400_000;

/** The least and the most of some numbers, held apart if they are one. */
function apart(numbers: readonly number[], by: number): [least: number, most: number] {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? [least - by, most + by] : [least, most];
}

/** The middle of a text that reaches `half` to both sides, moved so that all of it is inside the drawing. */
function within(middle: number, half: number, width: number): number {
  return Math.min(width - half, Math.max(half, middle));
}

/** A tenth of a unit of the drawing is finer than any screen shows. */
function rounded(length: number): number {
  return Math.round(length * 10) / 10;
}
