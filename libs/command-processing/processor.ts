import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Entry, Head, Heads, LogWriter, NewEntry, Offset } from '../event-log/ports.js';
import { LogFenced, LogUnavailable, OutcomeUnknown, start } from '../event-log/ports.js';
import {
  outcomeEntry,
  lapsedEntry,
  dryRunEntry,
  stoppedEntry,
  unreadableEntry,
  commandsIn,
  type PendingReceived,
} from './outcome-entries.js';
import type { Clock } from './clock.js';
import { BatchWorkspace } from './batch-workspace.js';
import { decideCommand, type Decided, type Pending } from './decide-command.js';
import { decideAtomically, type DecidedTogether } from './decide-atomically.js';
import { keysIn, withHeldKeys } from './apply-command.js';
import { StateCache } from './state-cache.js';
import { commandKey, type Key } from './states.js';
import { CommandsUnavailable, type AtomicOutcome, type Outcome } from './outcome.js';
import { dryRunOf } from './dry-run.js';
import { Replay } from './replay.js';
import { StateSaver } from './state-saver.js';
import { batchLimits, type ProcessorOptions } from './processor-options.js';

/** Entries folded at once. The objects made of more would outlive V8's young generation. */
const foldedAtOnce = 250;

/** How often operators are told that the clock is behind, in milliseconds. */
const clockAlarmEvery = 60_000;

type Batch = { workspace: BatchWorkspace; writer: LogWriter; entries: NewEntry[]; bytes: number; commands: number };

type Ahead = { workspace: BatchWorkspace; appended: Promise<void> };

/**
 * Decides the commands of one partition one after another: on an overlay over the committed state, in batches that are appended whole,
 * and answered only once the append is durable. Nothing else writes the partition while it does.
 */
export class Processor {
  private readonly states: StateCache;
  private readonly heads: Map<string, Head>;
  private readonly replay: Replay;
  private readonly saver: StateSaver;
  private offset: Offset;
  /** The offset of the last record, by which the states can be checked against the log; only outcomes without records follow. */
  private recorded: Offset;
  /** The offset in the inbox of the last command that has an entry. */
  private inbox: Offset;
  private writer: LogWriter | undefined;
  /** Why there is no writer any more. */
  private failure: unknown;
  /** When operators were last told that the clock is behind, in milliseconds of this process. */
  private toldOfClock = -Infinity;
  /** What was decided last and is not durable yet. */
  private ahead: Ahead | undefined;

  private constructor(
    private readonly options: ProcessorOptions,
    { offset, heads, inbox }: { offset: Offset; heads: Heads; inbox: Offset },
  ) {
    this.states = new StateCache(options.states, options.cached ?? 200_000);
    this.heads = new Map(heads);
    this.replay = new Replay(this.states, this.heads, options.now);
    this.offset = offset;
    this.recorded = offset;
    this.inbox = inbox;
    this.saver = new StateSaver(this.states, options, () => ({ offset: this.recorded, heads: new Map(this.heads) }));
  }

  /**
   * Takes the partition over: opens the state store, fences every earlier writer and folds what came after it.
   * @throws {LedgerLocked} @throws {LogFenced} @throws {LogUnreadable} @throws {LogUnavailable}
   */
  static async open(options: ProcessorOptions): Promise<Processor> {
    const processor = await Processor.standBy(options);
    await processor.takeOver();
    return processor;
  }

  /** Knows what the state store holds, and decides nothing until it has taken the partition over. @throws {LogUnreadable} */
  static async standBy(options: ProcessorOptions): Promise<Processor> {
    return new Processor(options, await Replay.fromStore(options));
  }

  /** Folds what the partition’s owner appends, until told to stop: so that little is left to fold when it takes over. @throws {LogUnreadable} */
  async follow(signal: AbortSignal): Promise<void> {
    for await (const entries of this.options.log.follow(this.options.partition, this.offset, signal)) {
      this.fold(entries);
      if (this.replay.whole) await this.saver.saveWhenDue();
    }
  }

