/**
 * The ports of the event log, the inbox of commands and the state store. Every adapter passes the contract suite beside it.
 * Offsets, partitions and an entry's reference to its command are the adapter's metadata: no record's bytes depend on them.
 */
import type { Command } from '../domain/commands.js';
import type { Instant } from '../domain/vocabulary.js';

/** The place of an entry in its partition: a SQLite rowid or a Kafka offset. Offsets grow, with gaps. */
export type Offset = number;
/** The offset before the first entry. */
export const start: Offset = -1;

/** The command that an entry comes from: this is entry `index` of the command's `count`. */
export type CommandRef = {
  /** The command's offset in the inbox. */
  offset: Offset;
  organisation: string;
  id: string;
  /** SHA-256 of the command as sent (type, target, date, data, on behalf of), hex. */
  digest: string;
  index: number;
  count: number;
};

/** A record of a programme's history, or an outcome that left no record: it has no position and is not part of the history. */
export type NewEntry = {
  kind: 'record' | 'outcome';
  bytes: Uint8Array;
  programme?: string;
  position?: number;
  command?: CommandRef;
  /** Nobody needs the bytes after a day: the adapter may keep them elsewhere until then. */
  expires?: true;
  /** A record's type and time, for an adapter that puts them beside the bytes: it need not decode the bytes then. */
  type?: string;
  recordedAt?: Instant;
};
/** `whole` reads bytes that are kept elsewhere; if it is absent, `bytes` are whole. @throws {LogUnavailable} @throws {LogUnreadable} they have expired */
export type Entry = NewEntry & { offset: Offset; whole?: () => Promise<Uint8Array> };

export interface EventLog {
  readonly partitions: number;
  /** Entries after an offset, in order, in batches, to the end as of the call. @throws {LogUnreadable} */
  read(partition: number, after: Offset): AsyncIterable<Entry[]>;
  /** The offset of the last entry as of the call, {@link start} if there is none. */
  end(partition: number): Promise<Offset>;
  /** The same as {@link read}, then entries as they are committed; returns on abort. @throws {LogUnreadable} */
  follow(partition: number, after: Offset, signal: AbortSignal): AsyncIterable<Entry[]>;
  /**
   * From now on every earlier writer's append fails with {@link LogFenced}. If `signal` is aborted by then, nobody is fenced and its reason is thrown.
   * @throws {LogFenced} another writer acquired it meanwhile @throws {LogUnavailable}
   */
  acquire(partition: number, signal?: AbortSignal): Promise<LogWriter>;
  close(): Promise<void>;
}

export interface LogWriter {
  /**
   * Appends all entries or none, in consecutive order, durable when it resolves.
   * @returns the entries' offsets, in their order
   * @throws {LogFenced} another writer has acquired the partition since
   * @throws {LogUnavailable} nothing was written: the disk is full or not writable
   * @throws {OutcomeUnknown} the entries may or may not be written: acquire again and read
   */
  append(entries: readonly NewEntry[]): Promise<Offset[]>;
}

