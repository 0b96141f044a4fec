import { setImmediate as nextTurn } from 'node:timers/promises';
import { LogFenced, StatesDamaged } from '../event-log/ports.js';
import type { Command } from '../domain/commands.js';
import type { Commands } from './commands.js';
import { togetherOf } from './decide-atomically.js';
import { pendingOf, type Pending } from './decide-command.js';
import { largestCommand } from './digest.js';
import { CommandsUnavailable, CommandTooLarge, type AtomicOutcome, type Outcome } from './outcome.js';
import { type Processor } from './processor.js';
import { batchLimits } from './processor-options.js';

/** Commands that came together and are answered together. The first `decided` of them are decided; those with an outcome are durable. */
type Group = {
  commands: Pending[];
  decided: number;
  outcomes: Outcome[];
  failed: boolean;
  resolve: (outcomes: Outcome[]) => void;
  /** For an atomic batch only: takes its outcome. */
  resolveTogether?: (outcome: AtomicOutcome) => void;
  reject: (error: unknown) => void;
};
/** A group's turn in one batch. */
type Part = { group: Group; count: number };

/** How many commands may wait; beyond that, senders are told to try again. */
const queueLimit = 100_000;
/**
 * The commands of a single process: a queue in memory before its one processor. While one append is being made durable, the next batch gathers and is decided.
 * So batches grow with the number of senders (group commit).
 */
export class EmbeddedCommands implements Commands {
  private queue: Group[] = [];
  private waiting = 0;
  private working: Promise<void> | undefined;
  /** Resolves when the last decided batch is answered. */
  private answered = Promise.resolve();
  private ended: CommandsUnavailable | undefined;
  private offset = 0;

  constructor(
    private readonly processor: Processor,
    /** Called when this process can't go on: the partition has another owner, or an unexpected error occurred. */
    private readonly onLost: (error: unknown) => void,
  ) {}

  async submit(command: Command, { dryRun = false }: { dryRun?: boolean } = {}): Promise<Outcome> {
    const [outcome] = await this.submitAll([command], { dryRun });
    if (!outcome) throw new Error('a command came back without an outcome');
    return outcome;
  }

  async submitAll(commands: readonly Command[], { dryRun = false }: { dryRun?: boolean } = {}): Promise<Outcome[]> {
    const pending = this.admit(commands);
    if (pending.length === 0) return [];
    if (dryRun) return this.dryRun(pending);
    return new Promise((resolve, reject) => {
      this.enqueue({ commands: pending, decided: 0, outcomes: [], failed: false, resolve, reject });
    });
  }

  async submitAtomically(commands: readonly Command[], { dryRun = false }: { dryRun?: boolean } = {}): Promise<AtomicOutcome> {
    if (commands.length > batchLimits.commands) return { tooLarge: true };
    const pending = this.admit(commands);
    if (pending.length === 0) return { outcomes: [] };
    if (dryRun) return togetherOf(await this.dryRun(pending));
    return new Promise((resolveTogether, reject) => {
      const resolve = (outcomes: Outcome[]) => {
        resolveTogether({ outcomes });
      };
      this.enqueue({ commands: pending, decided: 0, outcomes: [], failed: false, resolve, resolveTogether, reject });
    });
  }

  outcome(programme: string, organisation: string, commandId: string): Promise<Outcome | undefined> {
    return Promise.resolve(this.reading(() => this.processor.outcomeOf(programme, organisation, commandId)));
  }

  /** Reads states. If they are damaged, nothing more is decided. */
  private reading<T>(ask: () => T): T {
    try {
      return ask();
    } catch (error) {
      if (error instanceof StatesDamaged) this.lose(error, []);
      throw error;
    }
  }

  /** Takes no more commands, answers those that wait, and saves the states. */
  async close(): Promise<void> {
    this.ended ??= new CommandsUnavailable('the ledger is shutting down', 2);
    await this.working;
    await this.answered;
    await this.processor.close();
  }

  /** Reserves places in the queue for commands. @throws {CommandsUnavailable} @throws {CommandTooLarge} */
  private admit(commands: readonly Command[]): Pending[] {
    const pending = commands.map((command) => this.pending(command));
    if (this.ended) throw this.ended;
    if (this.waiting + pending.length > queueLimit) throw new CommandsUnavailable('too many commands are waiting', 1);
    this.waiting += pending.length;
    return pending;
  }

  private enqueue(group: Group): void {
    this.queue.push(group);
    this.working ??= this.work();
  }

  private pending(command: Command): Pending {
    const pending = pendingOf(command, this.offset++);
    const { size } = pending.digest;
    if (size > largestCommand)
      throw new CommandTooLarge(`the command ${command.commandId} has ${size} bytes; at most ${largestCommand} are taken`);
    return pending;
  }