  /**
   * Fences every earlier writer and folds what the log holds by now; nobody is fenced any more once `signal` is aborted.
   * @throws {LogFenced} @throws {LogUnreadable} @throws {LogUnavailable}
   */
  async takeOver(signal?: AbortSignal): Promise<void> {
    this.writer = undefined;
    const writer = await this.options.log.acquire(this.options.partition, signal);
    const replayed = await this.catchUp();
    this.writer = writer;
    this.options.observer?.restored({ replayed, offset: this.offset });
  }

  /** Every programme's head, as it is durable. */
  get durableHeads(): Heads {
    return this.heads;
  }

  /** The offset in the inbox up to which every command has its outcome in the log, as far as this process has read it. */
  get decidedUpTo(): Offset {
    return this.inbox;
  }

  /**
   * Decides as many of the commands, from the first on, as fit into one append, on top of what is decided and not yet durable, and appends them after that.
   * Where an earlier append fails, so does this one, as it was decided on what did not happen. One call at a time; `durable` may be awaited later.
   * @throws {CommandsUnavailable} the log can't be acquired now; from `durable`: nothing of it was recorded, or that is not known: the same ids ask again
   * @throws {LogFenced} the partition has another owner now
   */
  async decideAhead(commands: readonly Pending[]): Promise<{ count: number; durable: Promise<Outcome[]> }> {
    const writer = await this.ready();
    const { decided, durable } = this.decideBatch(writer, commands, (command, workspace) => this.decideOne(command, workspace));
    return { count: decided.length, durable: durable.then(() => decided.map(({ outcome }) => outcome)) };
  }

  /**
   * The same for what comes from an inbox: commands, dry runs and what is neither, each of which leaves an entry that says what became of it. After a
   * failure nothing more is decided until the partition is taken over again, and then from {@link decidedUpTo} on: what failed would be passed over.
   * @throws {CommandsUnavailable} an append before failed
   */
  async decideReceived(received: readonly PendingReceived[]): Promise<{ count: number; durable: Promise<void> }> {
    const [first] = received;
    const dryRunOutcomes = first && 'dryRun' in first ? await this.dryRun(first.dryRun, { before: this.ahead?.workspace }) : [];
    if (!this.writer) throw new CommandsUnavailable('the partition is to be taken over again', 1, { cause: this.failure });
    const { decided, durable } = this.decideBatch(this.writer, received, (one, workspace) => {
      if ('command' in one) return this.decideOne(one, workspace);
      if ('atomic' in one) {
        const { outcome, entries } = this.decideAll(one.atomic, workspace);
        return { entries: 'outcomes' in outcome ? entries : [...entries, stoppedEntry(one, outcome)] };
      }
      if ('dryRun' in one) return { entries: [dryRunEntry(one, dryRunOutcomes)] };
      if ('lapsed' in one) return { entries: [lapsedEntry(one.offset)] };
      this.options.alarm('the inbox holds what is no command', {
        commandId: '',
        error: new Error(`unreadable bytes at offset ${one.offset}`),
      });
      return { entries: [unreadableEntry(one.offset)] };
    });
    return { count: decided.length, durable };
  }

  /** Decides commands all or none, alone in one append; otherwise as {@link decideAhead}. */
  async decideTogether(commands: readonly Pending[]): Promise<{ durable: Promise<AtomicOutcome> }> {
    const writer = await this.ready();
    const together = { offset: commands[0]?.offset ?? start, atomic: commands };
    const { decided, durable } = this.decideBatch(writer, [together], ({ atomic }, workspace) => this.decideAll(atomic, workspace));
    const [made] = decided;
    if (!made) throw new Error('nothing was decided');
    return { durable: durable.then(() => made.outcome) };
  }

