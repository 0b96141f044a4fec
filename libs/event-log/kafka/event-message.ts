/**
 * An entry of the log as a Kafka message and back: the value is the record's exact bytes, the headers are those of CloudEvents 1.0 in the binary mode of
 * its Kafka binding, with what the ledger keeps of the command in `ledger_command`.
 */
import { randomUUID } from 'node:crypto';
import type { Message } from 'kafkajs';
import type { FetchedMessage } from 'kafkajs/src/cluster/index.js';
import { LogUnreadable, type CommandRef, type Entry, type NewEntry, type Place } from '../ports.js';

/** The types of messages that are no records of a programme's history. */
export const ownTypes = { answer: 'ledger.CommandAnswered', genesis: 'ledger.Genesis', ownership: 'ledger.OwnershipTaken' } as const;
/** What every message says of where it comes from. */
export const eventSource = 'initiative-ledger';

/** What a partition begins with: how many there are, and how entries are written. */
export type Genesis = { partition: number; partitions: number; format: number };
/** How this version writes entries. */
export const logFormat = 1;

const decoder = new TextDecoder('utf-8', { fatal: true });

export function messageOfEntry(entry: NewEntry, partition: number): Message {
  const { type, time } = entry.kind === 'record' ? described(entry.bytes) : { type: ownTypes.answer, time: undefined };
  return {
    partition,
    key: entry.programme ?? null,
    value: Buffer.from(entry.bytes.buffer, entry.bytes.byteOffset, entry.bytes.byteLength),
    headers: {
      ce_specversion: '1.0',
      ce_id: entry.position === undefined ? randomUUID() : `${entry.programme ?? ''}/${entry.position}`,
      ce_source: eventSource,
      ce_type: type,
      ...(time !== undefined && { ce_time: time }),
      ...(entry.command && { ledger_command: textOf(entry.command) }),
    },
  };
}

/** A message of the log's own, which is no entry. */
export function ownMessage(type: (typeof ownTypes)['genesis' | 'ownership'], data: object, partition: number): Message {
  return {
    partition,
    key: null,
    value: JSON.stringify(data),
    headers: { ce_specversion: '1.0', ce_id: randomUUID(), ce_source: eventSource, ce_type: type },
  };
}

/** The entry a message is; `undefined` where it is one of the log's own. @throws {LogUnreadable} */
export function entryOf(message: FetchedMessage): Entry | undefined {
  const place: Place = Number(message.offset);
  const type = message.headers['ce_type']?.toString();
  if (type === ownTypes.genesis || type === ownTypes.ownership) return undefined;
  if (type === undefined || message.value === null)
    throw new LogUnreadable(place, `the message at offset ${place} is not the ledger’s: it has no ce_type or no value`);
  const programme = message.key?.toString();
  const command = message.headers['ledger_command'];
  const id = message.headers['ce_id']?.toString() ?? '';
  return {
    kind: type === ownTypes.answer ? 'answer' : 'record',
    bytes: message.value,
    place,
    ...(programme !== undefined && { programme }),
    ...(type !== ownTypes.answer && { position: positionIn(id, place) }),
    ...(command && { command: commandRefIn(command.toString(), place) }),
  };
}

/** The genesis a message is, where it is one. */
export function genesisIn(message: FetchedMessage): Genesis | undefined {
  if (message.headers['ce_type']?.toString() !== ownTypes.genesis || !message.value) return undefined;
  const data: unknown = JSON.parse(decoder.decode(message.value));
  return isGenesis(data) ? data : undefined;
}

function isGenesis(data: unknown): data is Genesis {
  return typeof data === 'object' && data !== null && 'partition' in data && 'partitions' in data && 'format' in data;
}

function described(bytes: Uint8Array): { type: string; time?: string } {
  const record: unknown = JSON.parse(decoder.decode(bytes));
  const has = (name: string): string | undefined => {
    const value: unknown = typeof record === 'object' && record !== null ? Reflect.get(record, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const time = has('recordedAt');
  return { type: has('type') ?? 'Record', ...(time !== undefined && { time }) };
}

function textOf({ place, index, count, digest, organisation, id }: CommandRef): string {
  return [place, index, count, digest, organisation, id].join(' ');
}

function commandRefIn(text: string, place: Place): CommandRef {
  const [at = '', index = '', count = '', digest = '', organisation = '', id = ''] = text.split(' ');
  const ref = { place: Number(at), index: Number(index), count: Number(count), digest, organisation, id };
  if (![ref.place, ref.index, ref.count].every(Number.isSafeInteger))
    throw new LogUnreadable(place, `the message at offset ${place} says of its command what nobody can read: ${text.slice(0, 100)}`);
  return ref;
}

function positionIn(id: string, place: Place): number {
  const position = Number(id.slice(id.lastIndexOf('/') + 1));
  if (!Number.isSafeInteger(position) || position < 1)
    throw new LogUnreadable(place, `the message at offset ${place} has no position in its ce_id: ${id.slice(0, 100)}`);
  return position;
}
