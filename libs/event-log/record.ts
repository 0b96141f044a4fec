/**
 * Encodes a record as exact JSON bytes, and decodes it. The bytes are the truth: they are the same in SQLite and in a Kafka value, and are hashed as they are.
 * Money is `bigint` in the domain and a decimal string in the bytes; everything else is the same in both.
 */
import { hash } from 'node:crypto';
import type { Command, CommandType } from '../domain/commands.js';
import { type DomainEvent, type EventType } from '../domain/events.js';
import { eventTypes, type RefusalCode } from '../domain/capabilities.js';
import {
  moneyInApprovals,
  moneyInCarryOver,
  moneyInCommands,
  moneyInEvents,
  moneyInSums,
  type MoneyFields,
} from '../domain/money-fields.js';
import type { Actor, Instant, Nothing, IsoDate } from '../domain/vocabulary.js';
import { trusted } from '../trusted/trusted.js';

/** A type as JSON has it: `bigint` is a decimal string. */
export type Wire<T> = T extends bigint ? string : T extends object ? { [K in keyof T]: Wire<T[K]> } : T;

type RecordFrame = {
  programme: string;
  position: number;
  recordedAt: Instant;
  commandId: string;
  correlationId?: string;
  /** SHA-256 (hex) of the bytes of the programme's record before; 64 zeros for the first. */
  previousHash: string;
};
/** An event as recorded. `schema` is the version of the shape of its data and context; what was written by an earlier one is read through {@link upcasters}. */
export type EventRecord = RecordFrame & DomainEvent & { schema: 1 };
type SentCommand = Wire<Pick<Command, 'type' | 'data' | 'occurredOn' | 'expectedVersion' | 'references'>>;
/** A refused command as it was sent; of a large one `data` is empty, and `cut` has its digest, its size in bytes, and the beginning of its data. */
export type RefusedCommand =
  SentCommand | (Omit<SentCommand, 'data'> & { data: Nothing; cut: { digest: string; bytes: number; beginning: string } });
/** A refused command as recorded: who tried what, and which rule said no. */
export type RefusalRecord = RecordFrame & {
  type: 'CommandRefused';
  schema: 1;
  initiative?: string;
  version?: never;
  data: {
    code: RefusalCode;
    detail: string;
    figures?: { available?: string; requested?: string; committed?: string };
    command: RefusedCommand;
  };
  context: Nothing;
  occurredOn: IsoDate;
  actor: Actor;
};
/** One entry of a programme's history: an event, or a refusal. */
export type LedgerRecord = EventRecord | RefusalRecord;

/** The `previousHash` of a programme's first record. */
export const noHash = '0'.repeat(64);

/** Who sent the command that a record comes from: of what waited for a second person, the one who approved it. */
export function senderIn(record: LedgerRecord): Actor {
  return (record.type === 'CommandRefused' ? undefined : record.approvedBy) ?? record.actor;
}

/** The same value with every `bigint` as a decimal string. */
export function toWire<T>(value: T): Wire<T>;
export function toWire(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => toWire(item));
  const wire: Record<string, unknown> = {};
  if (hasFields(value))
    for (const key of Object.keys(value)) {
      const field = value[key];
      if (field !== undefined) wire[key] = typeof field === 'string' ? field : toWire(field);
    }
  return wire;
}

/** The inverse of {@link toWire} for a parsed value, in place: those of the given money fields that it has become `bigint`. */
export function readMoney(parsed: unknown, money: MoneyFields | undefined): void {
  if (!money || !hasFields(parsed)) return;
  for (const name of Object.keys(money)) {
    const field = parsed[name];
    if (typeof field === 'string') parsed[name] = BigInt(field);
  }
}

/** The same for each value of an object, such as sums by fiscal year. */
export function readMoneyInEach(parsed: unknown, money: MoneyFields): void {
  if (hasFields(parsed)) for (const value of Object.values(parsed)) readMoney(value, money);
}

/** The same for the data of a command. */
export function readMoneyOfCommand({ type, data }: { readonly type: CommandType; readonly data: unknown }): void {
  readMoney(data, moneyInCommands[type]);
  if (hasFields(data)) readMoneyInEach(data['approvals'], moneyInApprovals);
}

function hasFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** A record's exact bytes. The order of its fields is fixed. */
export function encodeRecord(record: LedgerRecord): Uint8Array {
  return encoder.encode(
    JSON.stringify({
      programme: record.programme,
      position: record.position,
      initiative: record.initiative,
      version: record.version,
      type: record.type,
      schema: record.schema,
      data: toWire(record.data),
      context: toWire(record.context),
      references: record.type === 'CommandRefused' ? undefined : record.references,
      occurredOn: record.occurredOn,
      recordedAt: record.recordedAt,
      actor: record.actor,
      approvedBy: record.type === 'CommandRefused' ? undefined : record.approvedBy,
      commandId: record.commandId,
      correlationId: record.correlationId,
      previousHash: record.previousHash,
    }),
  );
}

