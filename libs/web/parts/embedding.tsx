import { render } from 'preact-render-to-string';
import { addressOf, usePage } from '../page.js';

/** Size of the frame (CSS px): wide enough for the card's two columns, high enough for long titles. */
const [width, height] = [420, 460];

/** The HTML with which another site shows a page's card: a text to copy. `path` is the address of the page, `title` what a screen reader calls the frame. */
export function Embedding({ path, title }: { path: string; title: string }) {
  const { speech, origin } = usePage();
  const card = addressOf(`/embed${path}`, { lang: speech.language });
  const snippet = render(<iframe src={origin + card} title={title} width={width} height={height} loading="lazy" />);
  return (
    <details class="ds-details embedding">
      <summary>{speech.say('embed')}</summary>
      <div>
        <label class="ds-label" for="embedding">
          {speech.say('embedCopy')}
        </label>
        <div class="hint" id="embedding-hint">
          {speech.say('embedHint')}
        </div>
        <textarea class="ds-input" id="embedding" rows={4} readOnly aria-describedby="embedding-hint" value={snippet} />
        <p>
          <a class="ds-link" href={card}>
            {speech.say('embedShow')}
          </a>
        </p>
      </div>
    </details>
  );
}
