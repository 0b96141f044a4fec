/**
 * States as text, for the state store. Every command leaves two states that are hardly ever read again, so the text is short: it leaves out what the key says,
 * and hashes are in base64url.
 */
import type { Initiative, Movement, Request } from '../domain/state.js';
import type { Deliverable } from '../domain/delivery/state.js';
import { deliveryKinds, movementKinds } from '../domain/permanent-ids.js';
import type { EventType } from '../domain/events.js';
import { moneyInApprovals, moneyInCommitments, moneyInSums, moneyInTerms, moneyInYears } from '../domain/money-fields.js';
import { readMoney, readMoneyInEach, readMoneyOfCommand, toWire } from '../event-log/record.js';
import { trusted } from '../trusted/trusted.js';
import type { Change, Key, CommandState, HeldMovement, MovementState, ProgrammeState } from './states.js';
import { withRequest, type Outcome, type Receipt } from './outcome.js';

type ReceiptText = [initiative: string | null, version: number, position: number, hash: string, events: EventType[]];
type CommandText = [digest: string, recordedAt: number, outcome: ReceiptText | Extract<Outcome, { kind: 'refused' }>];
/** What only some movements have. */
type MovementExtras = Pick<Movement, 'commitmentId' | 'released' | 'source'>;
type MovementText = [
  content: string,
  occurredOn: string,
  fiscalYear: number,
  net: string,
  commandId: string,
  receipt: ReceiptText,
  extras?: MovementExtras,
];
/** The place of a movement that waits: its request's receipt. */
type HeldText = [commandId: string, receipt: ReceiptText];
/** A thing of delivery: what its key does not say, and its receipt. */
type DeliverableText = [facts: object, commandId: string, receipt: ReceiptText, kept: 'delivery'];

/** The text of a value. */
export function textOfState({ value }: Change): string {
  if ('outcome' in value) return textOfCommand(value);
  if ('net' in value) return textOfMovement(value);
  if ('content' in value) return textOfDeliverable(value);
  return isHeldMovement(value) ? textOfHeld(value) : JSON.stringify(toWire(value));
}

/** The value under a key, from its text. Only {@link textOfState} writes such texts, so their shape is trusted. */
export function stateOfText(key: Key, text: string): ProgrammeState | Initiative | MovementState | HeldMovement | CommandState | Request {
  const parsed: unknown = JSON.parse(text);
  if (key.kind === 'command' && hasParts(parsed, 3)) return commandIn(key.text, trusted(parsed));
  if (key.kind === 'movement' && (hasParts(parsed, 6) || hasParts(parsed, 7))) return movementIn(key.text, trusted(parsed));
  if (key.kind === 'movement' && hasParts(parsed, 2)) return heldIn(key.text, trusted(parsed));
  if (key.kind === 'movement' && hasParts(parsed, 4)) return deliverableIn(key.text, trusted(parsed));
  if ((key.kind === 'programme' || key.kind === 'initiative') && isSituation(parsed))
    return withAmounts(trusted<ProgrammeState | Initiative>(parsed));
  if (key.kind === 'request' && isRequest(parsed)) return withHeldAmounts(trusted<Request>(parsed));
  throw new TypeError(`the state store holds no ${key.kind} under ${key.text}`);
}

function textOfCommand({ digest, recordedAt, outcome }: CommandState): string {
  const text: CommandText = [
    shortened(digest),
    Date.parse(recordedAt),
    outcome.kind === 'accepted' ? textOfReceipt(outcome.receipt) : outcome,
  ];
  return JSON.stringify(text);
}
function commandIn(key: string, [digest, recordedAt, outcome]: CommandText): CommandState {
  const [, programme = '', , commandId = ''] = key.split('/');
  return {
    digest: lengthened(digest),
    recordedAt: new Date(recordedAt).toISOString(),
    outcome: Array.isArray(outcome) ? { kind: 'accepted', receipt: receiptIn(commandId, programme, outcome) } : outcome,
  };
}

