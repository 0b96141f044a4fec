import { brokenInvariants, firstWorsened } from '../domain/invariants.js';
import { evolve } from '../domain/evolve.js';
import { commitmentOf, movementsOf } from '../domain/money/movements.js';
import type { Command } from '../domain/commands.js';
import type { DomainEvent } from '../domain/events.js';
import type { Initiative, Situation } from '../domain/state.js';
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
  readonly taker?: Key<'initiative'>;
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
    ...(message.type === 'TransferFunding' && { taker: initiativeKey(message.programme, message.data.to) }),
    ...(movement && { movement: movementKey(movement) }),
    ...(origin && { origin: movementKey(origin) }),
  };
}

/** The keys of a situation as a list. */
export function keysIn({ programme, initiative, taker, movement, origin }: SituationKeys): Key[] {
  const keys: Key[] = [programme];
  if (initiative) keys.push(initiative);
  if (taker) keys.push(taker);
  if (movement) keys.push(movement);
  if (origin) keys.push(origin);
  return keys;
}

/** The states that one decision reads. */
export function situationOf(keys: SituationKeys, states: States): SituationState {
  const programme = states.get(keys.programme);
  const initiative = keys.initiative && states.get(keys.initiative);
  const taker = keys.taker && states.get(keys.taker);
  const situation = situationWith(keys, states, programme, initiative);
  return taker ? { ...situation, taker } : situation;
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
    const changed = changesOf(states, eventsIn(records), keys, outcome.receipt);
    if (justDecided) keepInvariants(changed);
    for (const change of changed.changes) states.set(change);
  }
  if (!forgotten) states.set({ key, value: { digest, recordedAt: last.record.recordedAt, outcome } });
  return outcome;
}

/** @throws {Error} an invariant is newly broken, or further broken than before */
function keepInvariants({ before, after, initiatives }: Changed): void {
  if (!after) return;
  for (const initiative of initiatives.length > 0 ? initiatives : [undefined]) {
    const broken = brokenInvariants(after, initiative?.after);
    if (broken.length === 0) continue;
    const worsened = firstWorsened(before ? brokenInvariants(before, initiative?.before) : [], broken);
    if (worsened) throw new Error(`what was decided breaks an invariant: ${worsened.inWords}`);
  }
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

/** The version is that of the command's target, which its first event belongs to: the giver's where money is transferred. */
function accepted(events: readonly EventRecord[], last: Hashed): Outcome {
  const [{ initiative } = last.record] = events;
  const receipt: Receipt = {
    commandId: last.record.commandId,
    programme: last.record.programme,
    ...(initiative !== undefined && { initiative }),
    version: events.findLast((event) => event.initiative === initiative)?.version ?? 0,
    position: last.record.position,
    hash: last.hash,
    events: events.map(({ type }) => type),
  };
  return { kind: 'accepted', receipt };
}

/** An initiative that a command changes, before its first event and after its last. */
type ChangedInitiative = { readonly key: Key<'initiative'>; readonly before: Initiative | undefined; after: Initiative | undefined };
/** What the events of one command change: the programme, its initiatives, and every movement. */
type Changed = {
  readonly before: ProgrammeState | undefined;
  readonly after: ProgrammeState | undefined;
  readonly initiatives: readonly ChangedInitiative[];
  readonly changes: readonly Change[];
};

/** Folds the events of one command, each on top of those before. */
function changesOf(states: States, events: readonly EventRecord[], keys: readonly SituationKeys[], receipt: Receipt): Changed {
  const changes: Change[] = [];
  const initiatives: ChangedInitiative[] = [];
  const [first] = keys;
  if (!first) return { before: undefined, after: undefined, initiatives, changes };
  const programmeBefore = states.get(first.programme);
  let programme = programmeBefore;
  for (const [index, event] of events.entries()) {
    const at = keys[index] ?? first;
    const own = at.initiative && initiativeAmong(initiatives, at.initiative, states);
    const before = situationWith(at, states, programme, own?.after);
    const after = evolve(before, event);
    if (after.programme && after.programme !== before.programme)
      programme = { ...after.programme, receipt: before.programme?.receipt ?? receipt };
    if (own) own.after = after.initiative;
    if (at.movement && after.movement && after.movement !== before.movement)
      changes.push({ key: at.movement, value: { ...after.movement, receipt } });
    if (at.origin && before.origin && after.origin && after.origin !== before.origin)
      changes.push({ key: at.origin, value: { ...after.origin, receipt: before.origin.receipt } });
    if (before.commitment && after.commitment && after.commitment !== before.commitment)
      changes.push({ key: movementKey(before.commitment), value: { ...after.commitment, receipt: before.commitment.receipt } });
  }
  if (programme && programme !== programmeBefore) changes.push({ key: first.programme, value: programme });
  for (const { key, before, after } of initiatives) if (after && after !== before) changes.push({ key, value: after });
  return { before: programmeBefore, after: programme, initiatives, changes };
}

/** The initiative under a key as changed so far; from its first event on it is among those that the command changes. */
function initiativeAmong(initiatives: ChangedInitiative[], key: Key<'initiative'>, states: States): ChangedInitiative {
  const known = initiatives.find((one) => one.key.text === key.text);
  if (known) return known;
  const before = states.get(key);
  const one = { key, before, after: before };
  initiatives.push(one);
  return one;
}
