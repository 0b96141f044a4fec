import type { ProgrammeView } from '../../projections/totals/views.js';
import { usePage } from '../page.js';

/** What says how new figures are: the position of the programme's history that they include, and when its record was recorded. */
type Reached = { readonly position: number; readonly lastRecordedAt: string };

/**
 * How new the figures of a page are: how far the programme's history is read, and when and how long ago the last record was recorded. A page that shows the
 * present has marks for the script, which follows the programme from the position that the page was made at. `of` is what the figures belong to, if not to the
 * programme.
 */
export function Freshness({ programme, of = programme }: { programme: ProgrammeView; of?: Reached }) {
  const { past } = usePage();
  const isPresent = past.happened === undefined && past.known === undefined;
  const marks = isPresent ? { 'data-follow': programme.programme, 'data-position': programme.position } : {};
  return (
    <p class="freshness" {...marks}>
      <Age programme={programme} of={of} />
    </p>
  );
}

/** The same in a sentence, without marks. */
export function Age({ programme: { timeZone }, of: { position, lastRecordedAt } }: { programme: ProgrammeView; of: Reached }) {
  const { speech, now } = usePage();
  const moment = speech.moment(lastRecordedAt, timeZone);
  return (
    <>
      {speech.say('freshness', { position: speech.count(position) })}{' '}
      <time dateTime={lastRecordedAt}>{speech.say('freshnessRecorded', { moment, ago: speech.ago(lastRecordedAt, now) })}</time>
    </>
  );
}
