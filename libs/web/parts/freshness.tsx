import type { ProgrammeView } from '../../projections/totals/views.js';
import { usePage } from '../page.js';

/**
 * How new the figures of a page are: the position of the programme's history that they include, and when its last record was recorded. A page that shows
 * the present has marks for the script, which follows the programme from the position that the page was made at.
 */
export function Freshness({
  programme,
  position = programme.position,
  recordedAt,
}: {
  programme: ProgrammeView;
  position?: number;
  recordedAt?: string;
}) {
  const { speech, past } = usePage();
  const isPresent = past.happened === undefined && past.known === undefined;
  const marks = isPresent ? { 'data-follow': programme.programme, 'data-position': programme.position } : {};
  return (
    <p class="freshness" {...marks}>
      {speech.say('freshness', { position: speech.count(position) })}{' '}
      {recordedAt !== undefined && (
        <time dateTime={recordedAt}>{speech.say('freshnessRecorded', { moment: speech.moment(recordedAt, programme.timeZone) })}</time>
      )}
    </p>
  );
}
