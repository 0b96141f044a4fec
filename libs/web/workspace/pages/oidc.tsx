import { usePage, type Page } from '../../page.js';
import { pageText } from '../../render.js';
import type { TextKey } from '../../speech.js';

/** What the page tells: `detail` is the ledger's own sentence, in English; `link` is the page to continue with. */
type Told = { readonly says: TextKey; readonly detail?: string | undefined; readonly link: string };

/** The HTML of the page that says why signing in at the issuer failed. */
export function oidcFailure(page: Page, told: Told): string {
  return pageText(page, page.speech.say('signIn'), [], <Failure {...told} />);
}

function Failure({ says, detail, link }: Told) {
  const { speech } = usePage();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('signIn')}
      </h1>
      <p role="alert">
        {speech.say(says)} {detail !== undefined && <span lang="en">{detail}</span>}
      </p>
      <p>
        <a class="ds-link" href={link}>
          {speech.say('oidcBegin')}
        </a>
      </p>
    </>
  );
}

/** The HTML of the page that leads on after signing in, for browsers that don't go on by themselves. */
export function oidcSignedIn(page: Page, next: string): string {
  return pageText(page, page.speech.say('oidcSignedIn'), [], <GoOn next={next} />);
}

function GoOn({ next }: { next: string }) {
  const { speech } = usePage();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('oidcSignedIn')}
      </h1>
      <p>
        <a class="ds-button" href={next}>
          {speech.say('oidcContinue')}
        </a>
      </p>
    </>
  );
}
