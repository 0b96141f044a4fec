import { useHref, usePage, type Page } from '../../page.js';
import { pageText } from '../../render.js';
import type { TextKey } from '../../speech.js';

/** Why the token was not accepted; `detail` is the ledger's own sentence, in English. */
type Fault = { readonly says: TextKey; readonly detail?: string };

/** What the page to sign in offers: `next` is the page that follows, `oidc` the address for an account of the issuer, if one is configured. */
type Offer = {
  readonly next: string;
  readonly oidc: string | undefined;
  /** Whether the browser keeps what was filled in on the page that follows. */
  readonly keepsForm: boolean;
};

/** The HTML of the page to sign in. */
export function signInPage(page: Page, offer: Offer, fault?: Fault): string {
  return pageText(page, page.speech.say('signIn'), [], <SignIn {...offer} fault={fault} />);
}

function SignIn({ next, oidc, keepsForm, fault }: Offer & { fault: Fault | undefined }) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('signIn')}
      </h1>
      {keepsForm && (
        <p class="ds-alert" data-color="info" role="status">
          {speech.say('formIsKept')}
        </p>
      )}
      {oidc !== undefined && (
        <p>
          <a class="ds-button" href={oidc}>
            {speech.say('oidcSignIn')}
          </a>
        </p>
      )}
      <p class="lead">{speech.say(oidc === undefined ? 'signInText' : 'oidcOrToken')}</p>
      {fault && (
        <div class="ds-error-summary" role="alert">
          <h2 class="ds-heading" data-size="xs">
            {speech.say('faultsTitle', { count: 1 })}
          </h2>
          <ul>
            <li>
              <a href="#token">{speech.say(fault.says)}</a>
            </li>
          </ul>
        </div>
      )}
      <form method="post" action={href('/workspace/sign-in')} class="form" autocomplete="off">
        <input type="hidden" name="next" value={next} />
        <div class="ds-field">
          <label class="ds-label" for="token">
            {speech.say('token')}
          </label>
          <div class="hint" id="token-hint">
            {speech.say('tokenHint')}
          </div>
          <textarea
            class="ds-input"
            id="token"
            name="token"
            rows={4}
            spellcheck={false}
            autocomplete="off"
            required
            aria-invalid={fault ? 'true' : undefined}
            aria-describedby={fault ? 'token-hint token-fault' : 'token-hint'}
          />
          {fault && (
            <p class="ds-validation-message" id="token-fault">
              {speech.say(fault.says)} {fault.detail !== undefined && <span lang="en">({fault.detail})</span>}
            </p>
          )}
        </div>
        <button class="ds-button" type="submit">
          {speech.say('signIn')}
        </button>
      </form>
    </>
  );
}
