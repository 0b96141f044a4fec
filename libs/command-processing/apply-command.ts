import { brokenInvariants, firstWorsened } from '../domain/invariants.js';
import { evolve } from '../domain/evolve.js';
import { commitmentOf, isMovement, movementsOf } from '../domain/money/movements.js';
import type { Command } from '../domain/commands.js';
import type { DomainEvent } from '../domain/events.js';
import type { Movement, OpenRequest, Situation } from '../domain/state.js';
import type { EventRecord, LedgerRecord, RefusalRecord } from '../event-log/record.js';
import { Overlay, type States } from './state-cache.js';
import { endsRequest } from '../domain/requests/commands.js';
import { awaitedMovement, heldCommand } from '../domain/requests/decide.js';
import { isOfRequest } from '../domain/requests/events.js';
import {
  initiativeKey,
  isHeld,
  movementKey,
  programmeKey,
  requestKey,
  type Key,
  type HeldMovement,
  type MovementState,
  type ProgrammeState,
} from './states.js';
import { withRequest, type Outcome, type Receipt } from './outcome.js';

/** A record with the hash of its bytes. */
export type Hashed<R extends LedgerRecord = LedgerRecord> = { record: R; hash: string };
/** The domain's situation, with the receipts that the processor keeps. */
export type SituationState = Situation & {
  programme?: ProgrammeState;
  movement?: MovementState;
  awaited?: OpenRequest & { receipt: Receipt };
  origin?: MovementState;
  commitment?: MovementState & Movement;
};
/** The keys of all states that deciding a command, or folding an event, reads. */
export type SituationKeys = {
  readonly programme: Key<'programme'>;
  readonly initiative?: Key<'initiative'>;
  readonly taker?: Key<'initiative'>;
  readonly movement?: Key<'movement'>;
  readonly origin?: Key<'movement'>;
  readonly request?: Key<'request'>;
};
/** Everything that one command recorded. */
export type CommandRecords = {
  readonly key: Key<'command'>;
  readonly digest: string;
  readonly records: readonly [Hashed, ...Hashed[]];
  /** The keys of each record's situation. */
  readonly keys: readonly SituationKeys[];
  /** The time is over in which the same command id gets this outcome again. */
  readonly forgotten?: boolean;
  /** It has just been decided: the states it leaves must keep every invariant. What the log holds already is folded unchecked. */
  readonly justDecided?: boolean;
};

/** The keys of the states that a command or an event needs. */
export function keysOf(message: Command | DomainEvent): SituationKeys {
  const { movement, origin } = message.type === 'CommandSubmitted' ? { movement: awaitedMovement(message) } : movementsOf(message);
  return {
    programme: programmeKey(message.programme),
    ...(message.initiative !== undefined && { initiative: initiativeKey(message.programme, message.initiative) }),
    ...(message.type === 'TransferFunding' && { taker: initiativeKey(message.programme, message.data.to) }),
    ...(movement && { movement: movementKey(movement) }),
    ...(origin && { origin: movementKey(origin) }),
    ...((isOfRequest(message) || endsRequest(message)) && { request: requestKey(message.programme, message.data.requestId) }),
  };
}

/** The keys for a decision. A command that ends a request also needs the states that the held command does. */
export function withHeldKeys(keys: SituationKeys, states: Pick<States, 'get'>): SituationKeys {
  const request = keys.request && states.get(keys.request);
  return request?.command ? { ...keysOf(heldCommand(request)), ...(keys.request && { request: keys.request }) } : keys;
}

/** The keys of a situation as a list. */
export function keysIn({ programme, initiative, taker, movement, origin, request }: SituationKeys): Key[] {
  const keys: Key[] = [programme];
  if (initiative) keys.push(initiative);
  if (taker) keys.push(taker);
  if (movement) keys.push(movement);
  if (origin) keys.push(origin);
  if (request) keys.push(request);
  return keys;
}

/** The states that one decision reads. */
export function situationOf(keys: SituationKeys, states: Pick<States, 'get'>): SituationState {
  const programme = states.get(keys.programme);
  const initiative = keys.initiative && states.get(keys.initiative);
  const taker = keys.taker && states.get(keys.taker);
  const movement = keys.movement && states.get(keys.movement);
  const origin = recorded(keys.origin && states.get(keys.origin));
  const drawnFrom = origin && commitmentOf(origin);
  const commitment = recorded(drawnFrom && states.get(movementKey(drawnFrom)));
  const request = keys.request && states.get(keys.request);
  return {
    ...(programme && { programme }),
    ...(initiative && { initiative }),
    ...(movement && (isHeld(movement) ? awaitedIn(movement, states) : { movement })),
    ...(origin && { origin }),
    ...(commitment && isMovement(commitment) && { commitment }),
    ...(taker && { taker }),
    ...(request && { request }),
  };
}

