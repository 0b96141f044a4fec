import type { ProgrammeView } from '../../../projections/totals/views.js';
import { useHref, usePage } from '../../page.js';
import { DoLink } from '../parts/initiative-table.js';

/** The first page of auditors. */
export function AuditorsWork({ programme }: { programme: ProgrammeView }) {
  const { speech } = usePage();
  const href = useHref();
  const here = `/workspace/p/${programme.programme}`;
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('auditWork')}
      </h1>
      <div class="buttons">
        <DoLink href={href(`${here}/verification`)}>{speech.say('verifyNow')}</DoLink>
      </div>
      <ul class="plain">
        {(
          [
            ['entriesOf', {}],
            ['refusalsOf', { refused: 'true' }],
            ['lateOf', { late: 'true' }],
          ] as const
        ).map(([text, query]) => (
          <li key={text}>
            <a class="ds-link" href={href(`${here}/entries`, query)}>
              {speech.say(text)}
            </a>
          </li>
        ))}
        <li>
          <a class="ds-link" href={href(`${here}/requests`)}>
            {speech.say('requestsWork')}
          </a>
        </li>
        <li>
          <a class="ds-link" href={`/programmes/${programme.programme}/records`}>
            {speech.say('rawRecords')}
          </a>
        </li>
        <li>
          <a class="ds-link" href="/heads">
            {speech.say('heads')}
          </a>
        </li>
      </ul>
    </>
  );
}
