import type { Command } from '../domain/commands.js';
import { partitionOf } from '../event-log/partition-of.js';
import {
  InboxUnavailable,
  LogUnreadable,
  SentTooLarge,
  programmeOf,
  type CommandDigest,
  type Entry,
  type EventLog,
  type Inbox,
  type Offset,
  type Sent,
} from '../event-log/ports.js';
import type { Commands } from './commands.js';
import { togetherOf } from './decide-atomically.js';
import { digestOf, largestCommand } from './digest.js';
import { toldBy } from './outcome-of-entries.js';
import { CommandsUnavailable, CommandTooLarge, type AtomicOutcome, type Outcome } from './outcome.js';
import { batchLimits } from './processor-options.js';
import { wait, type Wait } from './wait.js';
import { type Call, type Waiting, PartitionOutcomes } from './partition-outcomes.js';

/** How many commands may wait for their outcomes, and how many bytes of them; beyond either a sender is asked to come back. */
const waitingLimit = { commands: 50_000, bytes: 64 * 1024 * 1024 } as const;

/** Interval (ms) for finding senders that have waited too long, and the pause of a broken reader. */
const lookEvery = 250;

export type DistributedOptions = {
  log: EventLog;
  inbox: Inbox;
  /** Milliseconds without an outcome after which a sender is asked to come back. */
  answerWithin: number;
  /** Milliseconds, for waiting only. */
  now: () => number;
  /** The outcomes of a partition can't be read any more. */
  onUnreadable: (partition: number, error: unknown) => void;
  wait?: Wait;
};

/**
 * Commands decided by the owner of their partition: sent through the inbox, and answered with the outcome that the event log holds. What is
 * acknowledged is what the log holds, and there is no other reply that could be lost.
 */
export class DistributedCommands implements Commands {
  private readonly outcomes: PartitionOutcomes[];
  private readonly calls = new Set<Call>();
  private readonly stop = new AbortController();
  private readonly wait: Wait;
  private readonly waiting = { commands: 0, bytes: 0 };
  private ended: CommandsUnavailable | undefined;

  private constructor(
    private readonly options: DistributedOptions,
    ends: readonly Offset[],
  ) {
    this.wait = options.wait ?? wait;
    this.outcomes = ends.map((end) => new PartitionOutcomes(end));
  }

  /** Learns outcomes from here on: nobody may send before. */
  static async open(options: DistributedOptions): Promise<DistributedCommands> {
    const { log } = options;
    const ends = await Promise.all(Array.from({ length: log.partitions }, (_, partition) => log.end(partition)));
    const commands = new DistributedCommands(options, ends);
    for (const [partition, outcomes] of commands.outcomes.entries()) void commands.follow(partition, outcomes);
    void commands.giveUpWaiting();
    return commands;
  }

  async submit(command: Command, { dryRun = false }: { dryRun?: boolean } = {}): Promise<Outcome> {
    const [outcome] = await this.submitAll([command], { dryRun });
    if (!outcome) throw new Error('a command came back without an outcome');
    return outcome;
  }

  async submitAll(commands: readonly Command[], { dryRun = false }: { dryRun?: boolean } = {}): Promise<Outcome[]> {
    const { digested, room } = this.admit(commands);
    const [first, ...others] = commands;
    if (!first) return [];
    if (dryRun) refuseSeveralProgrammes(commands);
    const outcome = await this.call(dryRun ? [{ dryRun: [first, ...others] }] : digested, room);
    if ('outcomes' in outcome) return outcome.outcomes;
    throw new Error('commands sent one by one were stopped together');
  }

  async submitAtomically(commands: readonly Command[], { dryRun = false }: { dryRun?: boolean } = {}): Promise<AtomicOutcome> {
    if (commands.length > batchLimits.commands) return { tooLarge: true };
    if (dryRun) return togetherOf(await this.submitAll(commands, { dryRun }));
    const { room } = this.admit(commands);
    const [first, ...others] = commands;
    if (!first) return { outcomes: [] };
    refuseSeveralProgrammes(commands);
    const outcome = await this.call([{ atomic: [first, ...others] }], room);
    return 'outcomes' in outcome ? togetherOf(outcome.outcomes) : outcome;
  }

