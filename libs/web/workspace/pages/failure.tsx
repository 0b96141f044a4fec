import { useHref, usePage, type Page } from '../../page.js';
import { pageText } from '../../render.js';
import type { TextKey } from '../../speech.js';

/** The HTML of a page of the workspace that says what is wrong, with a link to continue. */
export function workspaceFailure(page: Page, title: TextKey, text: string): string {
  return pageText(page, page.speech.say(title), [], <Failure title={title} text={text} />);
}

function Failure({ title, text }: { title: TextKey; text: string }) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say(title)}
      </h1>
      <p>{text}</p>
      <p>
        <a class="ds-link" href={href('/workspace')}>
          {speech.say('workspace')}
        </a>
      </p>
    </>
  );
}
