/** A bar for a share of a whole, with its name and figure beside it. */
import { usePage } from '../page.js';

const width = 320;
const height = 14;

/** `share` is drawn from 0 to 1 and written as it is; `kind` selects the colour, as in the charts. */
export function ProgressBar({ name, share, kind }: { name: string; share: number; kind: number }) {
  const { speech } = usePage();
  const drawn = Math.min(1, Math.max(0, share)) * width;
  return (
    <figure class="share-bar">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width={width} height={height} />
        <rect class={`part part-${kind}`} width={drawn} height={height} />
      </svg>
      <figcaption>
        {name}: {speech.percent(share)}
      </figcaption>
    </figure>
  );
}