  /**
   * The outcomes of commands if they were decided now, see {@link dryRunOf}: on the committed states, or on those `before` leaves once it is committed.
   * @throws {ProgrammeBusy} @throws {StatesDamaged} @throws what `beforePart` throws
   */
  async dryRun(
    commands: readonly Pending[],
    { before, beforePart = () => undefined }: { before?: BatchWorkspace | undefined; beforePart?: () => void } = {},
  ): Promise<Outcome[]> {
    return dryRunOf(commands, {
      headOf: (programme) => (before?.heads ?? this.heads).get(programme),
      newWorkspace: () => this.workspace(before),
      load: (part, workspace) => {
        this.load(part, workspace);
      },
      clock: () => this.clock,
      beforePart,
    });
  }

  /** The outcome of a command id while it is remembered. */
  outcomeOf(programme: string, organisation: string, commandId: string): Outcome | undefined {
    const key = commandKey(programme, organisation, commandId);
    this.states.load([key]);
    return this.states.get(key)?.outcome;
  }

  /** Resolves once nothing that was decided waits to be durable. */
  async settled(): Promise<void> {
    await this.ahead?.appended.catch(() => undefined);
  }

  /** Saves the states, so that the next start has little to fold. */
  async close(): Promise<void> {
    await this.settled();
    await this.saver.idle();
    await this.saver.save();
  }

  private decideBatch<R extends PendingReceived, D extends { entries: NewEntry[] }>(
    writer: LogWriter,
    received: readonly R[],
    decide: (one: R, workspace: BatchWorkspace) => D,
  ): { decided: D[]; durable: Promise<void> } {
    const takes = inOneAppend(received);
    const before = this.ahead;
    const workspace = this.workspace(before?.workspace);
    this.load(
      takes.flatMap((one) => commandsIn(one)),
      workspace,
    );
    const decided: D[] = [];
    const entries: NewEntry[] = [];
    let bytes = 0;
    let commands = 0;
    for (const one of takes) {
      if (bytes >= batchLimits.bytes) break;
      const made = decide(one, workspace);
      decided.push(made);
      commands += 'atomic' in one ? one.atomic.length : 1;
      for (const entry of made.entries) {
        entries.push(entry);
        bytes += entry.bytes.byteLength;
      }
    }
    return { decided, durable: this.appendAfter(before, { workspace, writer, entries, bytes, commands }) };
  }

  private decideAll(commands: readonly Pending[], workspace: BatchWorkspace): DecidedTogether {
    return decideAtomically(commands, workspace, {
      decide: (command, attempt) => this.decideOne(command, attempt),
      clock: this.clock,
      alarm: this.options.alarm,
      mostBytes: batchLimits.bytes,
    });
  }

  private decideOne(command: Pending, workspace: BatchWorkspace): Decided {
    const decided = decideCommand(command, workspace, this.clock, this.options.alarm);
    this.tellOfClock(decided.outcome);
    return this.options.keepsOutcomes && decided.entries.length === 0
      ? { ...decided, entries: [outcomeEntry(command, decided.outcome)] }
      : decided;
  }

  private get clock(): Clock {
    const { now, acceptedUpTo } = this.options;
    return { now: now(), acceptedUpTo };
  }

  /** Once a minute, however many commands are kept waiting. */
  private tellOfClock(outcome: Outcome): void {
    if (outcome.kind !== 'refused' || outcome.code !== 'clock-behind') return;
    const now = performance.now();
    if (now - this.toldOfClock < clockAlarmEvery) return;
    this.toldOfClock = now;
    this.options.alarm('the clock lies behind the records: it is wrong, or was when they were made', {
      commandId: outcome.commandId,
      error: new Error(outcome.detail),
    });
  }

  /** Appends a batch once the one before is durable, and only then makes its workspace the committed state. */
  private appendAfter(before: Ahead | undefined, batch: Batch): Promise<void> {
    const appended = async () => {
      try {
        await before?.appended;
        batch.workspace.rebase(this.states, this.heads);
        await this.appendNow(batch);
      } finally {
        // Whatever is decided from now on builds on what is durable alone, unless something was decided on top of this meanwhile.
        if (this.ahead === own) this.ahead = undefined;
      }
    };
    const own: Ahead = { workspace: batch.workspace, appended: appended() };
    this.ahead = own;
    return own.appended;
  }

