import { addressOf, usePage } from '../page.js';
import { languages, nameOfLanguage } from '../speech.js';

/** The languages of the page: links or, on a page with a form, buttons that send the form along. */
export function Languages() {
  const { speech, path, query, formToKeep } = usePage();
  return (
    <nav aria-label={speech.say('language')}>
      {formToKeep?.enter && (
        <button
          class="ds-sr-only"
          type="submit"
          form={formToKeep.id}
          name={formToKeep.enter.name}
          value={formToKeep.enter.value}
          tabIndex={-1}
          aria-hidden="true"
        >
          {speech.say(formToKeep.enter.says)}
        </button>
      )}
      <ul class="languages">
        {languages.map((language) => {
          const address = addressOf(path, { ...query, lang: language });
          return (
            <li key={language}>
              {language === speech.language ? (
                <span aria-current="true">{nameOfLanguage[language]}</span>
              ) : formToKeep ? (
                <button
                  class="ds-link"
                  type="submit"
                  form={formToKeep.id}
                  formaction={address}
                  name={formToKeep.again.name}
                  value={formToKeep.again.value}
                  lang={language}
                >
                  {nameOfLanguage[language]}
                </button>
              ) : (
                <a class="ds-link" href={address} hreflang={language} lang={language}>
                  {nameOfLanguage[language]}
                </a>
              )}
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
