/** Verifies the requests of a history: nothing that its programme's approvals name happened before somebody else approved it. */
import { capabilities } from '../domain/capabilities.js';
import type { Actor } from '../domain/vocabulary.js';
import type { Programme, Request } from '../domain/state.js';
import { isApprovable, ruleFor } from '../domain/requests/approvals.js';
import { sameHand } from '../domain/separation-of-duties.js';
import type { EventRecord } from '../event-log/record.js';

/** The types of commands by the types of their events. */
const commandOf = new Map<string, string>(Object.entries(capabilities).map(([type, { event }]) => [event, type]));

/** An approval, and the sender of what it approved. */
type Approval = { commandId: string; by: Actor; sender: Actor };

/** Takes the events of every programme in their order. */
export class RequestsCheck {
  private readonly requests = new Map<string, Request>();
  private readonly approvals = new Map<string, Approval>();

  /** The request that an event begins or ends, as it stands before. */
  requestOf({ programme, data }: EventRecord): Request | undefined {
    return 'requestId' in data ? this.requests.get(`${programme}/${data.requestId}`) : undefined;
  }

  /** What is wrong with an event as part of a request; `undefined` if nothing is. */
  faultIn(event: EventRecord, programme: Programme | undefined): string | undefined {
    const request = this.requestOf(event);
    if (event.type === 'CommandSubmitted') return request ? `the request ${event.data.requestId} is submitted twice` : undefined;
    if (event.type !== 'RequestApproved' && event.type !== 'RequestReturned' && event.type !== 'RequestWithdrawn')
      return this.faultInApproval(event, programme);
    if (!request) return `it ends the request ${event.data.requestId}, which was not submitted`;
    if (request.ended) return `it ends the request ${request.id}, which was ${request.ended.as} before`;
    if (event.type !== 'RequestWithdrawn' && sameHand(event.actor, request.submittedBy)) return `who sent ${request.id} decided on it`;
    return undefined;
  }

  /** Notes the request after an event that has no fault. */
  add(event: EventRecord, request: Request | undefined): void {
    if (!request) return;
    this.requests.set(`${event.programme}/${request.id}`, request);
    if (event.type === 'RequestApproved')
      this.approvals.set(event.programme, { commandId: event.commandId, by: event.actor, sender: request.submittedBy });
  }

  private faultInApproval(event: EventRecord, programme: Programme | undefined): string | undefined {
    const { approvedBy, commandId } = event;
    if (!approvedBy) return waits(event, programme) ? 'the programme’s approvals name what it records, and nobody approved it' : undefined;
    const approval = this.approvals.get(event.programme);
    if (approval?.commandId !== commandId || !isSame(approval.by, approvedBy))
      return 'it says that it was approved, and no approval comes before it';
    return isSame(approval.sender, event.actor) ? undefined : 'it was approved for another sender';
  }
}

/** Whether an event records what its programme's approvals name; what the ledger itself returns, nobody approves. */
function waits(event: EventRecord, programme: Programme | undefined): boolean {
  const type = commandOf.get(event.type) ?? '';
  if (!isApprovable(type) || 'automatic' in event.context) return false;
  return ruleFor({ type, data: event.data }, programme?.approvals) !== undefined;
}

function isSame(one: Actor, other: Actor): boolean {
  return one.id === other.id && one.organisation === other.organisation && one.role === other.role;
}