  private async appendNow({ workspace, writer, entries, bytes, commands }: Batch): Promise<void> {
    if (entries.length === 0) return;
    const started = this.options.now();
    const offsets = await this.append(writer, entries);
    entries.forEach((entry, index) => {
      this.pass(entry, offsets[index] ?? this.offset);
    });
    this.states.commit(workspace.states);
    for (const [programme, head] of workspace.heads.changes) this.heads.set(programme, head);
    this.options.observer?.committed({
      commands,
      entries: entries.length,
      bytes,
      milliseconds: this.options.now() - started,
      offset: this.offset,
    });
    await this.saver.saveWhenDue();
  }

  private async append(writer: LogWriter, entries: readonly NewEntry[]): Promise<Offset[]> {
    try {
      return await writer.append(entries);
    } catch (cause) {
      this.writer = undefined;
      this.failure = cause;
      if (cause instanceof LogUnavailable) throw new CommandsUnavailable(`nothing was recorded: ${cause.message}`, 1, { cause });
      if (cause instanceof OutcomeUnknown)
        throw new CommandsUnavailable('it is not known yet whether this was recorded; the same command id gets the outcome', 1, { cause });
      throw cause;
    }
  }

  /** The writer; after an append that failed the partition is acquired again and what the log holds by now is folded first. */
  private async ready(): Promise<LogWriter> {
    if (this.writer) return this.writer;
    try {
      const writer = await this.options.log.acquire(this.options.partition);
      await this.catchUp();
      this.writer = writer;
      return writer;
    } catch (cause) {
      if (cause instanceof LogFenced) throw cause;
      throw new CommandsUnavailable('the event log is not available', 2, { cause });
    }
  }

  /** Folds what the log holds after the last committed offset. */
  private async catchUp(): Promise<number> {
    let seen = 0;
    for await (const entries of this.options.log.read(this.options.partition, this.offset)) {
      this.fold(entries);
      seen += entries.length;
      // Time does not count here: nothing is served before the partition is caught up with.
      if (this.replay.whole && this.saver.hasMuchUnsaved) await this.saver.save();
      await nextTurn();
    }
    return seen;
  }

  private fold(entries: readonly Entry[]): void {
    this.saver.checkSound();
    for (let from = 0; from < entries.length; from += foldedAtOnce) this.replay.fold(entries.slice(from, from + foldedAtOnce));
    for (const entry of entries) this.pass(entry, entry.offset);
  }

  /** Notes how far the log, and with it the inbox, is folded. */
  private pass({ kind, command }: NewEntry, offset: Offset): void {
    this.offset = offset;
    if (kind === 'record') this.recorded = offset;
    if (command && command.offset > this.inbox) this.inbox = command.offset;
  }

  /**
   * Reads the states of a batch's commands before they are decided. Requests are read first: only they name the states that an approval needs. Of a request
   * made in the same batch, its own command names them.
   * @throws {StatesDamaged}
   */
  private load(commands: readonly Pending[], { states }: BatchWorkspace): void {
    this.saver.checkSound();
    const requests = commands.flatMap(({ keys }) => keys.request ?? []);
    if (requests.length > 0) this.states.load(requests);
    const keys: Key[] = [];
    for (const { key, keys: looksAt } of commands) keys.push(key, ...keysIn(withHeldKeys(looksAt, states)));
    this.states.load(keys);
  }

  /** Where to decide: over what is committed, or over what was decided last. */
  private workspace(before?: BatchWorkspace): BatchWorkspace {
    return new BatchWorkspace(before?.states ?? this.states, before?.heads ?? this.heads);
  }
}

/** What is recorded all or none, and a dry run, which takes its time, have an append of their own. */
function inOneAppend<R extends PendingReceived>(received: readonly R[]): readonly R[] {
  const alone = received.findIndex((one) => 'atomic' in one || 'dryRun' in one);
  return alone < 0 ? received : received.slice(0, Math.max(1, alone));
}
