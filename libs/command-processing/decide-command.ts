import { refuseWrongRole } from '../domain/authorisation.js';
import { dayIn, isTimeZone } from '../domain/calendar.js';
import type { Command } from '../domain/commands.js';
import { decide } from '../domain/decide.js';
import type { DomainEvent } from '../domain/events.js';
import { isOfRequest } from '../domain/requests/events.js';
import { Refusal } from '../domain/refusal.js';
import type { RefusalCode } from '../domain/capabilities.js';
import type { Instant, IsoDate } from '../domain/vocabulary.js';
import type { CommandDigest, CommandRef, Head, NewEntry, Offset } from '../event-log/ports.js';
import { encodeRecord, hashOf, noHash, type LedgerRecord } from '../event-log/record.js';
import { isBehind, recordedAfter, type Clock } from './clock.js';
import { digestOf, isDigestOf, unknownDigest } from './digest.js';
import { applyCommand, keysOf, situationOf, withHeldKeys, type Hashed, type SituationKeys } from './apply-command.js';
import type { States } from './state-cache.js';
import { commandKey, repeatWindow, type Key } from './states.js';
import type { Outcome, RefusedOutcome } from './outcome.js';
import { refusedCommand } from './refused-command.js';

/** A command on its way through the processor, with its own key and the keys of the states that its decision reads. */
export type Pending = {
  readonly command: Command;
  readonly digest: CommandDigest;
  readonly offset: Offset;
  readonly key: Key<'command'>;
  readonly keys: SituationKeys;
};
/** Makes a pending command of one that came from an offset in the inbox. */
export function pendingOf(command: Command, offset: Offset, digest = digestOf(command)): Pending {
  const key = commandKey(command.programme, command.actor.organisation, command.commandId);
  return { command, digest, offset, key, keys: keysOf(command) };
}
/** The outcome of a command, and the entries that must be in the log before anybody may learn it. */
export type Decided = { outcome: Outcome; entries: NewEntry[] };
type RefusedDecided = Decided & { outcome: RefusedOutcome };
/** The states and heads that one decision reads and writes: the ledger as it will be once everything decided so far is committed. */
export type Workspace = {
  states: States;
  heads: { get(programme: string): Head | undefined; set(programme: string, head: Head): void };
};
/** Tells the operators of a fault that a person must look at, such as a command that could not be decided. */
export type Alarm = (message: string, detail: { commandId: string; error: unknown }) => void;

/**
 * Decides one command at a moment and folds its records into the workspace. Never throws: a command that can't be decided is refused as `undecidable` and
 * raises the alarm; other commands go on. The refusal is recorded if the programme is established.
 */
export function decideCommand(pending: Pending, workspace: Workspace, clock: Clock, alarm: Alarm): Decided {
  try {
    return tryToDecide(pending, workspace, clock);
  } catch (error) {
    alarm('a command could not be decided', { commandId: pending.command.commandId, error });
  }
  const undecidable = new Refusal('undecidable', 'the ledger could not decide this command; its operators have been told');
  return recordRefusal(pending, workspace, clock, undecidable, alarm);
}

/** Records that a command is refused, without applying the rules. If that can't be recorded, the outcome leaves no record. Never throws. */
export function recordRefusal(pending: Pending, workspace: Workspace, clock: Clock, refusal: Refusal, alarm: Alarm): RefusedDecided {
  try {
    const timeZone = workspace.states.get(pending.keys.programme)?.timeZone;
    const today = timeZone !== undefined && isTimeZone(timeZone) ? dayIn(timeZone, clock.now) : undefined;
    return refused(pending, workspace, clock, refusal, today);
  } catch (error) {
    alarm('a refusal could not be recorded', { commandId: pending.command.commandId, error });
    return refusedAlone(pending.command, refusal.code, refusal.message);
  }
}

/** Changes the workspace last, once nothing can fail any more. @throws the error that made deciding impossible */
function tryToDecide(pending: Pending, workspace: Workspace, clock: Clock): Decided {
  const { command } = pending;
  const earlier = earlierOutcome(pending, workspace.states, clock.now);
  if (earlier) return { outcome: earlier, entries: [] };

  const situation = situationOf(withHeldKeys(pending.keys, workspace.states), workspace.states);
  const { programme } = situation;
  if (!programme && command.type !== 'EstablishProgramme')
    return refusedAlone(command, 'unknown-programme', `there is no programme ${command.programme}; an admin establishes it first`);

  const head = workspace.heads.get(command.programme);
  if (head && isBehind(clock, head.recordedAt))
    return refusedAlone(
      command,
      'clock-behind',
      `the latest record of ${command.programme} is of ${head.recordedAt}, and the clock says ${new Date(clock.now).toISOString()}; nothing is recorded until the operators have looked: ask again with the same command id`,
    );
  const recordedAt = recordedAfter(head?.recordedAt, clock);
  const today = dayIn(programme?.timeZone ?? (command.type === 'EstablishProgramme' ? command.data.timeZone : 'UTC'), clock.now);
  try {
    const events = decide(command, { ...situation, head: head?.position ?? 0 }, today, pending.digest.hex);
    if (events.length > 0) return record(pending, workspace, recordedAt, events);
    const receipt = situation.movement?.receipt ?? situation.awaited?.receipt ?? programme?.receipt;
    if (!receipt) throw new Error(`${command.type} made no event, and no earlier receipt for the same content is known`);
    return { outcome: { kind: 'accepted', receipt, nothingNew: true }, entries: [] };
  } catch (error) {
    if (error instanceof Refusal) return refused(pending, workspace, clock, error, today);
    throw error;
  }
}