/** What is under a movement's key, if it is recorded. */
function recorded(state: MovementState | HeldMovement | undefined): MovementState | undefined {
  return state && !isHeld(state) ? state : undefined;
}
/** The request in which a movement waits, while it is open. */
function awaitedIn({ receipt }: HeldMovement, states: Pick<States, 'get'>): Pick<SituationState, 'awaited'> {
  const request = states.get(requestKey(receipt.programme, receipt.requestId));
  return request?.command ? { awaited: { ...request, receipt } } : {};
}

/**
 * Folds all records of one command, in the same way after a decision and after reading the log.
 * @returns the command's outcome
 * @throws {Error} it was just decided and breaks an invariant; no state has changed
 */
export function applyCommand(
  states: States,
  { key, digest, records, keys, forgotten = false, justDecided = false }: CommandRecords,
): Outcome {
  const last = records.at(-1) ?? records[0];
  const outcome = outcomeOf(records);
  // All events are folded before any state changes, so a fold that fails changes none.
  if (outcome.kind === 'accepted') {
    const after = statesAfter(states, eventsIn(records), keys, outcome.receipt);
    if (justDecided) keepInvariants(keys, states, after);
    for (const change of after.changes.values()) states.set(change);
  }
  if (!forgotten) states.set({ key, value: { digest, recordedAt: last.record.recordedAt, outcome } });
  return outcome;
}

/** @throws {Error} an invariant is newly broken, or further broken than before */
function keepInvariants(keys: readonly SituationKeys[], before: States, after: States): void {
  const targets = new Map(
    keys.map((one) => [one.initiative?.text, { programme: one.programme, ...(one.initiative && { initiative: one.initiative }) }]),
  );
  for (const target of targets.values()) {
    const broken = brokenIn(target, after);
    if (broken.length === 0) continue;
    const worsened = firstWorsened(brokenIn(target, before), broken);
    if (worsened) throw new Error(`what was decided breaks an invariant: ${worsened.inWords}`);
  }
}
function brokenIn(target: SituationKeys, states: States): ReturnType<typeof brokenInvariants> {
  const { programme, initiative } = situationOf(target, states);
  return programme ? brokenInvariants(programme, initiative) : [];
}

/** The outcome of a command, from its records. */
export function outcomeOf(records: readonly [Hashed, ...Hashed[]]): Outcome {
  const last = records.at(-1) ?? records[0];
  return last.record.type === 'CommandRefused' ? refused(last.record, last.hash) : accepted(eventsIn(records), last);
}

function eventsIn(records: readonly Hashed[]): EventRecord[] {
  return records.map(({ record }) => record).filter((record): record is EventRecord => record.type !== 'CommandRefused');
}

function refused(record: RefusalRecord, hash: string): Outcome {
  const { code, detail, figures } = record.data;
  return { kind: 'refused', commandId: record.commandId, code, detail, figures: figures ?? {}, position: record.position, hash };
}

/** The version is that of the initiative of the first event that has one: the giver's where money is transferred, also after an approval. */
function accepted(events: readonly EventRecord[], last: Hashed): Outcome {
  const initiative = events.find((event) => event.initiative !== undefined)?.initiative;
  const receipt: Receipt = {
    commandId: last.record.commandId,
    programme: last.record.programme,
    ...(initiative !== undefined && { initiative }),
    version: events.findLast((event) => event.initiative === initiative)?.version ?? 0,
    position: last.record.position,
    hash: last.hash,
    events: events.map(({ type }) => type),
  };
  return { kind: 'accepted', receipt: withRequest(receipt) };
}

/** The states after the events of one command, each folded on top of those before it. */
function statesAfter(states: States, events: readonly EventRecord[], keys: readonly SituationKeys[], receipt: Receipt): Overlay {
  const after = new Overlay(states);
  for (const [index, event] of events.entries()) {
    const at = keys[index];
    if (at) foldEvent(after, at, event, receipt);
  }
  return after;
}

function foldEvent(states: States, at: SituationKeys, event: EventRecord, receipt: Receipt): void {
  const { request: _new, ...known } = at;
  // A submission makes its request: nothing is there before, and nothing was read.
  const before = situationOf(event.type === 'CommandSubmitted' ? known : at, states);
  const { programme, initiative, movement, origin, commitment, request } = evolve({ ...before, head: event.position - 1 }, event);
  if (programme && programme !== before.programme)
    states.set({ key: at.programme, value: { ...programme, receipt: before.programme?.receipt ?? receipt } });
  if (at.initiative && initiative && initiative !== before.initiative) states.set({ key: at.initiative, value: initiative });
  if (event.type === 'CommandSubmitted' && at.movement && !before.movement)
    states.set({ key: at.movement, value: { receipt: { ...receipt, requestId: event.data.requestId } } });
  if (at.movement && movement && movement !== before.movement) states.set({ key: at.movement, value: { ...movement, receipt } });
  if (at.origin && before.origin && origin && origin !== before.origin)
    states.set({ key: at.origin, value: { ...origin, receipt: before.origin.receipt } });
  if (before.commitment && commitment && commitment !== before.commitment)
    states.set({ key: movementKey(before.commitment), value: { ...commitment, receipt: before.commitment.receipt } });
  if (at.request && request && request !== before.request) states.set({ key: at.request, value: request });
}