function textOfMovement(movement: Movement & { receipt: Receipt }): string {
  const { content, occurredOn, fiscalYear, net, receipt, commitmentId, released, source } = movement;
  const text: MovementText = [content, occurredOn, fiscalYear, net.toString(), receipt.commandId, textOfReceipt(receipt)];
  if (commitmentId !== undefined || released || source)
    text.push({ ...(commitmentId !== undefined && { commitmentId }), ...(released && { released }), ...(source && { source }) });
  return JSON.stringify(text);
}
function movementIn(key: string, [content, occurredOn, fiscalYear, net, commandId, receipt, extras]: MovementText): MovementState {
  const [, programme = '', initiative = '', named, id = ''] = key.split('/');
  const kind = movementKinds.find((one) => one === named);
  if (!kind) throw new TypeError(`the state store holds no movement under ${key}`);
  return {
    kind,
    programme,
    ...(initiative !== '' && { initiative }),
    id,
    content,
    occurredOn,
    fiscalYear,
    net: BigInt(net),
    ...extras,
    receipt: receiptIn(commandId, programme, receipt),
  };
}

/** Of all that has neither an outcome nor content, only the place of a movement that waits has no code and no id. */
function isHeldMovement(value: ProgrammeState | Initiative | HeldMovement | Request): value is HeldMovement {
  return !('code' in value) && !('id' in value);
}
function textOfHeld({ receipt }: HeldMovement): string {
  const text: HeldText = [receipt.commandId, textOfReceipt(receipt)];
  return JSON.stringify(text);
}
function heldIn(key: string, [commandId, text]: HeldText): HeldMovement {
  const [, programme = ''] = key.split('/');
  const { requestId, ...receipt } = receiptIn(commandId, programme, text);
  if (requestId === undefined) throw new TypeError(`the state store holds a movement that waits under ${key}, without its request`);
  return { receipt: { ...receipt, requestId } };
}

function textOfDeliverable(value: Deliverable & { receipt: Receipt }): string {
  const { kind: _kind, programme: _programme, initiative: _initiative, id: _id, receipt, ...facts } = value;
  const text: DeliverableText = [facts, receipt.commandId, textOfReceipt(receipt), 'delivery'];
  return JSON.stringify(text);
}
function deliverableIn(key: string, [facts, commandId, receipt]: DeliverableText): MovementState {
  const [, programme = '', initiative = '', named, id = ''] = key.split('/');
  const kind = deliveryKinds.find((one) => one === named);
  if (!kind) throw new TypeError(`the state store holds no milestone, indicator, result or assessment under ${key}`);
  return trusted<MovementState>({ kind, programme, initiative, id, ...facts, receipt: receiptIn(commandId, programme, receipt) });
}

function textOfReceipt({ initiative, version, position = 0, hash = '', events }: Receipt): ReceiptText {
  return [initiative ?? null, version, position, shortened(hash), events];
}
function receiptIn(commandId: string, programme: string, [initiative, version, position, hash, events]: ReceiptText): Receipt {
  return withRequest({
    commandId,
    programme,
    ...(initiative !== null && { initiative }),
    version,
    position,
    hash: lengthened(hash),
    events,
  });
}

/** Converts a hash from hexadecimal digits to base64url (RFC 4648), which is shorter. */
function shortened(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}
function lengthened(short: string): string {
  return Buffer.from(short, 'base64url').toString('hex');
}

function hasParts(parsed: unknown, parts: number): boolean {
  return Array.isArray(parsed) && parsed.length === parts;
}
function isSituation(parsed: unknown): boolean {
  return typeof parsed === 'object' && parsed !== null && 'code' in parsed && 'version' in parsed;
}
function isRequest(parsed: unknown): boolean {
  return typeof parsed === 'object' && parsed !== null && 'id' in parsed && 'submittedBy' in parsed;
}
function withHeldAmounts(request: Request): Request {
  if (request.command) readMoneyOfCommand(request.command);
  return request;
}
function withAmounts<T extends ProgrammeState | Initiative>(parsed: T): T {
  if ('fiscalYears' in parsed) {
    readMoneyInEach(parsed.fiscalYears, moneyInYears);
    readMoneyInEach(parsed.approvals, moneyInApprovals);
  } else {
    readMoney(parsed.terms, moneyInTerms);
    readMoneyInEach(parsed.years, moneyInSums);
    readMoneyInEach(parsed.commitments, moneyInCommitments);
  }
  return parsed;
}
