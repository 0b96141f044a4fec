/**
 * The ports of the event log, the inbox of commands and the state store. Every adapter passes the contract suite beside it.
 * Places, partitions and what an entry says of its command are the adapter's metadata: no record's bytes depend on them.
 */
import type { Command } from '../domain/commands.js';
import type { Instant } from '../domain/vocabulary.js';

/** Where an entry lies in its partition: a SQLite rowid, a Kafka offset. Growing, not contiguous. */
export type Place = number;
/** The place before the first entry. */
export const start: Place = -1;

/** Which command an entry comes from: entry `index` of the `count` it made. */
export type CommandRef = {
  /** The command's place in the inbox. */
  place: Place;
  organisation: string;
  id: string;
  /** SHA-256 of the command as sent (type, target, date, data, expected version, on behalf of), hex. */
  digest: string;
  index: number;
  count: number;
};

/** A record of a programme's history, or an answer, which has no position and is no part of the history. */
export type NewEntry = {
  kind: 'record' | 'answer';
  bytes: Uint8Array;
  programme?: string;
  position?: number;
  command?: CommandRef;
};
export type Entry = NewEntry & { place: Place };

export interface EventLog {
  readonly partitions: number;
  /** Entries after a place, in order, in batches, to the end as of the call. @throws {LogUnreadable} */
  read(partition: number, after: Place): AsyncIterable<Entry[]>;
  /** The same, then entries as they are committed; returns on abort. @throws {LogUnreadable} */
  follow(partition: number, after: Place, signal: AbortSignal): AsyncIterable<Entry[]>;
  /** From now on every earlier writer's append fails with {@link LogFenced}. */
  acquire(partition: number): Promise<LogWriter>;
  close(): Promise<void>;
}

export interface LogWriter {
  /**
   * Appends all entries or none, in consecutive order, durable when it resolves.
   * @returns the places given, in the order of the entries
   * @throws {LogFenced} somebody acquired the partition since
   * @throws {LogUnavailable} nothing was written: the disk is full or not writable
   * @throws {OutcomeUnknown} it may or may not be there: acquire again and read
   */
  append(entries: readonly NewEntry[]): Promise<Place[]>;
}

/** Somebody else writes this partition now. Nothing was written. */
export class LogFenced extends Error {
  override readonly name = 'LogFenced';
}
/** Nothing was written, the log can't take more for now. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
}
/** It is not known whether the entries were written. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}
/** The entry at `place` can't be read: torn, edited, or of a kind this version does not know. */
export class LogUnreadable extends Error {
  override readonly name = 'LogUnreadable';
  constructor(
    readonly place: Place,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
/** Another process writes this ledger. */
export class LedgerLocked extends Error {
  override readonly name = 'LedgerLocked';
}

/** A command as the processor takes it from the inbox. */
export type Received = { place: Place; command: Command; dryRun: boolean } | { place: Place; unreadable: Uint8Array };

/**
 * The way of commands to whoever owns their partition, where that is another process. In one process a queue takes its place
 * (`EmbeddedCommands`).
 */
export interface Inbox {
  /** Kept once it resolves. */
  send(command: Command): Promise<void>;
  /** Serves the partitions that this process owns, each until `signal` says that it no longer does. */
  own(
    serve: (partition: number, commandsAfter: (place: Place) => AsyncIterable<Received[]>, signal: AbortSignal) => Promise<void>,
  ): Promise<void>;
}

/** A programme's latest position, the hash of the record there and its `recordedAt`. */
export type Head = { position: number; hash: string; recordedAt: Instant };
export type Heads = ReadonlyMap<string, Head>;

/** One value the processor keeps; `undefined` as value means it is gone. `expires` lets the store forget it. */
export type StoredState = { key: string; value: unknown; expires?: Instant };

/**
 * What the processor knows, on local disk behind the log: a cache, thrown away unless its heads match the log and its code version this code.
 * Values are plain data (objects, arrays, strings, numbers, bigints).
 */
export interface StateStore {
  open(partition: number): { place: Place; heads: Heads } | undefined;
  /** The values of `keys` in their order, `undefined` where there is none. */
  read(keys: readonly string[]): unknown[];
  /** All or nothing: the changed values, and that they are the state at `place`. */
  save(place: Place, heads: Heads, changed: readonly StoredState[]): Promise<void>;
  /** Forgets everything, so that the state is folded from the log again. */
  clear(): void;
  close(): void;
}
