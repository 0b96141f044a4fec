import type { NoticeKind } from '../../projections/notices/kinds.js';
import type { NoticeView } from '../../projections/notices/reads.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import type { MessageKey } from '../messages/en.js';
import { useHref, usePage } from '../page.js';
import { Freshness } from '../parts/freshness.js';
import { ListLinks } from '../parts/list-links.js';
import { Day, Title } from '../parts/texts.js';

const texts: { readonly [K in NoticeKind]: MessageKey } = {
  'appropriation-reached': 'noticeAppropriation',
  'absorption-reached': 'noticeAbsorption',
  'planned-end-passed': 'noticePlannedEnd',
  silent: 'noticeSilent',
  'registered-after-start': 'noticeRegistered',
  'milestone-overdue': 'noticeMilestone',
  'result-missing': 'noticeResult',
  'assessment-expired': 'noticeAssessment',
  'spending-ahead': 'noticeAhead',
};

/** A page of a programme's notices. */
export function Notices({
  programme,
  notices,
  cursor,
}: {
  programme: ProgrammeView;
  notices: readonly NoticeView[];
  cursor?: string | undefined;
}) {
  const { speech } = usePage();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('notices')}
      </h1>
      <p class="lead">
        <Title of={programme.title} />
      </p>
      <p>{speech.say('noticesHint')}</p>
      <NoticeList programme={programme} notices={notices} />
      <ListLinks label={speech.say('notices')} cursor={cursor} api={`/programmes/${programme.programme}/notices`} />
      <Freshness programme={programme} />
    </>
  );
}

/** Notices, each with its subject, since when it is due, and the entry that caused it. */
export function NoticeList({ programme, notices }: { programme: ProgrammeView; notices: readonly NoticeView[] }) {
  const { speech } = usePage();
  const href = useHref();
  const base = `/p/${programme.programme}`;
  if (notices.length === 0) return <p>{speech.say('noNotices')}</p>;
  return (
    <ul class="notices">
      {notices.map(({ kind, initiative, fiscalYear, percent = 0, about = '', since, position }) => (
        <li key={`${kind} ${initiative ?? fiscalYear ?? ''}`}>
          {initiative !== undefined && (
            <>
              <a class="ds-link" href={href(`${base}/i/${initiative}`)}>
                {initiative}
              </a>
              {': '}
            </>
          )}
          {speech.say(texts[kind], { percent, year: String(fiscalYear ?? ''), about })}{' '}
          <small>
            {speech.say('since')} <Day on={since} />
            {' · '}
            <a class="ds-link" href={href(`${base}/entries/${position}`)}>
              {speech.say('position', { position: speech.count(position) })}
            </a>
          </small>
        </li>
      ))}
    </ul>
  );
}