/**
 * Records a refusal in the history of its programme. A programme that is not established has no head, and the refusal leaves no record.
 * @param today the date in the programme's time zone; the date in UTC if absent
 */
function refused(pending: Pending, workspace: Workspace, clock: Clock, refusal: Refusal, today?: IsoDate): RefusedDecided {
  const { command } = pending;
  const head = workspace.heads.get(command.programme);
  if (!head) return refusedAlone(command, refusal.code, refusal.message);
  const recordedAt = recordedAfter(head.recordedAt, clock);
  const occurredOn = command.occurredOn ?? today ?? new Date(clock.now).toISOString().slice(0, 10);
  const { outcome, entries } = record(pending, workspace, recordedAt, [{ type: 'CommandRefused', refusal, occurredOn }]);
  if (outcome.kind !== 'refused') throw new Error('a refusal was recorded as something else');
  return { outcome, entries };
}

/** The outcome of the same command id within {@link repeatWindow}: the first outcome again, or a refusal if the id was used for another command. */
function earlierOutcome({ command, digest, key }: Pending, states: States, now: number): Outcome | undefined {
  const earlier = states.get(key);
  if (!earlier || Date.parse(earlier.recordedAt) + repeatWindow <= now) return undefined;
  const { digest: first } = earlier;
  if (first === digest.hex || first === unknownDigest || isDigestOf(first, command))
    return notForRole(command, earlier.outcome) ?? { ...earlier.outcome, replayed: true };
  return refusal(
    command,
    'command-id-reused',
    `the command id ${command.commandId} was used for another command; a new command takes a new id`,
  );
}

/**
 * The refusal for a repeat by another role of the same organisation: a role gets no receipt for a command that it may not send. The refusal leaves no
 * record, because the id has its outcome already.
 */
function notForRole(command: Command, outcome: Outcome): Outcome | undefined {
  if (outcome.kind === 'refused' && outcome.code === 'forbidden') return undefined;
  try {
    refuseWrongRole(command);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return refusal(command, error.code, error.message);
    throw error;
  }
}

function refusal(command: Command, code: RefusalCode, detail: string): RefusedOutcome {
  return { kind: 'refused', commandId: command.commandId, code, detail, figures: {} };
}
function refusedAlone(command: Command, code: RefusalCode, detail: string): RefusedDecided {
  return { outcome: refusal(command, code, detail), entries: [] };
}

type Refused = { type: 'CommandRefused'; refusal: Refusal; occurredOn: string };

/** Gives the decided records their positions and hashes, and folds them. */
function record(
  { command, digest, offset, key, keys }: Pending,
  workspace: Workspace,
  recordedAt: Instant,
  decided: readonly (DomainEvent | Refused)[],
): Decided {
  const { programme } = command;
  const entries: NewEntry[] = [];
  const records: Hashed[] = [];
  let head = workspace.heads.get(programme);
  decided.forEach((item, index) => {
    const frame = {
      programme,
      position: (head?.position ?? 0) + 1,
      schema: 1 as const,
      recordedAt,
      commandId: command.commandId,
      ...(command.correlationId !== undefined && { correlationId: command.correlationId }),
      previousHash: head?.hash ?? noHash,
    };
    const made: LedgerRecord = item.type === 'CommandRefused' ? { ...frame, ...refusalData(command, digest, item) } : { ...item, ...frame };
    const bytes = encodeRecord(made);
    const hash = hashOf(bytes);
    const ref: CommandRef = {
      offset,
      organisation: command.actor.organisation,
      id: command.commandId,
      digest: digest.hex,
      index,
      count: decided.length,
    };
    head = { position: made.position, hash, recordedAt };
    entries.push({ kind: 'record', bytes, programme, position: made.position, command: ref, type: made.type, recordedAt });
    records.push({ record: made, hash });
  });
  const [first, ...rest] = records;
  if (!first) throw new Error('nothing to record');
  const outcome = applyCommand(workspace.states, {
    key,
    digest: digest.hex,
    records: [first, ...rest],
    // The first event looks at what its command does, unless one of them is of a request.
    keys: decided.map((item, index) => (item.type === 'CommandRefused' || (index === 0 && !isOfRequest(item)) ? keys : keysOf(item))),
    justDecided: true,
  });
  if (head) workspace.heads.set(programme, head);
  return { outcome, entries };
}

function refusalData(command: Command, digest: CommandDigest, { refusal, occurredOn }: Refused) {
  const { available, requested, committed } = refusal.figures;
  const figures = {
    ...(available !== undefined && { available: available.toString() }),
    ...(requested !== undefined && { requested: requested.toString() }),
    ...(committed !== undefined && { committed: committed.toString() }),
  };
  return {
    type: 'CommandRefused' as const,
    ...(command.initiative !== undefined && { initiative: command.initiative }),
    data: {
      code: refusal.code,
      detail: refusal.message,
      ...(Object.keys(figures).length > 0 && { figures }),
      command: refusedCommand(command, digest),
    },
    context: {},
    occurredOn,
    actor: command.actor,
  };
}
