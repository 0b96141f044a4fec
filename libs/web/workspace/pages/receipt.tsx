import type { LedgerRecord } from '../../../event-log/record.js';
import type { CommandAnswer } from '../../../http/outcome-answer.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { useHref, usePage } from '../../page.js';
import { Day } from '../../parts/texts.js';
import { refusalText } from '../messages/refusals.js';

/** The receipts of what was sent with one form: each record's position in the history, and the hash that proves it. */
export function Receipt({
  programme,
  records,
}: {
  programme: ProgrammeView;
  records: readonly { readonly record: LedgerRecord; readonly hash: string }[];
}) {
  const { speech } = usePage();
  const href = useHref();
  const waits = records.some(({ record }) => record.type === 'CommandSubmitted');
  const isRefused = records.some(({ record }) => record.type === 'CommandRefused');
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say(isRefused ? 'refused' : 'recorded')}
      </h1>
      <p class="ds-alert" data-color={isRefused ? 'danger' : 'success'} role="status">
        {speech.say(isRefused ? 'receiptRefused' : waits ? 'receiptWaits' : 'receiptText')}
      </p>
      {records.map(({ record, hash }) => (
        <section key={record.position}>
          <h2 class="ds-heading" data-size="sm">
            {record.type === 'CommandRefused' ? refusalText(record.data.code, speech.language) : speech.say(record.type)}
          </h2>
          <dl class="facts wide">
            {record.initiative !== undefined && (
              <div>
                <dt>{speech.say('initiative')}</dt>
                <dd>
                  <a class="ds-link" href={href(`/workspace/p/${programme.programme}/i/${record.initiative}`)}>
                    {record.initiative}
                  </a>
                </dd>
              </div>
            )}
            <div>
              <dt>{speech.say('occurred')}</dt>
              <dd>
                <Day on={record.occurredOn} />
              </dd>
            </div>
            <div>
              <dt>{speech.say('recordedAt')}</dt>
              <dd>
                <time dateTime={record.recordedAt}>{speech.moment(record.recordedAt, programme.timeZone)}</time>
              </dd>
            </div>
            <Places position={record.position} version={record.version} hash={hash} />
          </dl>
        </section>
      ))}
      {waits && (
        <p>
          <a class="ds-link" href={href(`/workspace/p/${programme.programme}/requests`)}>
            {speech.say('requestsWork')}
          </a>
        </p>
      )}
      <p>
        <a class="ds-link" href={href(`/workspace/p/${programme.programme}`)}>
          {speech.say('backToWork')}
        </a>
      </p>
    </>
  );
}

/** The same content was recorded before by another form, or waits for a second person: this one added nothing. */
export function NothingNew({ answers }: { answers: readonly CommandAnswer[] }) {
  const { speech } = usePage();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('nothingNew')}
      </h1>
      <p class="ds-alert" data-color="info" role="status">
        {speech.say(answers.some(({ requestId }) => requestId !== undefined) ? 'nothingNewWaits' : 'nothingNewText')}
      </p>
      {answers.map(({ commandId, position, version, hash }) => (
        <dl class="facts wide" key={commandId}>
          <Places position={position} version={version} hash={hash} />
        </dl>
      ))}
    </>
  );
}

function Places({ position, version, hash }: { position?: number | undefined; version?: number | undefined; hash?: string | undefined }) {
  const { speech } = usePage();
  return (
    <>
      {position !== undefined && (
        <div>
          <dt>{speech.say('positionName')}</dt>
          <dd>{speech.count(position)}</dd>
        </div>
      )}
      {version !== undefined && (
        <div>
          <dt>{speech.say('versionName')}</dt>
          <dd>{speech.count(version)}</dd>
        </div>
      )}
      {hash !== undefined && (
        <div>
          <dt>{speech.say('hashName')}</dt>
          <dd>
            <code class="hash">{hash}</code>
          </dd>
        </div>
      )}
    </>
  );
}
