/**
 * Converts an entry of the log to a Kafka message and back. The value is the record's exact bytes. The headers are those of CloudEvents 1.0 (Kafka binding,
 * binary mode), with the reference to the command in `ledger_command`.
 */
import { randomUUID } from 'node:crypto';
import { LogUnreadable, type CommandRef, type Entry, type NewEntry, type Offset } from '../ports.js';
import type { FetchedMessage, Header, OutgoingMessage } from '../../kafka-client/record-batch.js';

/** The types of messages that are not records of a programme's history. */
export const ownTypes = { answer: 'ledger.CommandAnswered', genesis: 'ledger.Genesis', ownership: 'ledger.OwnershipTaken' } as const;
/** The `ce_source` of every message. */
export const eventSource = 'initiative-ledger';

/** The first message of a partition: its number, the number of partitions, and the format of entries. */
export type Genesis = { partition: number; partitions: number; format: number };
/** The format in which this version writes entries. */
export const logFormat = 1;

const decoder = new TextDecoder('utf-8', { fatal: true });

const everyMessage: readonly Header[] = [
  ['ce_specversion', '1.0'],
  ['ce_source', eventSource],
];

export function messageOfEntry(entry: NewEntry): OutgoingMessage {
  const { type, time } = entry.kind === 'record' ? described(entry) : { type: ownTypes.answer };
  const headers: Header[] = [
    ...everyMessage,
    ['ce_id', entry.position === undefined ? randomUUID() : `${entry.programme ?? ''}/${entry.position}`],
    ['ce_type', type],
  ];
  if (time !== undefined) headers.push(['ce_time', time]);
  if (entry.command) headers.push(['ledger_command', textOf(entry.command)]);
  return { key: entry.programme ?? null, value: entry.bytes, headers };
}

/** Makes a message of the log's own, which is not an entry. */
export function ownMessage(type: (typeof ownTypes)['genesis' | 'ownership'], data: object): OutgoingMessage {
  return { key: null, value: Buffer.from(JSON.stringify(data)), headers: [...everyMessage, ['ce_id', randomUUID()], ['ce_type', type]] };
}

/** The entry in a message; `undefined` if the message is one of the log's own. @throws {LogUnreadable} */
export function entryOf(message: FetchedMessage): Entry | undefined {
  const { offset, key, value } = message;
  const type = message.header('ce_type');
  if (type === ownTypes.genesis || type === ownTypes.ownership) return undefined;
  if (type === undefined || value === null)
    throw new LogUnreadable(offset, `the message at offset ${offset} is not the ledger’s: it has no ce_type or no value`);
  const command = message.header('ledger_command');
  const entry: Entry = { kind: type === ownTypes.answer ? 'outcome' : 'record', bytes: value, offset };
  if (key !== null) entry.programme = key;
  if (entry.kind === 'record') entry.position = positionIn(message.header('ce_id') ?? '', offset);
  if (command !== undefined) entry.command = commandRefIn(command, offset);
  return entry;
}

/** The genesis in a message, `undefined` if it is not a readable one. */
export function genesisIn(message: FetchedMessage): Genesis | undefined {
  if (message.header('ce_type') !== ownTypes.genesis || !message.value) return undefined;
  try {
    const data: unknown = JSON.parse(decoder.decode(message.value));
    return isGenesis(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function isGenesis(data: unknown): data is Genesis {
  if (typeof data !== 'object' || data === null) return false;
  return (['partition', 'partitions', 'format'] as const).every((name) => Number.isSafeInteger(Reflect.get(data, name)));
}

/** The type and time of a record for the headers, from its bytes if the entry does not name them. */
function described({ bytes, type, recordedAt }: NewEntry): { type: string; time?: string } {
  if (type !== undefined && recordedAt !== undefined) return { type, time: recordedAt };
  const record: unknown = JSON.parse(decoder.decode(bytes));
  const has = (name: string): string | undefined => {
    const value: unknown = typeof record === 'object' && record !== null ? Reflect.get(record, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const time = has('recordedAt');
  return { type: has('type') ?? 'Record', ...(time !== undefined && { time }) };
}

function textOf({ offset, index, count, digest, organisation, id }: CommandRef): string {
  return `${offset} ${index} ${count} ${digest} ${organisation} ${id}`;
}

function commandRefIn(text: string, offset: Offset): CommandRef {
  const [at = '', index = '', count = '', digest = '', organisation = '', id = ''] = text.split(' ');
  const ref = { offset: Number(at), index: Number(index), count: Number(count), digest, organisation, id };
  if (![ref.offset, ref.index, ref.count].every(Number.isSafeInteger))
    throw new LogUnreadable(offset, `the message at offset ${offset} has an unreadable ledger_command header: ${text.slice(0, 100)}`);
  return ref;
}

function positionIn(id: string, offset: Offset): number {
  const position = Number(id.slice(id.lastIndexOf('/') + 1));
  if (!Number.isSafeInteger(position) || position < 1)
    throw new LogUnreadable(offset, `the message at offset ${offset} has no position in its ce_id: ${id.slice(0, 100)}`);
  return position;
}
