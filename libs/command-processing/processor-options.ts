/** What a processor needs, and what it tells its operator. */
import type { EventLog, Offset, StateStore } from '../event-log/ports.js';
import type { Instant } from '../domain/vocabulary.js';
import { type Alarm } from './decide-command.js';

/** An append takes at most this many commands, and this many bytes of the entries they make. */
export const batchLimits = { commands: 1_000, bytes: 512 * 1024 } as const;

export const noAlarm: Alarm = () => undefined;

/** What an operator counts and times. Durations in milliseconds. */
export type ProcessorObserver = {
  committed(batch: { commands: number; entries: number; bytes: number; milliseconds: number; offset: Offset }): void;
  /** The log is folded up to `offset`; the states lacked this many entries. */
  restored(start: { replayed: number; offset: Offset }): void;
};

export type ProcessorOptions = {
  log: EventLog;
  partition: number;
  states: StateStore;
  /** Milliseconds since 1970; also times commits. */
  now: () => number;
  /** See `acceptedUpTo` of the clock. */
  acceptedUpTo?: Instant | undefined;
  alarm: Alarm;
  observer?: ProcessorObserver;
  /**
   * Whether a command that leaves no record leaves its outcome in the log: senders in other processes wait for it, and it says how far the inbox is
   * decided.
   */
  keepsOutcomes?: boolean;
  /** How many programmes and initiatives are cached. */
  cached?: number;
  /** States are saved once this many changed or {@link saveEvery} milliseconds went by, whichever comes first. */
  saveAfter?: number;
  saveEvery?: number;
};
