import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Head, Heads, EventLog, LogWriter, NewEntry, Place, StateStore } from '../event-log/ports.js';
import { LogFenced, LogUnavailable, OutcomeUnknown, start } from '../event-log/ports.js';
import { decideCommand, type Alarm, type Decided, type Pending, type Workspace } from './decide-command.js';
import { keysOf } from './fold-command.js';
import { commandKey, Known, Overlay, type Key, type Knowledge } from './known.js';
import { CommandsUnavailable, type Outcome } from './outcome.js';
import { Replay } from './replay.js';

/** An append takes at most this many commands, and this many bytes of the entries they make. */
export const batchLimits = { commands: 1_000, bytes: 512 * 1024 } as const;

/** What an operator counts and times. Durations in milliseconds. */
export type ProcessorObserver = {
  committed(batch: { commands: number; entries: number; bytes: number; milliseconds: number; place: Place }): void;
  /** What the log holds up to `place` is known; so many entries had to be folded again for that. */
  restored(start: { replayed: number; place: Place }): void;
};

export type ProcessorOptions = {
  log: EventLog;
  partition: number;
  states: StateStore;
  /** Milliseconds since 1970; also times commits. */
  now: () => number;
  alarm: Alarm;
  observer?: ProcessorObserver;
  /** How many values are cached. */
  cached?: number;
  /** What is known is saved once this many values changed or {@link saveEvery} milliseconds went by, whichever comes first. */
  saveAfter?: number;
  saveEvery?: number;
};

/** What one batch changes, over what is committed or over the batch before. */
class BatchWorkspace implements Workspace {
  readonly known: Overlay;
  readonly heads: OverlaidHeads;

  constructor(known: Pick<Knowledge, 'get'>, heads: Pick<OverlaidHeads, 'get'>) {
    this.known = new Overlay(known);
    this.heads = new OverlaidHeads(heads);
  }
  /** The batch before is committed to these by now. */
  rebase(known: Known, heads: Pick<OverlaidHeads, 'get'>): void {
    this.known.rebase(known);
    this.heads.beneath = heads;
  }
}
class OverlaidHeads {
  readonly changes = new Map<string, Head>();
  constructor(public beneath: { get(programme: string): Head | undefined }) {}

  get(programme: string): Head | undefined {
    return this.changes.get(programme) ?? this.beneath.get(programme);
  }
  set(programme: string, head: Head): void {
    this.changes.set(programme, head);
  }
}

type Batch = { workspace: BatchWorkspace; writer: LogWriter; entries: NewEntry[]; bytes: number; commands: number };
type Ahead = { workspace: BatchWorkspace; appended: Promise<void> };

/**
 * Decides the commands of one partition one after another: on an overlay over the committed state, in batches that are appended whole,
 * and answered only once the append is durable. Nothing else writes the partition while it does.
 */
export class Processor {
  private readonly known: Known;
  private heads = new Map<string, Head>();
  private place: Place = start;
  private writer: LogWriter | undefined;
  private savedAt = 0;
  private saving: Promise<void> | undefined;
  /** What was decided last and is not durable yet. */
  private ahead: Ahead | undefined;

  private constructor(private readonly options: ProcessorOptions) {
    this.known = new Known(options.states, options.cached ?? 200_000);
    this.savedAt = options.now();
  }

  /**
   * Takes the partition over: fences every earlier writer, opens the state store and folds what came after it.
   * @throws {LedgerLocked} @throws {LogUnreadable} @throws {LogUnavailable}
   */
  static async open(options: ProcessorOptions): Promise<Processor> {
    const processor = new Processor(options);
    processor.writer = await options.log.acquire(options.partition);
    const replay = await Replay.fromStore(options);
    processor.heads = new Map(replay.heads);
    processor.place = replay.place;
    const replayed = await processor.catchUp();
    options.observer?.restored({ replayed, place: processor.place });
    return processor;
  }

  /**
   * Decides as many of the commands, from the first on, as fit into one append, on top of what is decided and not yet durable, and appends them after that.
   * Where an earlier append fails, so does this one, as it was decided on what did not happen. One call at a time; `durable` may be awaited later.
   * @throws {CommandsUnavailable} the log can't be acquired now; from `durable`: nothing of it was recorded, or that is not known: the same ids ask again
   * @throws {LogFenced} the partition has another owner now
   */
  async decideAhead(commands: readonly Pending[]): Promise<{ count: number; durable: Promise<Outcome[]> }> {
    const writer = await this.ready();
    this.load(commands);
    const before = this.ahead;
    const workspace = this.workspace(before?.workspace);
    const decided: Decided[] = [];
    const entries: NewEntry[] = [];
    let bytes = 0;
    for (const command of commands) {
      if (bytes >= batchLimits.bytes) break;
      const one = decideCommand(command, workspace, this.options.now(), this.options.alarm);
      decided.push(one);
      for (const entry of one.entries) {
        entries.push(entry);
        bytes += entry.bytes.byteLength;
      }
    }
    const durable = this.appendAfter(before, { workspace, writer, entries, bytes, commands: decided.length }).then(() =>
      decided.map(({ outcome }) => outcome),
    );
    return { count: decided.length, durable };
  }