  private async dryRun(commands: readonly Pending[]): Promise<Outcome[]> {
    const beforePart = () => {
      if (this.ended) throw this.ended;
    };
    try {
      return await this.processor.dryRun(commands, { beforePart });
    } catch (error) {
      if (error instanceof StatesDamaged) this.lose(error, []);
      throw error;
    } finally {
      this.waiting -= commands.length;
    }
  }

  private async work(): Promise<void> {
    // One turn of the event loop lets everything that has already arrived join the first batch.
    await nextTurn();
    while (this.queue.length > 0) {
      const [first] = this.queue;
      await (first?.resolveTogether ? this.workTogether(first, first.resolveTogether) : this.workInTurn());
    }
    this.working = undefined;
  }

  private async workInTurn(): Promise<void> {
    const parts = this.take();
    const batch = parts.flatMap(({ group, count }) => group.commands.slice(group.decided, group.decided + count));
    try {
      const { count, durable } = await this.processor.decideAhead(batch);
      const decided = this.leave(parts, count);
      const before = this.answered;
      this.answered = this.answer(decided, durable);
      // Decides at most one batch ahead of the one that is being made durable.
      await before;
    } catch (error) {
      this.fail(parts, error);
    }
  }

  /** The same for an atomic batch, which has an append of its own. */
  private async workTogether(group: Group, resolve: (outcome: AtomicOutcome) => void): Promise<void> {
    const parts = [{ group, count: group.commands.length }];
    try {
      const { durable } = await this.processor.decideTogether(group.commands);
      this.leave(parts, group.commands.length);
      const before = this.answered;
      this.answered = this.answerTogether(parts, durable, resolve);
      await before;
    } catch (error) {
      this.fail(parts, error);
    }
  }

  private async answerTogether(
    parts: readonly Part[],
    durable: Promise<AtomicOutcome>,
    resolve: (outcome: AtomicOutcome) => void,
  ): Promise<void> {
    try {
      const outcome = await durable;
      for (const { count } of parts) this.waiting -= count;
      resolve(outcome);
    } catch (error) {
      this.fail(parts, error);
    }
  }

  /** Answers the decided commands once they are durable. */
  private async answer(parts: readonly Part[], durable: Promise<Outcome[]>): Promise<void> {
    try {
      const outcomes = await durable;
      let from = 0;
      for (const { group, count } of parts) {
        group.outcomes.push(...outcomes.slice(from, from + count));
        from += count;
        if (group.outcomes.length < group.commands.length || group.failed) continue;
        this.waiting -= group.commands.length;
        group.resolve(group.outcomes);
      }
    } catch (error) {
      this.fail(parts, error);
    }
  }

  private fail(parts: readonly Part[], error: unknown): void {
    if (!(error instanceof CommandsUnavailable)) {
      this.lose(error, parts);
      return;
    }
    for (const { group } of parts) this.refuse(group, error);
  }

  /** The commands for the next append. Groups take turns, so that a large group doesn't delay small ones. An atomic batch waits until it is first. */
  private take(): Part[] {
    const parts: Part[] = [];
    let room: number = batchLimits.commands;
    const share = this.queue.length === 1 ? batchLimits.commands : Math.ceil(batchLimits.commands / 2);
    for (const group of this.queue) {
      if (room === 0) break;
      if (group.resolveTogether) continue;
      const count = Math.min(group.commands.length - group.decided, room, share);
      parts.push({ group, count });
      room -= count;
    }
    return parts;
  }

  /** Removes the first `count` commands of a batch from the queue. @returns their groups */
  private leave(parts: readonly Part[], count: number): Part[] {
    const decided: Part[] = [];
    let left = count;
    for (const { group, count: asked } of parts) {
      const taken = Math.min(asked, left);
      if (taken === 0) break;
      left -= taken;
      group.decided += taken;
      decided.push({ group, count: taken });
    }
    this.queue = this.queue.filter((group) => group.decided < group.commands.length);
    return decided;
  }

  private refuse(group: Group, error: unknown): void {
    if (group.failed) return;
    group.failed = true;
    this.queue = this.queue.filter((one) => one !== group);
    this.waiting -= group.commands.length;
    group.reject(error);
  }

  private lose(error: unknown, parts: readonly Part[]): void {
    const message =
      error instanceof LogFenced ? 'this process may no longer write the ledger' : 'the ledger stopped on an unexpected error';
    this.ended = new CommandsUnavailable(message, 5, { cause: error });
    for (const { group } of parts) this.refuse(group, this.ended);
    for (const group of this.queue) this.refuse(group, this.ended);
    this.onLost(error);
  }
}
