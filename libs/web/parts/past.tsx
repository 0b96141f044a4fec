import { Hidden } from './texts.js';
import { usePage, useHref } from '../page.js';

/** The days that a page shows, by occurrence and by recording, and the form to choose others. */
export function PastForm() {
  const { speech, path, past, query, keepsLanguage } = usePage();
  const href = useHref();
  const isPast = past.happened !== undefined || past.known !== undefined;
  const kept = Object.entries(query).filter(([name]) => name !== 'happened' && name !== 'known' && name !== 'cursor');
  return (
    <section class="past" aria-labelledby="past">
      {isPast && (
        <p class="ds-alert" data-color="warning" role="status">
          {speech.say('asOfShown', {
            what: past.happened !== undefined && past.known !== undefined ? 'both' : past.happened !== undefined ? 'happened' : 'known',
            happened: past.happened === undefined ? '' : speech.day(past.happened),
            known: past.known === undefined ? '' : speech.day(past.known),
          })}
        </p>
      )}
      <details class="ds-details" open={isPast}>
        <summary id="past">{speech.say('asOf')}</summary>
        <div>
          <form method="get" action={path} class="filters">
            {kept.map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
            {keepsLanguage && <input type="hidden" name="lang" value={speech.language} />}
            <DayField name="happened" label={speech.say('asOfHappened')} hint={speech.say('asOfHappenedHint')} value={past.happened} />
            <DayField name="known" label={speech.say('asOfKnown')} hint={speech.say('asOfKnownHint')} value={past.known} />
            <button class="ds-button" type="submit">
              {speech.say('show')}
              <Hidden> – {speech.say('asOf')}</Hidden>
            </button>
            {isPast && (
              <a class="ds-link" href={href(path, { happened: undefined, known: undefined })}>
                {speech.say('asOfNow')}
              </a>
            )}
          </form>
        </div>
      </details>
    </section>
  );
}

function DayField({ name, label, hint, value }: { name: string; label: string; hint: string; value: string | undefined }) {
  return (
    <div class="ds-field">
      <label class="ds-label" for={name}>
        {label}
      </label>
      <div class="hint" id={`${name}-hint`}>
        {hint}
      </div>
      <input class="ds-input" type="date" id={name} name={name} value={value ?? ''} aria-describedby={`${name}-hint`} />
    </div>
  );
}