  /** Outcomes are remembered where they are decided; here they are read from the read models. */
  outcome(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Takes nothing more; later senders are told why. */
  takeNoMore(why: string): void {
    this.ended ??= new CommandsUnavailable(why, 60);
  }

  /** Takes nothing more, and waits for the outcomes of what was sent. */
  async close(): Promise<void> {
    this.ended ??= new CommandsUnavailable('the ledger is shutting down', 2);
    await Promise.all([...this.calls].map((call) => this.ending(call)));
    this.stop.abort();
  }

  /** What there is room for. @throws {CommandsUnavailable} @throws {CommandTooLarge} */
  private admit(commands: readonly Command[]): { digested: { command: Command; digest: CommandDigest }[]; room: Call['room'] } {
    let bytes = 0;
    const digested = commands.map((command) => {
      const digest = digestOf(command);
      if (digest.size > largestCommand)
        throw new CommandTooLarge(`the command ${command.commandId} has ${digest.size} bytes; at most ${largestCommand} are taken`);
      bytes += digest.size;
      return { command, digest };
    });
    if (this.ended) throw this.ended;
    const { waiting } = this;
    if (waiting.commands + commands.length > waitingLimit.commands || waiting.bytes + bytes > waitingLimit.bytes)
      throw new CommandsUnavailable('too many commands are waiting', 1);
    return { digested, room: { commands: commands.length, bytes } };
  }

  private call(sent: readonly Sent[], room: Call['room']): Promise<AtomicOutcome> {
    const { promise: outcome, resolve, reject } = Promise.withResolvers<AtomicOutcome>();
    const call: Call = {
      outcomes: [],
      missing: sent.length,
      lastHeard: this.options.now(),
      room,
      isWaitedFor: true,
      isBeingSent: true,
      resolve,
      reject,
    };
    this.calls.add(call);
    this.waiting.commands += room.commands;
    this.waiting.bytes += room.bytes;
    void this.send(call, sent);
    return outcome;
  }

  /** Where its sender was asked to come back while it was being sent, what was sent takes up room until the inbox has let go of it. */
  private letGo(call: Call): void {
    if (call.isWaitedFor || call.isBeingSent) return;
    this.waiting.commands -= call.room.commands;
    this.waiting.bytes -= call.room.bytes;
  }

  private async send(call: Call, sent: readonly Sent[]): Promise<void> {
    const partitions = new Set(sent.map((one) => partitionOf(programmeOf(one), this.options.log.partitions)));
    const sending = [...partitions].map((partition) => this.of(partition).startSending());
    try {
      const addresses = await this.options.inbox.send(sent);
      if (!this.calls.has(call)) return;
      call.addresses = addresses;
      call.lastHeard = this.options.now();
      for (const [index, { partition, offset }] of addresses.entries()) {
        const one = sent[index];
        const waiting = { call, index, commands: one && 'atomic' in one ? one.atomic.length : 1 };
        const found = this.of(partition).expect(offset, waiting);
        if (found) this.answer(waiting, found);
      }
    } catch (error) {
      this.fail(call, unsent(error));
    } finally {
      for (const done of sending) done();
      call.isBeingSent = false;
      this.letGo(call);
    }
  }

  /** Reads the outcomes of one partition for as long as this lives, from its own offset on after any error. */
  private async follow(partition: number, outcomes: PartitionOutcomes): Promise<void> {
    const { log, onUnreadable } = this.options;
    while (!this.stop.signal.aborted) {
      try {
        for await (const entries of log.follow(partition, outcomes.offset, this.stop.signal))
          for (const entry of entries) {
            const told = outcomes.take(entry);
            if (told) this.answer(told.waiting, told.entries);
          }
      } catch (error) {
        if (error instanceof LogUnreadable) {
          onUnreadable(partition, error);
          return;
        }
        await this.wait(lookEvery, this.stop.signal);
      }
    }
  }

  private answer(waiting: Waiting, entries: readonly Entry[]): void {
    const [first] = entries;
    if (!first?.whole) {
      this.answerWith(waiting, entries);
      return;
    }
    first.whole().then(
      (bytes) => {
        this.answerWith(waiting, [{ ...first, bytes }]);
      },
      (cause: unknown) => {
        this.fail(waiting.call, new CommandsUnavailable('what became of this can’t be read now; ask again', 1, { cause }));
      },
    );
  }

  private answerWith({ call, index }: Waiting, entries: readonly Entry[]): void {
    if (!this.calls.has(call)) return;
    try {
      const told = toldBy(entries);
      if ('outcomes' in told) told.outcomes.forEach((outcome, offset) => (call.outcomes[index + offset] = outcome));
      else call.stopped = told;
    } catch (error) {
      this.fail(call, error);
      return;
    }
    call.lastHeard = this.options.now();
    if (--call.missing > 0) return;
    this.settle(call);
    call.resolve(call.stopped ?? { outcomes: call.outcomes });
  }

  private async giveUpWaiting(): Promise<void> {
    while (!this.stop.signal.aborted) {
      await this.wait(lookEvery, this.stop.signal);
      const oldest = this.options.now() - this.options.answerWithin;
      for (const call of this.calls) {
        if (call.lastHeard >= oldest) continue;
        for (const { partition, offset } of call.addresses ?? []) this.of(partition).forget(offset);
        const known = call.addresses ? 'this is not decided yet' : 'it is not known whether this was taken (the inbox does not answer)';
        this.fail(call, new CommandsUnavailable(`${known}; the same command id gets the outcome`, 1));
      }
    }
  }

  private fail(call: Call, error: unknown): void {
    this.settle(call);
    call.reject(error);
  }

  private settle(call: Call): void {
    if (!this.calls.delete(call)) return;
    call.isWaitedFor = false;
    this.letGo(call);
  }

  private ending(call: Call): Promise<void> {
    return new Promise((resolve) => {
      const { resolve: answered, reject } = call;
      call.resolve = (outcome) => {
        answered(outcome);
        resolve();
      };
      call.reject = (error) => {
        reject(error);
        resolve();
      };
    });
  }

  private of(partition: number): PartitionOutcomes {
    const outcomes = this.outcomes[partition];
    if (!outcomes) throw new RangeError(`there is no partition ${partition}`);
    return outcomes;
  }
}

function unsent(error: unknown): unknown {
  if (error instanceof SentTooLarge) return new CommandTooLarge(`what was sent as one is too large: ${error.message}`, { cause: error });
  if (error instanceof InboxUnavailable)
    return new CommandsUnavailable(`it is not known whether this was taken (${error.message}); the same command id gets the outcome`, 1, {
      cause: error,
    });
  return error;
}

function refuseSeveralProgrammes(commands: readonly Command[]): void {
  if (new Set(commands.map(({ programme }) => programme)).size > 1) throw new Error('what is sent as one is of one programme');
}
