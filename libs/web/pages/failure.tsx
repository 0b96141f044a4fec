import type { MessageKey } from '../messages/en.js';
import { useHref, usePage } from '../page.js';

/** A page that says what is wrong, with a link to continue. */
export function Failure({ title, text, detail }: { title: MessageKey; text: string; detail?: string | undefined }) {
  const { speech, path } = usePage();
  const href = useHref();
  const isWorkspace = /^\/workspace(?:\/|$)/.test(path);
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say(title)}
      </h1>
      <p>{text}</p>
      {detail !== undefined && (
        <p class="hint" lang="en">
          {detail}
        </p>
      )}
      <p>
        <a class="ds-link" href={href(isWorkspace ? '/workspace' : '/', { happened: undefined, known: undefined })}>
          {speech.say(isWorkspace ? 'workspace' : 'backHome')}
        </a>
      </p>
    </>
  );
}
