/** Verifies the requests of a history: nothing that its programme's approvals name happened before somebody else approved it. */
import { capabilities } from '../domain/capabilities.js';
import type { Actor } from '../domain/vocabulary.js';
import type { Initiative, Programme, Request } from '../domain/state.js';
import { canonicalText } from '../domain/canonical-text.js';
import { isApprovable, ruleFor } from '../domain/requests/approvals.js';
import { isOfRequest, type HeldCommand } from '../domain/requests/events.js';
import { partyOf, sameHand } from '../domain/separation-of-duties.js';
import type { EventRecord } from '../event-log/record.js';

/** The types of commands by the types of their events. */
const commandOf = new Map<string, string>(Object.entries(capabilities).map(([type, { event }]) => [event, type]));

/** An approval with the command that it approved, and whether that command's event came already. Only the events right after it use it. */
type Approval = { requestId: string; commandId: string; by: Actor; sender: Actor; held: HeldCommand; used: boolean };

/** Takes the events of every programme in their order. */
export class RequestsCheck {
  private readonly requests = new Map<string, Request>();
  private readonly approvals = new Map<string, Approval>();

  /** The request that an event begins or ends, as it stands before. */
  requestOf(event: EventRecord): Request | undefined {
    return isOfRequest(event) ? this.requests.get(`${event.programme}/${event.data.requestId}`) : undefined;
  }

  /** What is wrong with an event as part of a request; `undefined` if nothing is. `initiativeOf` gives the initiative of a code as it stands before. */
  faultIn(
    event: EventRecord,
    programme: Programme | undefined,
    initiativeOf: (code: string) => Initiative | undefined,
  ): string | undefined {
    const request = this.requestOf(event);
    if (event.type === 'CommandSubmitted')
      return request ? `the request ${event.data.requestId} is submitted twice` : faultInSubmission(event, programme);
    if (!isOfRequest(event)) return this.faultInApproval(event, programme);
    if (!request) return `it ends the request ${event.data.requestId}, which was not submitted`;
    if (request.ended) return `it ends the request ${request.id}, which was ${request.ended.as} before`;
    return faultInHand(event, request) ?? faultInMinistry(event, request, initiativeOf) ?? faultInDay(event, request);
  }

  /** Notes the request after an event that has no fault. */
  add(event: EventRecord, request: Request | undefined): void {
    const { programme, type, commandId, actor: by, approvedBy } = event;
    const approval = this.approvals.get(programme);
    if (!approvedBy) this.approvals.delete(programme);
    else if (approval && !isAutomatic(event)) this.approvals.set(programme, { ...approval, used: true });
    if (!request) return;
    const held = this.requestOf(event)?.command;
    this.requests.set(`${programme}/${request.id}`, request);
    if (type === 'RequestApproved' && held)
      this.approvals.set(programme, { requestId: request.id, commandId, by, sender: request.submittedBy, held, used: false });
  }

  private faultInApproval(event: EventRecord, programme: Programme | undefined): string | undefined {
    const { approvedBy, commandId } = event;
    if (!approvedBy) return waits(event, programme) ? 'the programme’s approvals name what it records, and nobody approved it' : undefined;
    const approval = this.approvals.get(event.programme);
    if (approval?.commandId !== commandId || !isSame(approval.by, approvedBy))
      return 'it says that it was approved, and no approval comes before it';
    return isSame(approval.sender, event.actor) ? faultInContent(event, approval) : 'it was approved for another sender';
  }
}

/** What is wrong with a request: it waits for the role that its programme's approvals name. */
function faultInSubmission({ data }: EventRecord & { type: 'CommandSubmitted' }, programme: Programme | undefined): string | undefined {
  const rule = ruleFor(data.command, programme?.approvals);
  if (!rule) return `the request ${data.requestId} waits, and the programme’s approvals do not name what it holds`;
  return rule.role === data.role
    ? undefined
    : `the request ${data.requestId} waits for ${data.role}, and the programme’s approvals name ${rule.role}`;
}

