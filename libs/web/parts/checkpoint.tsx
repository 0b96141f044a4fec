import type { ProgrammeView } from '../../projections/totals/views.js';
import { useHref, usePage } from '../page.js';

/** The time zone of a page's programme. */
type InZone = Pick<ProgrammeView, 'programme' | 'timeZone'>;

/** The characters of a root that tell it apart at a glance, and the witnesses that are named at the foot of a page. */
const shownOfRoot = 12;
const mostNamed = 5;

/** The foot of a programme's pages: its checkpoint in a line, which leads to what it means. Nothing if there is none to show. */
export function CheckpointFoot({ programme }: { programme: InZone }) {
  const { speech, checkpoint } = usePage();
  const proof = useProofPage(programme);
  if (!checkpoint) return null;
  const { size, root, signedAt, cosigners } = checkpoint;
  const moment = (at: number) => speech.moment(new Date(at).toISOString(), programme.timeZone);
  return (
    <ul class="details">
      <li>
        <a class="ds-link" href={proof}>
          {speech.say('checkpoint')}
        </a>
        {': '}
        {speech.say('checkpointRecords', { count: size })}
      </li>
      <li>{speech.say('checkpointRoot', { root: root.slice(0, shownOfRoot) })}</li>
      {signedAt !== undefined && <li>{speech.say('checkpointSigned', { moment: moment(signedAt) })}</li>}
      {cosigners.length === 0 && <li>{speech.say('checkpointNotCosigned')}</li>}
      {cosigners.slice(0, mostNamed).map(({ name, at }) => (
        <li key={name}>
          <bdi>{speech.say('checkpointCosigned', { name, moment: moment(at * 1_000) })}</bdi>
        </li>
      ))}
      {cosigners.length > mostNamed && (
        <li>{speech.say('checkpointCosignedMore', { count: speech.count(cosigners.length - mostNamed) })}</li>
      )}
    </ul>
  );
}

/** The address of the page that says what a programme's proof shows. It is of now, whatever past the page shows that leads there. */
export function useProofPage({ programme }: Pick<ProgrammeView, 'programme'>): string {
  return useHref()(`/p/${programme}/proof`, { happened: undefined, known: undefined });
}
