/**
 * The ports of the event log, the inbox of commands and the state store. Every adapter passes the contract suite beside it.
 * Offsets, partitions and what an entry says of its command are the adapter's metadata: no record's bytes depend on them.
 */
import type { Command } from '../domain/commands.js';
import type { Instant } from '../domain/vocabulary.js';

/** Where an entry lies in its partition: a SQLite rowid, a Kafka offset. Growing, not contiguous. */
export type Offset = number;
/** The offset before the first entry. */
export const start: Offset = -1;

/** Which command an entry comes from: entry `index` of the `count` it made. */
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

/** A record of a programme's history, or the outcome of a command that left none: it has no position and is no part of the history. */
export type NewEntry = {
  kind: 'record' | 'outcome';
  bytes: Uint8Array;
  programme?: string;
  position?: number;
  command?: CommandRef;
  /** Nobody needs the bytes after a day: they may be kept elsewhere until then. */
  expires?: true;
  /** A record's type and when it was recorded, for an adapter that says so beside the bytes: so that it need not read them. */
  type?: string;
  recordedAt?: Instant;
};
/** `whole` reads bytes that are kept elsewhere; where it is absent `bytes` are whole. @throws {LogUnavailable} @throws {LogUnreadable} they have expired */
export type Entry = NewEntry & { offset: Offset; whole?: () => Promise<Uint8Array> };

export interface EventLog {
  readonly partitions: number;
  /** Entries after an offset, in order, in batches, to the end as of the call. @throws {LogUnreadable} */
  read(partition: number, after: Offset): AsyncIterable<Entry[]>;
  /** The offset of the last entry as of the call, {@link start} where there is none. */
  end(partition: number): Promise<Offset>;
  /** The same as {@link read}, then entries as they are committed; returns on abort. @throws {LogUnreadable} */
  follow(partition: number, after: Offset, signal: AbortSignal): AsyncIterable<Entry[]>;
  /**
   * From now on every earlier writer's append fails with {@link LogFenced}. Where `signal` is aborted by then nobody is fenced, and its reason is thrown.
   * @throws {LogFenced} somebody else acquired it meanwhile @throws {LogUnavailable}
   */
  acquire(partition: number, signal?: AbortSignal): Promise<LogWriter>;
  close(): Promise<void>;
}

export interface LogWriter {
  /**
   * Appends all entries or none, in consecutive order, durable when it resolves.
   * @returns the offsets given, in the order of the entries
   * @throws {LogFenced} somebody acquired the partition since
   * @throws {LogUnavailable} nothing was written: the disk is full or not writable
   * @throws {OutcomeUnknown} it may or may not be there: acquire again and read
   */
  append(entries: readonly NewEntry[]): Promise<Offset[]>;
}

/** This writer may write no longer, mostly as somebody else does now. Nothing was written. */
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
/** Whether the partition's owner may take it over again after this error: the log was fenced or unavailable, or an outcome is unknown. */
export function isPassing(error: unknown): boolean {
  return error instanceof LogFenced || error instanceof LogUnavailable || error instanceof OutcomeUnknown;
}
/** The entry at `offset` can't be read: torn, edited, or of a kind this version does not know. */
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
/** The state store holds something that it did not write so. Nothing may be decided on it: it is folded from the log again. */
export class StatesDamaged extends Error {
  override readonly name = 'StatesDamaged';
}
/** The log does not hold what was folded from it: it was shortened, or another one was put in its place. */
export class LogDiverged extends LogUnreadable {
  override readonly name = 'LogDiverged';
}
/** Another process writes this ledger. */
export class LedgerLocked extends Error {
  override readonly name = 'LedgerLocked';
}

/** SHA-256 (hex) of a command as sent, and how many bytes that was made of. */
export type CommandDigest = { hex: string; size: number };
/** One command or more. */
export type SomeCommands = readonly [Command, ...Command[]];
/**
 * What goes into an inbox: a command to be decided, with its digest where its sender knows it already; or commands of one programme, either for a dry run
 * one after another, which records nothing, or to be recorded all or none.
 */
export type Sent = { command: Command; digest?: CommandDigest } | { dryRun: SomeCommands } | { atomic: SomeCommands };
/** The programme that something sent is for. */
export function programmeOf(sent: Sent): string {
  if ('command' in sent) return sent.command.programme;
  return ('dryRun' in sent ? sent.dryRun : sent.atomic)[0].programme;
}
/**
 * The same as its partition's owner takes it. Bytes that are neither are handed over too, so that whoever waits for them is answered. A dry run has lapsed
 * where nobody waits for it any more, or its commands can't be read.
 */
export type Received = { offset: Offset } & (Sent | { unreadable: Uint8Array } | { lapsed: true });
/** Where something lies in the inbox. */
export type Address = { partition: number; offset: Offset };

/** Decides what comes to one partition until `signal` says that it belongs to somebody else. `after` is an offset in the inbox. */
export type ServePartition = (
  partition: number,
  commandsAfter: (after: Offset) => AsyncIterable<Received[]>,
  signal: AbortSignal,
) => Promise<void>;

/**
 * The way of commands to whoever owns their partition, where that is another process. In one process a queue takes its place
 * (`EmbeddedCommands`).
 */
export interface Inbox {
  readonly partitions: number;
  /**
   * Keeps what is sent, in its order, until long after it is decided. Where one is not kept, none after it in the same call is.
   * @returns where each lies
   * @throws {InboxUnavailable} it is not known whether the one that failed is kept
   * @throws {SentTooLarge} one is larger than the inbox takes; none is kept
   */
  send(sent: readonly Sent[]): Promise<Address[]>;
  /**
   * Serves the partitions that this process owns, as they come and go, until it is closed. A service that ends with an error that passes
   * ({@link isPassing}) is started again where the partition still belongs to this process; one that ends with another stops its own partition alone.
   */
  own(serve: ServePartition): Promise<void>;
  /** Gives up what this process owns, waits until it is no longer served, and takes nothing more. */
  close(): Promise<void>;
}

/** The inbox takes nothing now. What was sent may or may not be kept: the same command id asks again. */
export class InboxUnavailable extends Error {
  override readonly name = 'InboxUnavailable';
}
/** What was sent is larger than the inbox takes. */
export class SentTooLarge extends Error {
  override readonly name = 'SentTooLarge';
}

/** A programme's latest position, the hash of the record there and its `recordedAt`. */
export type Head = { position: number; hash: string; recordedAt: Instant };
export type Heads = ReadonlyMap<string, Head>;

/** One value the processor keeps, as text; `undefined` means it is gone. From `expires` on (milliseconds since 1970) the store may forget it. */
export type StoredState = { key: string; value: string | undefined; expires?: number };

/**
 * The processor's states on local disk, behind the log: a cache, thrown away unless its heads match the log and its code version this code.
 */
export interface StateStore {
  open(partition: number): { offset: Offset; heads: Heads } | undefined;
  /** The values of `keys` in their order, `undefined` where there is none. @throws {StatesDamaged} */
  read(keys: readonly string[]): (string | undefined)[];
  /** All or nothing: the changed values, and that they are the state at `offset`. @throws {StatesDamaged} */
  save(offset: Offset, heads: Heads, changed: readonly StoredState[]): Promise<void>;
  /** Forgets everything, so that the state is folded from the log again. */
  clear(): void;
  close(): void;
}
