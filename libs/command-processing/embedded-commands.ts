import { LogFenced } from '../event-log/ports.js';
import type { Command } from '../domain/commands.js';
import type { Commands } from './commands.js';
import type { Pending } from './decide-command.js';
import { digestOf, largestCommand } from './digest.js';
import { CommandsUnavailable, CommandTooLarge, type Outcome } from './outcome.js';
import { batchLimits, type Processor } from './processor.js';

/** Commands that came together and are answered together. */
type Group = { commands: Pending[]; outcomes: Outcome[]; resolve: (outcomes: Outcome[]) => void; reject: (error: unknown) => void };

/** How many commands may wait; beyond that a sender is asked to come back. */
const queueLimit = 100_000;

/**
 * The inbox of one process: a queue in memory before its one processor. While an append is being made durable the next batch gathers,
 * so the more senders there are the larger the batches grow (group commit).
 */
export class EmbeddedCommands implements Commands {
  private queue: Group[] = [];
  private waiting = 0;
  private working: Promise<void> | undefined;
  private ended: CommandsUnavailable | undefined;
  private place = 0;

  constructor(
    private readonly processor: Processor,
    /** The partition has another owner, or something failed that nobody expected: this process can't go on. */
    private readonly onLost: (error: unknown) => void,
  ) {}

  async submit(command: Command, { dryRun = false }: { dryRun?: boolean } = {}): Promise<Outcome> {
    const [outcome] = await this.submitAll([command], { dryRun });
    if (!outcome) throw new Error('a command came back without an outcome');
    return outcome;
  }

  async submitAll(commands: readonly Command[], { dryRun = false }: { dryRun?: boolean } = {}): Promise<Outcome[]> {
    const pending = commands.map((command) => this.pending(command));
    if (this.ended) throw this.ended;
    if (pending.length === 0) return [];
    if (dryRun) return this.processor.rehearse(pending);
    if (this.waiting + pending.length > queueLimit) throw new CommandsUnavailable('too many commands are waiting', 1);
    this.waiting += pending.length;
    return new Promise((resolve, reject) => {
      this.queue.push({ commands: pending, outcomes: [], resolve, reject });
      this.working ??= this.work();
    });
  }

  outcome(programme: string, organisation: string, commandId: string): Promise<Outcome | undefined> {
    return Promise.resolve(this.processor.outcomeOf(programme, organisation, commandId));
  }

  /** Takes nothing more, answers what is waiting, and saves what the processor knows. */
  async close(): Promise<void> {
    this.ended ??= new CommandsUnavailable('the ledger is shutting down', 2);
    await this.working;
    await this.processor.close();
  }

  private pending(command: Command): Pending {
    const digest = digestOf(command);
    if (digest.size > largestCommand)
      throw new CommandTooLarge(`the command ${command.commandId} has ${digest.size} bytes; at most ${largestCommand} are taken`);
    return { command, digest, place: this.place++ };
  }

  private async work(): Promise<void> {
    // One turn of the event loop lets everything that has already arrived join the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) await this.workOnce();
    this.working = undefined;
  }

  private async workOnce(): Promise<void> {
    const parts = this.take();
    const batch = parts.flatMap(({ group, count }) => group.commands.slice(group.outcomes.length, group.outcomes.length + count));
    try {
      const outcomes = await this.processor.process(batch);
      let from = 0;
      for (const { group, count } of parts) {
        group.outcomes.push(...outcomes.slice(from, from + count));
        from += count;
        if (group.outcomes.length === group.commands.length)
          this.finish(group, () => {
            group.resolve(group.outcomes);
          });
      }
    } catch (error) {
      if (error instanceof CommandsUnavailable)
        for (const { group } of parts)
          this.finish(group, () => {
            group.reject(error);
          });
      else this.lose(error);
    }
  }

  /** What the next append takes: every group's turn, so that a large group doesn't keep the small ones waiting. */
  private take(): { group: Group; count: number }[] {
    const parts: { group: Group; count: number }[] = [];
    let room: number = batchLimits.commands;
    const share = Math.ceil(batchLimits.commands / 2);
    for (const group of this.queue) {
      if (room === 0) break;
      const count = Math.min(group.commands.length - group.outcomes.length, room, share);
      parts.push({ group, count });
      room -= count;
    }
    return parts;
  }

  private finish(group: Group, tell: () => void): void {
    this.queue.splice(this.queue.indexOf(group), 1);
    this.waiting -= group.commands.length;
    tell();
  }

  private lose(error: unknown): void {
    const message =
      error instanceof LogFenced ? 'this ledger is written by somebody else now' : 'the ledger stopped on an unexpected error';
    this.ended = new CommandsUnavailable(message, 5, { cause: error });
    const groups = this.queue;
    this.queue = [];
    for (const group of groups) group.reject(this.ended);
    this.onLost(error);
  }
}
