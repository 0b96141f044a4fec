import { assignmentOf } from '../assignment.js';
import { partitionOf } from '../partition-of.js';
import { isPassing, programmeOf, type Address, type Inbox, type Offset, type Received, type Sent, type ServePartition } from '../ports.js';

const batchSize = 1_000;
export type Member = { assign(partitions: readonly number[]): void };

/** The inboxes of several instances over one memory, for specs and simulation. They have no timers and no randomness. */
export class MemoryInboxes {
  readonly messages: Received[][];
  private readonly members = new Map<string, Member>();
  private readonly waiting = new Set<() => void>();

  constructor(readonly partitions: number) {
    this.messages = Array.from({ length: partitions }, () => []);
  }

  /** The inbox of the instance with this name. */
  as(instance: string): Inbox {
    return new MemoryInbox(this, instance);
  }
  join(instance: string, member: Member): void {
    this.members.set(instance, member);
    this.reassign();
  }
  leave(instance: string): void {
    this.members.delete(instance);
    this.reassign();
  }
  /** Whether an instance owns a partition now. */
  owns(instance: string, partition: number): boolean {
    return (
      assignmentOf([...this.members.keys()], this.partitions)
        .get(instance)
        ?.includes(partition) ?? false
    );
  }
  add(partition: number, sent: Sent): Offset {
    const messages = this.messages[partition] ?? [];
    const offset = messages.push({ offset: messages.length, ...sent }) - 1;
    for (const wake of this.waiting) wake();
    return offset;
  }
  /** Messages after an offset, then new ones as they come, until `signal` is aborted. */
  async *after(partition: number, offset: Offset, signal: AbortSignal): AsyncIterable<Received[]> {
    for (let next = offset + 1; !signal.aborted;) {
      const batch = (this.messages[partition] ?? []).slice(next, next + batchSize);
      next += batch.length;
      if (batch.length > 0) yield batch;
      else await this.added(signal);
    }
  }

  private reassign(): void {
    const assigned = assignmentOf([...this.members.keys()], this.partitions);
    for (const [instance, member] of this.members) member.assign(assigned.get(instance) ?? []);
  }
  private added(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

class MemoryInbox implements Inbox {
  readonly partitions: number;
  private readonly served = new Map<number, { stop: AbortController; ended: Promise<void> }>();
  private readonly closing = new AbortController();

  constructor(
    private readonly inboxes: MemoryInboxes,
    private readonly instance: string,
  ) {
    this.partitions = inboxes.partitions;
  }

  send(sent: readonly Sent[]): Promise<Address[]> {
    return Promise.resolve(
      sent.map((one) => {
        const partition = partitionOf(programmeOf(one), this.partitions);
        return { partition, offset: this.inboxes.add(partition, one) };
      }),
    );
  }

  async own(serve: ServePartition): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.closing.signal.addEventListener('abort', () => {
        resolve();
      });
    });
    this.inboxes.join(this.instance, {
      assign: (partitions) => {
        for (const [partition, { stop }] of this.served) if (!partitions.includes(partition)) stop.abort();
        for (const partition of partitions) if (this.served.get(partition)?.stop.signal.aborted !== false) this.serve(partition, serve);
      },
    });
    await closed;
    this.inboxes.leave(this.instance);
    for (const { stop } of this.served.values()) stop.abort();
    await Promise.all([...this.served.values()].map(({ ended }) => ended));
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([...this.served.values()].map(({ ended }) => ended));
  }

  private serve(partition: number, serve: ServePartition): void {
    const before = this.served.get(partition)?.ended;
    const stop = new AbortController();
    const work = async () => {
      await before;
      this.giveUpWhereLost(partition, stop);
      while (!stop.signal.aborted) {
        try {
          await serve(partition, (offset) => this.inboxes.after(partition, offset, stop.signal), stop.signal);
          return;
        } catch (error) {
          if (!isPassing(error)) return;
          this.giveUpWhereLost(partition, stop);
        }
      }
    };
    this.served.set(partition, { stop, ended: work() });
  }

  private giveUpWhereLost(partition: number, stop: AbortController): void {
    if (!this.inboxes.owns(this.instance, partition)) stop.abort();
  }
}
