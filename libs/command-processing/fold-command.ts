import { evolve } from '../domain/evolve.js';
import { movementsOf } from '../domain/movements.js';
import type { Command } from '../domain/commands.js';
import type { DomainEvent } from '../domain/events.js';
import type { Situation } from '../domain/state.js';
import type { CommandRef } from '../event-log/ports.js';
import type { EventRecord, LedgerRecord, RefusalRecord } from '../event-log/record.js';
import {
  commandKey,
  initiativeKey,
  movementKey,
  programmeKey,
  type Key,
  type Knowledge,
  type KnownMovement,
  type KnownProgramme,
} from './known.js';
import type { Outcome, Receipt } from './outcome.js';

/** A record with the hash of its bytes. */
export type Hashed<R extends LedgerRecord = LedgerRecord> = { record: R; hash: string };
/** What the processor knows where the domain sees a situation. */
export type KnownSituation = Situation & { programme?: KnownProgramme; movement?: KnownMovement; origin?: KnownMovement };

/** The keys a command or an event needs in memory. */
export function keysOf(message: Command | DomainEvent): Key[] {
  const { movement, origin } = movementsOf(message);
  const keys: Key[] = [programmeKey(message.programme)];
  if (message.initiative !== undefined) keys.push(initiativeKey(message.programme, message.initiative));
  if (movement) keys.push(movementKey(movement));
  if (origin) keys.push(movementKey(origin));
  return keys;
}

/** Everything the ledger knows that one decision looks at. */
export function situationOf(message: Command | DomainEvent, known: Knowledge): KnownSituation {
  const keys = movementsOf(message);
  const programme = known.get(programmeKey(message.programme));
  const initiative = message.initiative === undefined ? undefined : known.get(initiativeKey(message.programme, message.initiative));
  const movement = keys.movement && known.get(movementKey(keys.movement));
  const origin = keys.origin && known.get(movementKey(keys.origin));
  return { ...(programme && { programme }), ...(initiative && { initiative }), ...(movement && { movement }), ...(origin && { origin }) };
}

/**
 * Folds all records that one command made: the same when it has just been decided and when it is read from the log again.
 * @returns the command's outcome
 */
export function foldCommand(
  known: Knowledge,
  records: readonly [Hashed, ...Hashed[]],
  ref: Pick<CommandRef, 'organisation' | 'id' | 'digest'>,
): Outcome {
  const last = records.at(-1) ?? records[0];
  const outcome = outcomeOf(records);
  if (outcome.kind === 'accepted') for (const event of eventsIn(records)) evolveKnown(known, event, outcome.receipt);
  known.set(commandKey(last.record.programme, ref.organisation, ref.id), {
    digest: ref.digest,
    recordedAt: last.record.recordedAt,
    outcome,
  });
  return outcome;
}

/** What became of a command, from the records it made. */
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

/** Sets what one event changes. */
function evolveKnown(known: Knowledge, event: DomainEvent, receipt: Receipt): void {
  const before = situationOf(event, known);
  const { programme, initiative, movement, origin } = evolve(before, event);
  if (programme && programme !== before.programme)
    known.set(programmeKey(programme.code), { ...programme, receipt: before.programme?.receipt ?? receipt });
  if (initiative && initiative !== before.initiative) known.set(initiativeKey(initiative.programme, initiative.code), initiative);
  if (movement && movement !== before.movement) known.set(movementKey(movement), { ...movement, receipt });
  if (origin && before.origin && origin !== before.origin) known.set(movementKey(origin), { ...origin, receipt: before.origin.receipt });
}
