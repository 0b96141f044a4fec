/** Decisions on requests: commands that wait for a second person (four eyes). */
import { refuseNotYours } from '../authorisation.js';
import { dayAfter } from '../calendar.js';
import type { Command, CommandEnvelope, CommandOf } from '../commands.js';
import { refuseBefore } from '../dates.js';
import type { EventOf } from '../events.js';
import { alreadyThere, isSame, movementsOf } from '../money/movements.js';
import { contentOf } from '../papers/references.js';
import { refuse } from '../refusal.js';
import { partyOf, sameHand } from '../separation-of-duties.js';
import type { KeptKey, OpenRequest, Programme, Request, Situation } from '../state.js';
import type { Actor, IsoDate } from '../vocabulary.js';
import type { ApprovableCommand, ApprovalRule } from './approvals.js';
import type { RequestCommandData } from './commands.js';

/** Days after its submission through which a request waits. */
export const requestDays = 30;

export type RequestCommandType = keyof RequestCommandData;
type Decision<T extends RequestCommandType> = {
  readonly command: CommandOf<T>;
  readonly programme: Programme;
  readonly request: OpenRequest;
  readonly occurredOn: IsoDate;
};

/** A request is named after the programme’s version that its submission made, which no other request has. */
export function requestIdOf(version: number): string {
  return `R-${version}`;
}

/** Records a command that a rule of the programme holds, instead of its events. Where it names no day it is held as of the day it was sent. */
export function submit(
  command: ApprovableCommand,
  rule: ApprovalRule,
  { programme, initiative }: Situation & { programme: Programme },
  today: IsoDate,
  digest: string,
): EventOf<'CommandSubmitted'> {
  const { programme: code, commandId: _id, actor, correlationId: _correlation, ...held } = command;
  const version = programme.version + 1;
  const dated = { ...held, occurredOn: command.occurredOn ?? today };
  const data = { requestId: requestIdOf(version), command: dated, digest, role: rule.role, expiresOn: dayAfter(today, requestDays) };
  const context = initiative ? { authority: initiative.terms.authority } : {};
  const papers = command.references ? { references: command.references } : {};
  return { type: 'CommandSubmitted', programme: code, version, occurredOn: today, actor, ...papers, data, context };
}

/** The movement that a command would record if its request is approved. */
export function awaitedMovement({ programme, actor, data }: EventOf<'CommandSubmitted'>): KeptKey | undefined {
  return movementsOf({ ...data.command, programme, commandId: data.requestId, actor }).movement;
}

/**
 * Whether a command waits already: its request is open, and holds the same by content and, if the command names a date, by date.
 * @throws {Refusal} `…-exists` if that request holds its id with other content: two requests never hold one id
 */
export function waitsAlready(command: Command, { awaited }: Situation, today: IsoDate): boolean {
  if (!awaited || today > awaited.expiresOn) return false;
  const { id, submittedOn, command: held } = awaited;
  const { occurredOn = submittedOn } = held;
  if (isSame({ content: contentOf(held), occurredOn }, contentOf(command), command.occurredOn)) return true;
  const { movement } = movementsOf(heldCommand(awaited));
  if (!movement) return false;
  const named = `the ${movement.kind} ${movement.id} of ${occurredOn}`;
  refuse(
    alreadyThere[movement.kind],
    `${named} waits already in the request ${id}, with other content; once ${id} has ended, send it again`,
  );
}

/** The held command, sent again by its sender and of the sender's day. The version that the sender saw was compared when it was sent. */
export function heldCommand({ programme, id, command, submittedBy }: OpenRequest): Command {
  const { expectedVersion: _, ...held } = command;
  return { ...held, programme, commandId: id, actor: submittedBy };
}

/** The approval itself; the events of the held command follow it. */
export function approve(decision: Decision<'ApproveRequest'>): EventOf<'RequestApproved'> {
  return { type: 'RequestApproved', ...happened(decision), data: decision.command.data, context: {} };
}
export function giveBack(decision: Decision<'ReturnRequest'>): EventOf<'RequestReturned'> {
  return { type: 'RequestReturned', ...happened(decision), data: decision.command.data, context: {} };
}
export function withdraw(decision: Decision<'WithdrawRequest'>): EventOf<'RequestWithdrawn'> {
  return { type: 'RequestWithdrawn', ...happened(decision), data: decision.command.data, context: {} };
}

/**
 * The open request that a command ends.
 * @throws {Refusal} `unknown-request`, `forbidden`, `separation-of-duties`, `request-ended`, `request-expired`
 */
export function openRequest(command: CommandOf<RequestCommandType>, { request, initiative }: Situation, today: IsoDate): OpenRequest {
  const { requestId } = command.data;
  if (!request) refuse('unknown-request', `${command.programme} has no request ${requestId}`);
  if (command.type === 'WithdrawRequest') {
    if (!sameHand(command.actor, request.submittedBy))
      refuse('forbidden', `${requestId} is withdrawn by who sent it; somebody else approves or returns it`);
  } else refuseOtherHand(command.actor, request);
  if (request.ended)
    refuse('request-ended', `${requestId} was ${request.ended.as} on ${request.ended.on}; an ended request changes no more`);
  if (today > request.expiresOn)
    refuse(
      'request-expired',
      `${requestId} waited through ${request.expiresOn}, and today is ${today}; its sender sends the command again`,
    );
  if (request.role === 'ministry' && command.type !== 'WithdrawRequest' && initiative) {
    const held = heldCommand(request);
    if (held.initiative !== undefined) refuseNotYours({ ...held, actor: command.actor }, initiative);
  }
  return request;
}

/** Only somebody else in the role that the policy named decides. */
function refuseOtherHand(actor: Actor, { id, role, submittedBy }: Request): void {
  const asked = partyOf(actor).role;
  if (asked !== role) refuse('forbidden', `${id} waits for ${role}, not for ${asked}`);
  if (sameHand(actor, submittedBy)) refuse('separation-of-duties', `who sent ${id} does not decide on it`);
}

type Ended = Pick<Decision<RequestCommandType>, 'programme' | 'request' | 'occurredOn'> & {
  readonly command: Pick<CommandEnvelope, 'actor' | 'references'>;
};
function happened({ command, programme, request, occurredOn }: Ended) {
  const { references } = command;
  refuseBefore(occurredOn, `the request ${request.id}`, request.submittedOn);
  return { programme: programme.code, version: programme.version + 1, occurredOn, actor: command.actor, ...(references && { references }) };
}
