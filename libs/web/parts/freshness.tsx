import { usePage } from '../page.js';

/** How new the figures of a page are: up to which position of the programme's history, and when the last of it was recorded. */
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