/** What is wrong with the person who ended a request: its sender withdraws it; somebody else, in the role that it waits for, approves or returns it. */
function faultInHand({ type, actor }: EventRecord, { id, role, submittedBy }: Request): string | undefined {
  const bySender = sameHand(actor, submittedBy);
  if (type === 'RequestWithdrawn') return bySender ? undefined : `somebody else than its sender withdrew ${id}`;
  if (bySender) return `who sent ${id} decided on it`;
  const decidedAs = partyOf(actor).role;
  return decidedAs === role ? undefined : `${decidedAs} decided on ${id}, which waits for ${role}`;
}

/** What is wrong with the ministry that decided on a request: it is the one that runs the initiative then. */
function faultInMinistry(
  { type, actor }: EventRecord,
  { id, role, command }: Request,
  initiativeOf: (code: string) => Initiative | undefined,
): string | undefined {
  if (type === 'RequestWithdrawn' || role !== 'ministry' || command?.initiative === undefined) return undefined;
  const [decided, runs] = [partyOf(actor).organisation, initiativeOf(command.initiative)?.terms.authority];
  return decided === runs ? undefined : `${decided} decided on ${id}, which is about ${command.initiative} of ${String(runs)}`;
}

/** What is wrong with the day on which a request ended: it is between its submission and the last day on which it waits. */
function faultInDay({ occurredOn }: EventRecord, { id, submittedOn, expiresOn }: Request): string | undefined {
  if (occurredOn < submittedOn) return `it ends the request ${id} on ${occurredOn}, before it was submitted on ${submittedOn}`;
  return occurredOn > expiresOn ? `it ends the request ${id} on ${occurredOn}, and it waited through ${expiresOn}` : undefined;
}

/** What is wrong with an approved event: it is the event of the held command, once, with its data, its day and its papers. */
function faultInContent(event: EventRecord, { requestId, held, used }: Approval): string | undefined {
  if (isAutomatic(event)) return followsFrom(event, held, used) ? undefined : `nothing in ${requestId} makes the ledger record it`;
  if (used) return isTaking(event, held) ? undefined : `${requestId} was approved for one event, and another came before it`;
  const approved = capabilities[held.type].event;
  if (event.type !== approved || event.initiative !== held.initiative)
    return `${requestId} approved ${approved} of ${nameOf(held)}, and it is ${event.type} of ${nameOf(event)}`;
  // The event of this command alone has other data than the command: the final value, which the history gives.
  if (held.type !== 'FinalizeInitiative' && canonicalText(event.data) !== canonicalText(held.data))
    return `its data is not what ${requestId} approved`;
  if (held.occurredOn !== undefined && held.occurredOn !== event.occurredOn)
    return `${requestId} approved it for ${held.occurredOn}, and it is dated ${event.occurredOn}`;
  return canonicalText(event.references ?? []) === canonicalText(held.references ?? [])
    ? undefined
    : `its papers are not those that ${requestId} names`;
}

/** Whether the ledger itself records an event because of a command: before a cancellation, and after a reversal. */
function followsFrom({ initiative }: EventRecord, held: HeldCommand, used: boolean): boolean {
  return initiative === held.initiative && (used ? held.type === 'ReverseSpending' : held.type === 'CancelInitiative');
}
/** Whether an event is the taker's half of an approved transfer; that it says the same as the giver's is checked elsewhere. */
function isTaking(event: EventRecord, held: HeldCommand): boolean {
  return (
    held.type === 'TransferFunding' &&
    event.type === 'FundingTransferred' &&
    event.data.from === held.initiative &&
    event.initiative === held.data.to
  );
}
function isAutomatic({ context }: EventRecord): boolean {
  return 'automatic' in context;
}
function nameOf({ initiative }: { initiative?: string }): string {
  return initiative ?? 'the programme';
}

/** Whether an event needs approval by its programme's rules; nobody approves what the ledger itself returns. */
function waits(event: EventRecord, programme: Programme | undefined): boolean {
  const type = commandOf.get(event.type) ?? '';
  if (!isApprovable(type) || isAutomatic(event)) return false;
  return ruleFor({ type, data: event.data }, programme?.approvals) !== undefined;
}

function isSame(one: Actor, other: Actor): boolean {
  return one.id === other.id && one.organisation === other.organisation && one.role === other.role;
}
