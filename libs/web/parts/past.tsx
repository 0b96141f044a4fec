import { Hidden } from './texts.js';
import { usePage, useHref } from '../page.js';
import { commitmentsCursor } from './commitments.js';

/** The days themselves, and the cursors of lists, which hold for the past that they were made in. */
const ofThisPast: ReadonlySet<string> = new Set(['happened', 'known', 'cursor', commitmentsCursor]);

/** The days that a page shows, by occurrence and by recording, and the form to choose others. */
export function PastForm() {
  const { speech, path, past, query, keepsLanguage } = usePage();
  const href = useHref();
  const isPast = past.happened !== undefined || past.known !== undefined;
  const kept = Object.entries(query).filter(([name]) => !ofThisPast.has(name));
  return (
    <section class="past" aria-labelledby="past">
      <PastShown />
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

/** Says which past a page shows, if it does. */
export function PastShown() {
  const { speech, past } = usePage();
  const { happened, known } = past;
  if (happened === undefined && known === undefined) return null;
  return (
    <p class="ds-alert" data-color="warning" role="status">
      {speech.say('asOfShown', {
        what: happened !== undefined && known !== undefined ? 'both' : happened !== undefined ? 'happened' : 'known',
        happened: happened === undefined ? '' : speech.day(happened),
        known: known === undefined ? '' : speech.day(known),
      })}
    </p>
  );
}

/** A field for a day, with a hint. */
export function DayField({
  name,
  label,
  hint,
  value,
  required = false,
}: {
  name: string;
  label: string;
  hint: string;
  value: string | undefined;
  required?: boolean;
}) {
  return (
    <div class="ds-field">
      <label class="ds-label" for={name}>
        {label}
      </label>
      <div class="hint" id={`${name}-hint`}>
        {hint}
      </div>
      <input class="ds-input" type="date" id={name} name={name} value={value ?? ''} required={required} aria-describedby={`${name}-hint`} />
    </div>
  );
}
