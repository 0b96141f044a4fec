import type { ProgrammeView } from '../../projections/totals/views.js';
import { usePage } from '../page.js';

/** An initiative whose figures are shown, if not the programme's. */
type OfInitiative = { readonly lastRecordedAt: string };

/**
 * How new the figures of a page are: how far the programme's history is read, and when and how long ago the last record was recorded, of the programme or of
 * one initiative. A page that shows the present has marks for the script, which follows the programme from the position that the page was made at.
 */
export function Freshness({ programme, initiative }: { programme: ProgrammeView; initiative?: OfInitiative }) {
  const { past } = usePage();
  const isPresent = past.happened === undefined && past.known === undefined;
  const marks = isPresent ? { 'data-follow': programme.programme, 'data-position': programme.position } : {};
  return (
    <p class="freshness" {...marks}>
      <Age programme={programme} initiative={initiative} />
    </p>
  );
}

/** The same in a sentence, without marks. */
export function Age({ programme, initiative }: { programme: ProgrammeView; initiative?: OfInitiative | undefined }) {
  const { speech, now } = usePage();
  const { lastRecordedAt } = initiative ?? programme;
  const values = { moment: speech.moment(lastRecordedAt, programme.timeZone), ago: speech.ago(lastRecordedAt, now) };
  return (
    <>
      {speech.say('freshness', { position: speech.count(programme.position) })}{' '}
      <time dateTime={lastRecordedAt}>{speech.say(initiative ? 'freshnessOfInitiative' : 'freshnessRecorded', values)}</time>
    </>
  );
}