/** SHA-256 of a record's bytes, hex. */
export function hashOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** The bytes are not a record that this version knows. */
export class UnknownRecord extends Error {
  override readonly name = 'UnknownRecord';
}

/** The type of a record. */
export type RecordType = LedgerRecord['type'];
const recordTypes: readonly RecordType[] = [...eventTypes, 'CommandRefused'];

/** The parts of a record that its schema describes, as in JSON. All schemas share the other fields. */
export type Shape = { data: Record<string, unknown>; context: Record<string, unknown> };
/** Converts a record's shape from one schema to the next. It must be total and never change: histories are folded from its results. */
export type Upcaster = (written: Shape) => Shape;
/** By type, then by the schema that a record was written in. */
export type Upcasters = Readonly<Partial<Record<RecordType, Readonly<Record<number, Upcaster>>>>>;

/** The upcasters for records of earlier schemas. No type has an earlier schema yet; the first type that gets a second one has its upcaster here, under `1`. */
export const upcasters: Upcasters = {};

/** The current schema of each type of record: the one after the newest that has an upcaster. */
export function schemasToday(earlier: Upcasters = upcasters): ReadonlyMap<string, number> {
  return new Map(recordTypes.map((type) => [type, 1 + Math.max(0, ...Object.keys(earlier[type] ?? {}).map(Number))]));
}

/** Makes a reader of parsed records with these upcasters. */
export function recordReader(earlier: Upcasters): (written: unknown) => LedgerRecord {
  const today = schemasToday(earlier);
  return (written) => {
    const newest = isInOutline(written, today) ? written : upcast(written, earlier);
    if (!isInOutline(newest, today))
      throw new UnknownRecord(`not a record of a known type and schema: ${JSON.stringify(written).slice(0, 200)}`);
    // Only the ledger writes records, so details are trusted to be as the type and schema say; `verify` proves it.
    const record = trusted<LedgerRecord>(newest);
    // A refusal keeps the command as it was sent, with amounts as text.
    if (record.type === 'CommandRefused') return record;
    readMoney(record.data, moneyInEvents[record.type]);
    if (record.type === 'FundsCarriedOver') readMoney(record.context, moneyInCarryOver);
    if (record.type === 'InitiativeAmended') readMoneyInEach(record.context.moved?.sums, moneyInSums);
    else if (record.type === 'ProgrammeEstablished' || record.type === 'ProgrammeAmended')
      readMoneyInEach(record.data.approvals, moneyInApprovals);
    else if (record.type === 'CommandSubmitted') readMoneyOfCommand(record.data.command);
    return record;
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UnknownRecord('the bytes are not JSON in UTF-8', { cause });
  }
}

/** The record converted to the newest schema that upcasters lead to. */
function upcast(written: unknown, earlier: Upcasters): unknown {
  if (!hasFields(written)) return written;
  const type = recordTypes.find((known) => known === written['type']);
  let record = written;
  for (;;) {
    const { schema, data, context } = record;
    const next = type !== undefined && typeof schema === 'number' ? earlier[type]?.[schema] : undefined;
    if (!next || typeof schema !== 'number' || !hasFields(data) || !hasFields(context)) return record;
    record = { ...record, ...next({ data, context }), schema: schema + 1 };
  }
}

/**
 * Decodes a record's bytes. Only the ledger writes them, so beyond JSON of a known type and schema their shape is trusted; `verify` proves it.
 * @throws {UnknownRecord} not JSON, or a type or schema that this version does not know; such a record is never skipped
 */
export function decodeRecord(bytes: Uint8Array): LedgerRecord {
  return decodeRecordText(textOf(bytes));
}

/** The same, from the bytes as text. @throws {UnknownRecord} */
export function decodeRecordText(text: string): LedgerRecord {
  return recordFrom(parsed(text));
}

/** The same, from the parsed text, which becomes the record itself. @throws {UnknownRecord} */
export const recordFrom = recordReader(upcasters);

/** A record's bytes as text. @throws {UnknownRecord} */
export function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new UnknownRecord('the bytes are not JSON in UTF-8', { cause });
  }
}

/** Whether a value has a record's outline: its type and schema, and every field of its envelope. */
function isInOutline(value: unknown, today: ReadonlyMap<string, number>): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'schema' in value &&
    typeof value.schema === 'number' &&
    value.schema === today.get(value.type) &&
    'programme' in value &&
    typeof value.programme === 'string' &&
    'position' in value &&
    Number.isSafeInteger(value.position) &&
    'previousHash' in value &&
    typeof value.previousHash === 'string' &&
    'occurredOn' in value &&
    typeof value.occurredOn === 'string' &&
    'recordedAt' in value &&
    typeof value.recordedAt === 'string' &&
    'commandId' in value &&
    typeof value.commandId === 'string' &&
    'data' in value &&
    isObject(value.data) &&
    'context' in value &&
    isObject(value.context) &&
    'actor' in value &&
    isObject(value.actor)
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Every type of record by its name: the published schemas are generated from it. */
export type RecordsByType = { [T in EventType]: Extract<EventRecord, { type: T }> } & { CommandRefused: RefusalRecord };