/** This writer may not write any more, mostly because another one has taken over. Nothing was written. */
export class LogFenced extends Error {
  override readonly name = 'LogFenced';
}
/** The log can't be read or written for now. Nothing was written. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
}
/** It is not known whether the entries were written. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}
/** Whether the partition's owner may take it over again after this error: it was fenced, the log was unavailable, or an outcome is unknown. */
export function isPassing(error: unknown): boolean {
  return error instanceof LogFenced || error instanceof LogUnavailable || error instanceof OutcomeUnknown;
}
/** The entry at `offset` can't be read: it is torn, edited, or of a kind that this version does not know. */
export class LogUnreadable extends Error {
  override readonly name: string = 'LogUnreadable';
  constructor(
    readonly offset: Offset,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
/** The state store holds something other than what it wrote. Nothing may be decided on it; it is folded from the log again. */
export class StatesDamaged extends Error {
  override readonly name = 'StatesDamaged';
}
/** The log does not hold what was folded from it: it was shortened or replaced. */
export class LogDiverged extends LogUnreadable {
  override readonly name = 'LogDiverged';
}
/** Another process writes this ledger. */
export class LedgerLocked extends Error {
  override readonly name = 'LedgerLocked';
}

/** SHA-256 (hex) of a command as sent, and the number of bytes that were hashed. */
export type CommandDigest = { hex: string; size: number };
/** One command or more. */
export type SomeCommands = readonly [Command, ...Command[]];
/**
 * A message to an inbox: a command to decide, with its digest if the sender knows it already; or commands of one programme, either for a cumulative dry run,
 * which records nothing, or as an atomic batch.
 */
export type Sent = { command: Command; digest?: CommandDigest } | { dryRun: SomeCommands } | { atomic: SomeCommands };
/** The programme that a message is for. */
export function programmeOf(sent: Sent): string {
  if ('command' in sent) return sent.command.programme;
  return ('dryRun' in sent ? sent.dryRun : sent.atomic)[0].programme;
}
/**
 * A message as the partition's owner receives it. Unreadable bytes are handed over too, so that their sender gets an outcome. A dry run has lapsed if nobody
 * waits for it any more, or if its commands can't be fetched.
 */
export type Received = { offset: Offset } & (Sent | { unreadable: Uint8Array } | { lapsed: true });
/** The place of a message in the inbox. */
export type Address = { partition: number; offset: Offset };

/** Decides the messages of one partition until `signal` says that it has another owner. `after` is an offset in the inbox. */
export type ServePartition = (
  partition: number,
  commandsAfter: (after: Offset) => AsyncIterable<Received[]>,
  signal: AbortSignal,
) => Promise<void>;

/** Takes commands to the owner of their partition, which may be another process. In a single process a queue takes its place (`EmbeddedCommands`). */
export interface Inbox {
  readonly partitions: number;
  /**
   * Stores messages, in their order, until long after they are decided. If one is not stored, none after it in the same call is.
   * @returns the address of each
   * @throws {InboxUnavailable} it is not known whether the message that failed is stored
   * @throws {SentTooLarge} a message is larger than the inbox takes; none is stored
   */
  send(sent: readonly Sent[]): Promise<Address[]>;
  /**
   * Serves the partitions that this process owns, as they come and go, until the inbox is closed. A service that ends with a passing error
   * ({@link isPassing}) is started again if this process still owns the partition. Any other error stops that partition alone.
   */
  own(serve: ServePartition): Promise<void>;
  /** Gives up this process's partitions, waits until none is served any more, and takes no more messages. */
  close(): Promise<void>;
}

/** The inbox takes nothing now. What was sent may or may not be stored: ask again with the same command id. */
export class InboxUnavailable extends Error {
  override readonly name = 'InboxUnavailable';
}
/** A message is larger than the inbox takes. */
export class SentTooLarge extends Error {
  override readonly name = 'SentTooLarge';
}

/** A programme's latest position, the hash of the record there and its `recordedAt`. */
export type Head = { position: number; hash: string; recordedAt: Instant };
export type Heads = ReadonlyMap<string, Head>;

/** One value of the processor's, as text; `undefined` deletes it. From `expires` on (milliseconds since 1970) the store may forget it. */
export type StoredState = { key: string; value: string | undefined; expires?: number };

/**
 * The processor's states on local disk, never ahead of the log: a cache, discarded unless its heads match the log and its code version matches this code.
 */
export interface StateStore {
  open(partition: number): { offset: Offset; heads: Heads } | undefined;
  /** The values of `keys` in their order, `undefined` for a key without one. @throws {StatesDamaged} */
  read(keys: readonly string[]): (string | undefined)[];
  /** Saves, all or nothing, the changed values and that they are the states at `offset`. @throws {StatesDamaged} */
  save(offset: Offset, heads: Heads, changed: readonly StoredState[]): Promise<void>;
  /** Forgets everything, so that the states are folded from the log again. */
  clear(): void;
  close(): void;
}
