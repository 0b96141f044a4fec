import type { MessageKey } from '../messages/en.js';
import { useHref, usePage } from '../page.js';

/** A page that says what is wrong, with a link to continue. */
export function Failure({ title, text }: { title: MessageKey; text: string }) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say(title)}
      </h1>
      <p>{text}</p>
      <p>
        <a class="ds-link" href={href('/', { happened: undefined, known: undefined })}>
          {speech.say('backHome')}
        </a>
      </p>
    </>
  );
}
