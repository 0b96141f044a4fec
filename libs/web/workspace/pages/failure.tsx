import { useHref, usePage, type Page } from '../../page.js';
import { pageText } from '../../render.js';
import type { TextKey } from '../../speech.js';

/** What is wrong and what to do, in the reader's language, with the ledger's own English words if they name what to mend. */
export type Told = { readonly says: TextKey; readonly detail?: string | undefined };

/** The HTML of a page of the workspace that says what is wrong, with a link to continue. */
export function workspaceFailure(page: Page, title: TextKey, told: Told): string {
  return pageText(page, page.speech.say(title), [], <Failure title={title} told={told} />);
}

function Failure({ title, told }: { title: TextKey; told: Told }) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say(title)}
      </h1>
      <p>{speech.say(told.says)}</p>
      {told.detail !== undefined && (
        <p class="hint" lang="en">
          {told.detail}
        </p>
      )}
      <p>
        <a class="ds-link" href={href('/workspace')}>
          {speech.say('workspace')}
        </a>
      </p>
    </>
  );
}
