/** One bar that is divided into shares, with a legend that names the amounts. For places too small for a chart with axes. */
import { scaleLinear } from 'd3-scale';
import { usePage } from '../page.js';
import { Money } from '../parts/texts.js';

/** A part of the bar, in minor units. `kind` selects its colour, as in the charts. Negative parts are not drawn. */
export type Part = { readonly name: string; readonly amount: string; readonly kind: number };

const width = 320;
const height = 14;

export function ShareBar({ title, parts }: { title: string; parts: readonly Part[] }) {
  const { speech } = usePage();
  const drawn = parts.map((part) => ({ ...part, size: Math.max(0, Number(part.amount)) }));
  const all = drawn.reduce((sum, { size }) => sum + size, 0);
  const x = scaleLinear([0, Math.max(1, all)], [0, width]);
  const starts = drawn.map((_, index) => drawn.slice(0, index).reduce((sum, { size }) => sum + size, 0));
  return (
    <figure class="share-bar">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={title}>
        <rect class="track" width={width} height={height} />
        {drawn.map(({ name, size, kind }, index) => (
          <rect key={name} class={`part part-${kind}`} x={x(starts[index] ?? 0)} width={x(size)} height={height} />
        ))}
      </svg>
      <figcaption>
        <ul class="legend">
          {drawn.map(({ name, amount, size, kind }) => (
            <li key={name}>
              <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
                <rect class={`part part-${kind}`} width="10" height="10" />
              </svg>
              {name}: <Money amount={amount} /> {all > 0 && <small>({speech.percent(size / all)})</small>}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}
