import { isPassing, LogDiverged, StatesDamaged, type Heads, type Offset, type Received } from '../event-log/ports.js';
import type { PendingReceived } from './outcome-entries.js';
import { pendingOf } from './decide-command.js';
import { CommandsUnavailable } from './outcome.js';
import { Processor } from './processor.js';
import { batchLimits, type ProcessorOptions } from './processor-options.js';
import { wait, type Wait } from './wait.js';

/** How long a standby waits before it begins again after an error, in milliseconds. */
const pause = 2_000;

export type PartitionOwnerOptions = Omit<ProcessorOptions, 'keepsOutcomes'> & {
  /** Whether to fold what other owners append, so that a takeover takes the same short time at any size of the ledger. */
  standsBy: boolean;
  /** Called when this process stops deciding in the partition: its log can't be read, or an unexpected error occurred. */
  onStopped: (partition: number, error: unknown) => void;
  wait?: Wait;
};

/** One process's part in one partition: it decides commands while it owns the partition, and stands by while another process does. */
export class PartitionOwner {
  private processor: Processor | undefined;
  private following: { stop: AbortController; ended: Promise<void> } | undefined;
  private owns = false;

  constructor(private readonly options: PartitionOwnerOptions) {}

  /** Whether this process decides the partition's commands now. */
  get decides(): boolean {
    return this.owns;
  }

  /** Every programme's head, up to the offset that this process has folded. */
  get heads(): Heads {
    return this.processor?.durableHeads ?? new Map();
  }

  /** Starts to fold what the owner appends, if this process is to stand by. */
  standBy(): void {
    if (!this.options.standsBy || this.following) return;
    const stop = new AbortController();
    this.following = { stop, ended: this.follow(stop.signal) };
  }

  /**
   * Takes the partition over and decides the commands after the last that has an outcome, until `signal` says that the partition has another owner. Commands
   * whose append fails are decided again when the partition is served again.
   * @throws {LogFenced} @throws {LogUnavailable} @throws {OutcomeUnknown} the owner may take the partition over again
   * @throws {LogUnreadable} or any other error: nothing more is decided here
   */
  async serve(commandsAfter: (after: Offset) => AsyncIterable<Received[]>, signal: AbortSignal): Promise<void> {
    await this.stopFollowing();
    try {
      const processor = await this.opened();
      await processor.takeOver(signal);
      this.owns = true;
      await this.decide(processor, commandsAfter(processor.decidedUpTo), signal);
    } catch (error) {
      if (signal.aborted && error === signal.reason) return;
      const cause = error instanceof CommandsUnavailable ? error.cause : error;
      if (!isPassing(cause)) {
        this.processor = undefined;
        this.options.onStopped(this.options.partition, cause);
      }
      throw cause;
    } finally {
      this.owns = false;
      await this.processor?.settled();
      this.standBy();
    }
  }

  /** Stops standing by and saves the states, so that the next start has little to fold. */
  async close(): Promise<void> {
    await this.stopFollowing();
    await this.processor?.close();
  }

  /** Decides batch after batch, at most one ahead of the one that is being made durable. */
  private async decide(processor: Processor, commands: AsyncIterable<Received[]>, signal: AbortSignal): Promise<void> {
    let before: Promise<void> = Promise.resolve();
    for await (const received of commands) {
      const pending = received.map(pendingIn);
      for (let from = 0; from < pending.length && !signal.aborted;) {
        const { count, durable } = await processor.decideReceived(pending.slice(from, from + batchLimits.commands));
        durable.catch(() => undefined);
        from += count;
        await before;
        before = durable;
      }
      if (signal.aborted) break;
    }
    await before;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await (await this.opened()).follow(signal);
      } catch (error) {
        // The state store is damaged or contradicts the log: waiting changes nothing.
        if (error instanceof StatesDamaged || error instanceof LogDiverged) {
          this.options.onStopped(this.options.partition, error);
          return;
        }
        // A failed standby only lengthens the takeover. It begins again from the states it saved.
        this.processor = undefined;
        this.options.alarm('a partition has no standby in this process for now', { commandId: '', error });
        await (this.options.wait ?? wait)(pause, signal);
      }
    }
  }

  private async opened(): Promise<Processor> {
    return (this.processor ??= await Processor.standBy({ ...this.options, keepsOutcomes: true }));
  }

  private async stopFollowing(): Promise<void> {
    this.following?.stop.abort();
    await this.following?.ended;
    this.following = undefined;
  }
}

function pendingIn(received: Received): PendingReceived {
  if ('command' in received) return pendingOf(received.command, received.offset, received.digest);
  if ('dryRun' in received)
    return { offset: received.offset, dryRun: received.dryRun.map((command) => pendingOf(command, received.offset)) };
  if ('atomic' in received)
    return { offset: received.offset, atomic: received.atomic.map((command) => pendingOf(command, received.offset)) };
  return received;
}
