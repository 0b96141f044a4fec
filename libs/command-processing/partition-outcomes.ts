/** The outcomes in one partition's log, for the senders in this process that wait for them. */
import { type Address, type Entry, type Offset } from '../event-log/ports.js';
import type { Stopped } from './outcome-entries.js';
import { isComplete } from './outcome-of-entries.js';
import { type AtomicOutcome, type Outcome } from './outcome.js';

/** Commands that were sent together and are answered together. */
export type Call = {
  outcomes: Outcome[];
  missing: number;
  /** What stopped commands that are recorded all or none. */
  stopped?: Stopped;
  /** Where what was sent lies in the inbox; `undefined` until that is known. */
  addresses?: readonly Address[];
  lastHeard: number;
  /** Its share of the room for waiting commands, until it is neither awaited nor being sent. */
  room: { commands: number; bytes: number };
  isWaitedFor: boolean;
  isBeingSent: boolean;
  resolve: (outcome: AtomicOutcome) => void;
  reject: (error: unknown) => void;
};

/** An awaited outcome of a call, or the outcomes of a dry run or an atomic batch: `commands` of them share one offset. */
export type Waiting = { call: Call; index: number; commands: number };

/** What one partition's log says of the commands that are waited for here. */
export class PartitionOutcomes {
  /** What is waited for, with the entries of it that were read. */
  private readonly expected = new Map<Offset, { waiting: Waiting; entries: Entry[] }>();
  /** Entries that may be of a command whose sender does not know its offset yet. */
  private readonly early = new Map<Offset, Entry[]>();
  /** How far the inbox had been decided when each sender that does not know its offset began. */
  private readonly sending = new Set<{ after: Offset }>();
  private decided: Offset = -1;

  constructor(public offset: Offset) {}

  /** Outcomes are kept from now on until the offset is known. */
  startSending(): () => void {
    const sender = { after: this.decided };
    this.sending.add(sender);
    return () => {
      const [oldest] = this.sending;
      this.sending.delete(sender);
      if (sender !== oldest) return;
      // The sender that began first had seen the least: entries that every sender had seen when it began are of no command that is awaited.
      const [next] = this.sending;
      if (!next) this.early.clear();
      else for (const offset of this.early.keys()) if (offset <= next.after) this.early.delete(offset);
    };
  }

  /** Waits for the outcome of what lies at an offset in the inbox; gives its entries where all of them are known already. */
  expect(offset: Offset, waiting: Waiting): Entry[] | undefined {
    const entries = this.early.get(offset) ?? [];
    if (isComplete(entries, waiting.commands)) return entries;
    this.expected.set(offset, { waiting, entries: [...entries] });
    return undefined;
  }

  /** Nobody waits for the outcome of what lies there any more. */
  forget(offset: Offset): void {
    this.expected.delete(offset);
  }

  /** Takes the next entry of the log, and says whose outcome is complete with it. */
  take(entry: Entry): { waiting: Waiting; entries: Entry[] } | undefined {
    this.offset = entry.offset;
    const { command } = entry;
    if (!command) return undefined;
    this.decided = Math.max(this.decided, command.offset);
    const expected = this.expected.get(command.offset);
    if (expected) {
      expected.entries.push(entry);
      if (!isComplete(expected.entries, expected.waiting.commands)) return undefined;
      this.expected.delete(command.offset);
      return expected;
    }
    if (this.sending.size === 0) return undefined;
    const early = this.early.get(command.offset);
    if (early) early.push(entry);
    else this.early.set(command.offset, [entry]);
    return undefined;
  }
}