  /** What would happen to commands decided in their order. Records nothing and uses up no id. */
  rehearse(commands: readonly Pending[]): Outcome[] {
    this.load(commands);
    const workspace = this.workspace();
    return commands.map((command) => {
      const { outcome } = decideCommand(command, workspace, this.options.now(), this.options.alarm);
      return withoutPlace(outcome);
    });
  }

  /** The outcome of a command id while it is remembered. */
  outcomeOf(programme: string, organisation: string, commandId: string): Outcome | undefined {
    const key = commandKey(programme, organisation, commandId);
    this.known.load([key]);
    return this.known.get(key)?.outcome;
  }

  /** Saves what is known, so that the next start has little to fold. */
  async close(): Promise<void> {
    await this.ahead?.appended.catch(() => undefined);
    await this.saving;
    await this.saveAlone();
  }

  /** Appends a batch once the one before is durable, and only then makes its workspace the committed state. */
  private appendAfter(before: Ahead | undefined, batch: Batch): Promise<void> {
    const appended = async () => {
      try {
        await before?.appended;
        batch.workspace.rebase(this.known, this.heads);
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
    const places = await this.append(writer, entries);
    this.place = places.at(-1) ?? this.place;
    this.known.commit(workspace.known);
    for (const [programme, head] of workspace.heads.changes) this.heads.set(programme, head);
    this.options.observer?.committed({
      commands,
      entries: entries.length,
      bytes,
      milliseconds: this.options.now() - started,
      place: this.place,
    });
    await this.saveWhenDue();
  }

  private async append(writer: LogWriter, entries: readonly NewEntry[]): Promise<Place[]> {
    try {
      return await writer.append(entries);
    } catch (cause) {
      if (cause instanceof LogUnavailable) throw new CommandsUnavailable(`nothing was recorded: ${cause.message}`, 1, { cause });
      this.writer = undefined;
      if (cause instanceof OutcomeUnknown)
        throw new CommandsUnavailable('it is not known yet whether this was recorded; the same command id gets the outcome', 1, { cause });
      throw cause;
    }
  }

  /** The writer; after an unknown outcome the partition is acquired again and what the log holds by now is folded first. */
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

  /** Folds what the log holds after the last committed place. */
  private async catchUp(): Promise<number> {
    const replay = new Replay(this.known, this.heads, this.place);
    let seen = 0;
    for await (const entries of this.options.log.read(this.options.partition, this.place)) {
      replay.fold(entries);
      this.place = replay.place;
      seen += entries.length;
      if (replay.whole && this.known.unsaved >= this.saveAfter) await this.saveAlone();
      await nextTurn();
    }
    return seen;
  }

  private load(commands: readonly Pending[]): void {
    const keys: Key[] = [];
    for (const { command } of commands)
      keys.push(...keysOf(command), commandKey(command.programme, command.actor.organisation, command.commandId));
    this.known.load(keys);
  }

  /** Where to decide: over what is committed, or over what was decided last. */
  private workspace(before?: BatchWorkspace): BatchWorkspace {
    return new BatchWorkspace(before?.known ?? this.known, before?.heads ?? this.heads);
  }

  private get saveAfter(): number {
    return this.options.saveAfter ?? 50_000;
  }

  /** Saves beside the work; only where far more is waiting than one save takes does the work wait for it. */
  private async saveWhenDue(): Promise<void> {
    const due = this.known.unsaved >= this.saveAfter || this.options.now() - this.savedAt >= (this.options.saveEvery ?? 5_000);
    const saving = due ? this.saveAlone() : undefined;
    if (this.known.unsaved >= this.saveAfter * 4) await saving;
  }

  /** One save at a time: what an earlier one could not write must never come back over what a later one did. */
  private saveAlone(): Promise<void> {
    this.saving ??= this.save().finally(() => (this.saving = undefined));
    return this.saving;
  }

  /** A state store that can't be written costs time at the next start and nothing else: it is said, and the work goes on. */
  private async save(): Promise<void> {
    this.savedAt = this.options.now();
    const place = this.place;
    const heads: Heads = new Map(this.heads);
    try {
      await this.known.save((changed) => this.options.states.save(place, heads, changed));
    } catch (error) {
      this.options.alarm('the state store could not be saved', { commandId: '', error });
    }
  }
}

/** A dry run's outcome has neither position nor hash: nothing was recorded. */
function withoutPlace(outcome: Outcome): Outcome {
  if (outcome.replayed) return outcome;
  if (outcome.kind === 'refused') {
    const { commandId, code, detail, figures } = outcome;
    return { kind: 'refused', commandId, code, detail, figures, dryRun: true };
  }
  if (outcome.nothingNew) return { ...outcome, dryRun: true };
  const { commandId, programme, initiative, version, events } = outcome.receipt;
  return {
    kind: 'accepted',
    receipt: { commandId, programme, ...(initiative !== undefined && { initiative }), version, events },
    dryRun: true,
  };
}
