import type { Actor } from '../../../domain/vocabulary.js';
import type { Total as Counted } from '../../../projections/counts.js';
import type { RequestStatus, RequestView } from '../../../projections/requests/reads.js';
import type { ProgrammeView } from '../../../projections/totals/views.js';
import { useHref, usePage } from '../../page.js';
import { Table } from '../../parts/layout.js';
import { Total } from '../../parts/list-links.js';
import { Day } from '../../parts/texts.js';
import type { TextKey } from '../../speech.js';
import { HeldMoney, HeldName } from '../parts/held-command.js';
import { NextPage } from '../parts/initiative-table.js';
import type { Listing } from '../reads.js';

/** The name of a request's status. */
export const requestStatusNames: { readonly [S in RequestStatus]: TextKey } = {
  waiting: 'requestWaits',
  approved: 'RequestApproved',
  returned: 'RequestReturned',
  withdrawn: 'RequestWithdrawn',
  expired: 'requestExpired',
};

type Shown = { programme: ProgrammeView; actor: Actor };
type Found = Listing<RequestView> & Counted;

/** Requests that wait for a decision, the oldest first; then the person's own, or all, the newest first. */
export function Requests({
  programme,
  actor,
  waiting,
  sent,
  all,
}: Shown & { waiting: Found; sent: Found | undefined; all: Found | undefined }) {
  const { speech } = usePage();
  return (
    <>
      <h1 class="ds-heading" data-size="lg">
        {speech.say('requestsWork')}
      </h1>
      <RequestList {...{ programme, actor }} id="waiting" title="requestsWaiting" found={waiting} />
      {sent && <RequestList {...{ programme, actor }} id="sent" title="requestsSent" found={sent} />}
      {all && <RequestList {...{ programme, actor }} id="all" title="requestsAll" found={all} />}
    </>
  );
}

const nothingIn = { waiting: 'nothingWaits', sent: 'noRequestsSent', all: 'noRequests' } as const;

/** One of the lists; `id` also names its cursor in the page's address. */
function RequestList({ programme, actor, id, title, found }: Shown & { id: keyof typeof nothingIn; title: TextKey; found: Found }) {
  const { speech, path, query } = usePage();
  const href = useHref();
  const { items, cursor, total, totalAtLeast } = found;
  return (
    <section aria-labelledby={id}>
      <h2 class="ds-heading" data-size="md" id={id}>
        {speech.say(title)}
      </h2>
      {items.length === 0 ? (
        <p>{speech.say(nothingIn[id])}</p>
      ) : (
        <>
          <Total total={total} totalAtLeast={totalAtLeast} />
          <RequestTable {...{ programme, actor }} caption={title} requests={items} />
        </>
      )}
      <NextPage href={cursor === undefined ? undefined : href(path, { ...query, [id]: cursor })} />
    </section>
  );
}

function RequestTable({ programme, actor, caption, requests }: Shown & { caption: TextKey; requests: readonly RequestView[] }) {
  const { speech } = usePage();
  return (
    <Table caption={speech.say(caption)} hidden>
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
              <HeldName request={request} />
            </th>
            <td class="number">
              <HeldMoney request={request} />
            </td>
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

/** What the reader may do with a request that waits: its sender withdraws it, and somebody else in the role that it waits for decides. */
function Decisions({ programme, actor, request }: Shown & { request: RequestView }) {
  const { speech } = usePage();
  const href = useHref();
  const { requestId } = request;
  const decisions = decisionsOf(actor, request);
  if (decisions.length === 0) return <span class="none">–</span>;
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

function decisionsOf(actor: Actor, { status, submittedBy, waitsFor }: RequestView): readonly (keyof typeof decisionNames)[] {
  if (status !== 'waiting') return [];
  if (submittedBy.id === actor.id) return submittedBy.organisation === actor.organisation ? ['withdrawal'] : [];
  return waitsFor === actor.role ? ['approval', 'return'] : [];
}
