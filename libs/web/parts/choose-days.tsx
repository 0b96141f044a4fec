/** The days that a page compares. */
import type { FiscalYear, IsoDate } from '../../domain/vocabulary.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import { useHref, usePage } from '../page.js';
import { DayField } from './past.js';

/** How days are counted: by when things happened, or by when they were recorded. These are also the names of the parameters of the past. */
export const bases = ['happened', 'known'] as const;
export type Basis = (typeof bases)[number];
export type Compared = { readonly by: Basis; readonly days?: readonly [from: IsoDate, to: IsoDate] };
/** The form to choose both days, and how days are counted. */
export function ChooseDays({ compared: { by, days } }: { compared: Compared }) {
  const { speech, path, past, keepsLanguage } = usePage();
  return (
    <form method="get" action={path} class="filters">
      {keepsLanguage && <input type="hidden" name="lang" value={speech.language} />}
      {Object.entries(past).map(([name, day]) => (
        <input key={name} type="hidden" name={name} value={day} />
      ))}
      <DayField name="from" label={speech.say('compareFrom')} hint={speech.say('compareEndOfDay')} value={days?.[0]} required />
      <DayField name="to" label={speech.say('compareTo')} hint={speech.say('compareEndOfDay')} value={days?.[1]} required />
      <div class="ds-field">
        <label class="ds-label" for="by">
          {speech.say('compareBy')}
        </label>
        <select class="ds-input" id="by" name="by">
          {bases.map((basis) => (
            <option key={basis} value={basis} selected={basis === by}>
              {speech.say(basis === 'happened' ? 'compareByHappened' : 'compareByKnown')}
            </option>
          ))}
        </select>
      </div>
      <button class="ds-button" type="submit">
        {speech.say('compareShow')}
      </button>
    </form>
  );
}

/** Links that compare the beginning and the end of each fiscal year. */
export function WholeYears({ programme, years, by }: { programme: ProgrammeView; years: readonly FiscalYear[]; by: Basis }) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <nav class="whole-years" aria-label={speech.say('compareYears')}>
      <span>{speech.say('compareYears')}</span>{' '}
      {years.map((year) => (
        <a
          key={year}
          class="ds-link"
          href={href(`/p/${programme.programme}/compare`, { from: `${year - 1}-12-31`, to: `${year}-12-31`, by })}
        >
          {year}
        </a>
      ))}
    </nav>
  );
}
