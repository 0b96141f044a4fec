import { capabilities } from '../../../domain/capabilities.js';
import type { Actor } from '../../../domain/vocabulary.js';
import type { RequestStatus, RequestView } from '../../../projections/requests/reads.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { useHref, usePage } from '../../page.js';
import { Table } from '../../parts/layout.js';
import { Day, Money } from '../../parts/texts.js';
import type { TextKey } from '../../speech.js';
import type { Listing } from '../reads.js';

/** The name of how a request stands. */
export const requestStatusNames: { readonly [S in RequestStatus]: TextKey } = {
  waiting: 'CommandSubmitted',
  approved: 'RequestApproved',
  returned: 'RequestReturned',
  withdrawn: 'RequestWithdrawn',
  expired: 'requestExpired',
};

type Shown = { programme: ProgrammeView; actor: Actor };

/** What waits for somebody's decision, and what became of what the same person sent. */
export function Requests({ programme, actor, waiting, sent }: Shown & { waiting: Listing<RequestView>; sent: Listing<RequestView> }) {
  const { speech } = usePage();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('requestsWork')}
      </h1>
      <section aria-labelledby="waiting">
        <h2 class="ds-heading" data-size="md" id="waiting">
          {speech.say('requestsWaiting')}
        </h2>
        <RequestTable {...{ programme, actor }} caption="requestsWaiting" requests={waiting.items} />
      </section>
      <section aria-labelledby="sent">
        <h2 class="ds-heading" data-size="md" id="sent">
          {speech.say('requestsSent')}
        </h2>
        <RequestTable {...{ programme, actor }} caption="requestsSent" requests={sent.items} />
      </section>
    </>
  );
}

function RequestTable({
  programme,
  actor,
  caption,
  requests,
}: Shown & {
  caption: TextKey;
  requests: readonly RequestView[];
}) {
  const { speech } = usePage();
  if (requests.length === 0) return <p>{speech.say('nothingWaits')}</p>;
  return (
    <Table caption={speech.say(caption)}>
      <thead>
        <tr>
          <th scope="col">{speech.say('request')}</th>
          <th scope="col" class="number">
            {speech.say('amount')}
          </th>
          <th scope="col">{speech.say('sender')}</th>
          <th scope="col">{speech.say('status')}</th>
          <th scope="col">{speech.say('actions')}</th>
        </tr>
      </thead>
      <tbody>
        {requests.map((request) => (
          <tr key={request.requestId}>
            <th scope="row">
              <What request={request} />
            </th>
            <td class="number">{request.amount === undefined ? <span class="none">–</span> : <Money amount={request.amount} />}</td>
            <td>
              <bdi>{request.submittedBy.id}</bdi>
              <br />
              <small>{request.submittedBy.organisation}</small>
            </td>
            <td>
              <Standing request={request} />
            </td>
            <td>
              <Decisions {...{ programme, actor, request }} />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** What the held command would record, and where. */
function What({ request: { programme, requestId, command } }: { request: RequestView }) {
  const { speech } = usePage();
  const href = useHref();
  return (
    <>
      {speech.say(capabilities[command.type].event)}
      {command.initiative !== undefined && (
        <>
          {': '}
          <a class="ds-link" href={href(`/workspace/p/${programme}/i/${command.initiative}`)}>
            {command.initiative}
          </a>
        </>
      )}
      <br />
      <small>{requestId}</small>
    </>
  );
}

function Standing({ request: { status, expiresOn, waitedDays, ended } }: { request: RequestView }) {
  const { speech } = usePage();
  return (
    <>
      {speech.say(requestStatusNames[status])}
      <br />
      <small>
        {speech.say('waitedDays', { days: waitedDays })}
        {status === 'waiting' && (
          <>
            {'; '}
            {speech.say('waitsThrough')} <Day on={expiresOn} />
          </>
        )}
        {ended && (
          <>
            {'; '}
            <bdi>{ended.by.id}</bdi>
          </>
        )}
      </small>
      {ended?.reason !== undefined && (
        <p class="lines">
          <bdi>{ended.reason}</bdi>
        </p>
      )}
    </>
  );
}

/** What the reader may do with a request that waits: its sender withdraws it, everybody else who sees it here decides. */
function Decisions({ programme, actor, request: { requestId, status, submittedBy } }: Shown & { request: RequestView }) {
  const { speech } = usePage();
  const href = useHref();
  if (status !== 'waiting') return <span class="none">–</span>;
  const isOwn = submittedBy.id === actor.id && submittedBy.organisation === actor.organisation;
  const decisions = isOwn ? (['withdrawal'] as const) : (['approval', 'return'] as const);
  return (
    <ul class="plain">
      {decisions.map((decision) => (
        <li key={decision}>
          <a
            class="ds-link"
            href={href(`/workspace/p/${programme.programme}/requests/${requestId}/${decision}`)}
            aria-label={`${speech.say(decisionNames[decision])}: ${requestId}`}
          >
            {speech.say(decisionNames[decision])}
          </a>
        </li>
      ))}
    </ul>
  );
}
const decisionNames = { approval: 'approveRequest', return: 'returnRequest', withdrawal: 'withdrawRequest' } as const;

/** The held command, field by field, above the form that decides on it. */
export function HeldCommand({ request }: { request: RequestView }) {
  const { speech } = usePage();
  const { command, amount, submittedBy, submittedOn } = request;
  return (
    <dl class="facts wide">
      <div>
        <dt>{speech.say('request')}</dt>
        <dd>
          <What request={request} />
        </dd>
      </div>
      {amount !== undefined && (
        <div>
          <dt>{speech.say('amount')}</dt>
          <dd>
            <Money amount={amount} />
          </dd>
        </div>
      )}
      <div>
        <dt>{speech.say('sender')}</dt>
        <dd>
          <bdi>{submittedBy.id}</bdi>, <bdi>{submittedBy.organisation}</bdi>, <Day on={submittedOn} />
        </dd>
      </div>
      <div>
        <dt>{speech.say('requestData')}</dt>
        <dd>
          <ul class="plain">
            {Object.entries({ ...command.data, ...(command.occurredOn !== undefined && { occurredOn: command.occurredOn }) })
              .filter(([name]) => name !== 'amount' && name !== 'change')
              .map(([name, value]) => (
                <li key={name}>
                  <code>{name}</code>: <bdi>{typeof value === 'string' ? value : JSON.stringify(value)}</bdi>
                </li>
              ))}
          </ul>
        </dd>
      </div>
    </dl>
  );
}
