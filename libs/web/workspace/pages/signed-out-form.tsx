import { usePage, type Page } from '../../page.js';
import { pageText } from '../../render.js';
import type { FormFields } from '../form-fields.js';
import { againField, formId, formKept } from './command-form.js';

type Unsent = {
  readonly form: FormFields;
  /** The address that takes the form. */
  readonly action: string;
  /** The address of the page to sign in. */
  readonly signIn: string;
};

/** The HTML of the page that holds a form which is too long to be kept in the browser while its sender signs in again. */
export function formTooLong(page: Page, unsent: Unsent): string {
  return pageText({ ...page, formToKeep: formKept('check') }, page.speech.say('signedOut'), [], <TooLong {...unsent} />);
}

function TooLong({ form, action, signIn }: Unsent) {
  const { speech } = usePage();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('signedOut')}
      </h1>
      <p>{speech.say('formInThisWindow')}</p>
      <p>
        <a class="ds-link" href={signIn} target="_blank" rel="noopener">
          {speech.say('signInElsewhere')}
        </a>
      </p>
      <form method="post" action={action} id={formId} class="form">
        {form
          .entries()
          .filter(([name]) => name !== againField)
          .map(([name, value], index) => (
            <input key={index} type="hidden" name={name} value={value} />
          ))}
        <button class="ds-button" type="submit">
          {speech.say('oidcContinue')}
        </button>
      </form>
    </>
  );
}
