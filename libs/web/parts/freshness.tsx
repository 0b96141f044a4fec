import { usePage } from '../page.js';

/** How new the figures of a page are: the position of the programme's history that they include, and when its last record was recorded. */
export function Freshness({ position, recordedAt, timeZone }: { position: number; recordedAt?: string; timeZone?: string }) {
  const { speech } = usePage();
  return (
    <p class="freshness">
      {speech.say('freshness', { position: speech.count(position) })}{' '}
      {recordedAt !== undefined && timeZone !== undefined && (
        <time dateTime={recordedAt}>{speech.say('freshnessRecorded', { moment: speech.moment(recordedAt, timeZone) })}</time>
      )}
    </p>
  );
}
