import { brokenInvariants, firstWorsened } from '../domain/invariants.js';
import { evolve } from '../domain/evolve.js';
import { commitmentOf, movementsOf } from '../domain/money/movements.js';
import type { Command } from '../domain/commands.js';
import type { DomainEvent } from '../domain/events.js';
import type { Situation } from '../domain/state.js';
import type { EventRecord, LedgerRecord, RefusalRecord } from '../event-log/record.js';
import type { States } from './state-cache.js';
import { initiativeKey, movementKey, programmeKey, type Change, type Key, type MovementState, type ProgrammeState } from './states.js';
import type { Outcome, Receipt } from './outcome.js';

/** A record with the hash of its bytes. */
export type Hashed<R extends LedgerRecord = LedgerRecord> = { record: R; hash: string };
/** The domain's situation, with the receipts that the processor keeps. */
export type SituationState = Situation & {
  programme?: ProgrammeState;
  movement?: MovementState;
  origin?: MovementState;
  commitment?: MovementState;
};
/** The keys of all states that deciding a command, or folding an event, reads. */
export type SituationKeys = {
  readonly programme: Key<'programme'>;
  readonly initiative?: Key<'initiative'>;
  readonly movement?: Key<'movement'>;
  readonly origin?: Key<'movement'>;
};
/** Everything that one command recorded. */
export type CommandRecords = {
  readonly key: Key<'command'>;
  readonly digest: string;
  readonly records: readonly [Hashed, ...Hashed[]];
  /** The keys of each record's situation; for a command's first event those of the command. */
  readonly keys: readonly SituationKeys[];
  /** The time is over in which the same command id gets this outcome again. */
  readonly forgotten?: boolean;
  /** It has just been decided: the states it leaves must keep every invariant. What the log holds already is folded unchecked. */
  readonly justDecided?: boolean;
};

/** The keys of the states that a command or an event needs. */
export function keysOf(message: Command | DomainEvent): SituationKeys {
  const { movement, origin } = movementsOf(message);
  return {
    programme: programmeKey(message.programme),
    ...(message.initiative !== undefined && { initiative: initiativeKey(message.programme, message.initiative) }),
    ...(movement && { movement: movementKey(movement) }),
    ...(origin && { origin: movementKey(origin) }),
  };
}

/** The keys of a situation as a list. */
export function keysIn({ programme, initiative, movement, origin }: SituationKeys): Key[] {
  const keys: Key[] = [programme];
  if (initiative) keys.push(initiative);
  if (movement) keys.push(movement);
  if (origin) keys.push(origin);
  return keys;
}

/** The states that one decision reads. */
export function situationOf(keys: SituationKeys, states: States): SituationState {
  const programme = states.get(keys.programme);
  const initiative = keys.initiative && states.get(keys.initiative);
  return situationWith(keys, states, programme, initiative);
}

function situationWith(
  { movement: movementAt, origin: originAt }: SituationKeys,
  states: States,
  programme: ProgrammeState | undefined,
  initiative: Situation['initiative'],
): SituationState {
  const movement = movementAt && states.get(movementAt);
  const origin = originAt && states.get(originAt);
  const drawnFrom = origin && commitmentOf(origin);
  const commitment = drawnFrom && states.get(movementKey(drawnFrom));
  return {
    ...(programme && { programme }),
    ...(initiative && { initiative }),
    ...(movement && { movement }),
    ...(origin && { origin }),
    ...(commitment && { commitment }),
  };
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
    const { before, after, changes } = changesOf(states, eventsIn(records), keys, outcome.receipt);
    if (justDecided) keepInvariants(before, after);
    for (const change of changes) states.set(change);
  }
  if (!forgotten) states.set({ key, value: { digest, recordedAt: last.record.recordedAt, outcome } });
  return outcome;
}

/** @throws {Error} an invariant is newly broken, or further broken than before */
function keepInvariants(before: SituationState, { programme, initiative }: SituationState): void {
  const broken = programme ? brokenInvariants(programme, initiative) : [];
  if (broken.length === 0) return;
  const worsened = firstWorsened(before.programme ? brokenInvariants(before.programme, before.initiative) : [], broken);
  if (worsened) throw new Error(`what was decided breaks an invariant: ${worsened.inWords}`);
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

function accepted(events: readonly EventRecord[], last: Hashed): Outcome {
  const receipt: Receipt = {
    commandId: last.record.commandId,
    programme: last.record.programme,
    ...(last.record.initiative !== undefined && { initiative: last.record.initiative }),
    version: last.record.version ?? 0,
    position: last.record.position,
    hash: last.hash,
    events: events.map(({ type }) => type),
  };
  return { kind: 'accepted', receipt };
}

/** The changes by the events of one command: the programme and the initiative after the last event, and every movement. */
function changesOf(
  states: States,
  events: readonly EventRecord[],
  keys: readonly SituationKeys[],
  receipt: Receipt,
): { before: SituationState; after: SituationState; changes: Change[] } {
  const changes: Change[] = [];
  const [first] = keys;
  if (!first) return { before: {}, after: {}, changes };
  const atFirst = situationOf(first, states);
  let { programme, initiative } = atFirst;
  for (const [index, event] of events.entries()) {
    const at = keys[index] ?? first;
    const before = index === 0 ? atFirst : situationWith(at, states, programme, initiative);
    const after = evolve(before, event);
    if (after.programme && after.programme !== before.programme)
      programme = { ...after.programme, receipt: before.programme?.receipt ?? receipt };
    initiative = after.initiative;
    if (at.movement && after.movement && after.movement !== before.movement)
      changes.push({ key: at.movement, value: { ...after.movement, receipt } });
    if (at.origin && before.origin && after.origin && after.origin !== before.origin)
      changes.push({ key: at.origin, value: { ...after.origin, receipt: before.origin.receipt } });
    if (before.commitment && after.commitment && after.commitment !== before.commitment)
      changes.push({ key: movementKey(before.commitment), value: { ...after.commitment, receipt: before.commitment.receipt } });
  }
  if (programme && programme !== atFirst.programme) changes.push({ key: first.programme, value: programme });
  if (first.initiative && initiative && initiative !== atFirst.initiative) changes.push({ key: first.initiative, value: initiative });
  return { before: atFirst, after: { ...(programme && { programme }), ...(initiative && { initiative }) }, changes };
}
