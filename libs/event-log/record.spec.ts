import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { eventTypes } from '../domain/capabilities.js';
import { Chain, isFault } from './chain.js';
import { decodeRecord, decodeRecordText, encodeRecord, hashOf, recordReader, UnknownRecord, type Upcasters } from './record.js';

/** Records exactly as the first version wrote them: at least one of every type, and every optional field. Lines may be added but never changed. */
const linesIn = (file: string) => readFileSync(`libs/event-log/testing/${file}`, 'utf8').trimEnd().split('\n');
/** Each file is a history of its own. */
const heads = {
  'records.v1.ndjson': { position: 34, hash: 'd5e6ab9a12a25fc04dffc4acdfb1e70c621a6e282bbdf5cb5ad17147a63426c1' },
  'records.commitments.v1.ndjson': { position: 32, hash: '7615a0bce35eda2977842fb05c99cbf8b0edfd341f23374b101f478ca0060910' },
  'records.delivery.v1.ndjson': { position: 14, hash: 'f01785733a9519ffa516414a72ec873a899ccd4da7fefe054b058be11820ded3' },
  'records.statements.v1.ndjson': { position: 4, hash: 'ebeee4ad7292701a0db81a64769869b09640b526c4916ec1799b4ee5e70313c6' },
  'records.two-initiatives.v1.ndjson': { position: 9, hash: 'e7dd40d220375364318c4800fdfc076c254a7a1b38a4563938730c8c557f5f02' },
};
const lines = Object.keys(heads).flatMap(linesIn);
const bytesOf = (line: string) => new TextEncoder().encode(line);
const lineOf = (type: string) => lines.find((line) => line.includes(`"type":"${type}"`)) ?? '';

describe('records of old', () => {
  it('are of every type', () => {
    expect(new Set(lines.map((line) => decodeRecord(bytesOf(line)).type))).toEqual(new Set([...eventTypes, 'CommandRefused']));
  });

  it.each(Object.entries(heads))('are a chain that still holds, to the same head: %s', (file, head) => {
    const chain = new Chain();
    const faults = linesIn(file)
      .map((line, index) => chain.follow({ kind: 'record', bytes: bytesOf(line), offset: index, programme: 'p', position: index + 1 }))
      .filter((found) => isFault(found));
    expect(faults).toEqual([]);
    expect(chain.heads.get('p')).toMatchObject(head);
  });

  it('would be written in the same bytes today, if their schema is today’s', () => {
    for (const line of lines) expect(new TextDecoder().decode(encodeRecord(decodeRecord(bytesOf(line))))).toBe(line);
  });

  it('are read with money as whole numbers, except in refused commands', () => {
    expect(decodeRecord(bytesOf(lineOf('SpendingRecorded'))).data).toEqual({
      transactionId: 'T-19',
      amount: 12_500_000_000n,
      payee: '“Sanarip” LLC',
      description: 'licences\tand servers',
    });
    expect(decodeRecord(bytesOf(lineOf('InitiativeAmended'))).context).toEqual({
      authority: 'ministry-of-health',
      statusBefore: 'spending',
      statusAfter: 'spending',
      moved: { from: 'ministry-of-justice', sums: { 2024: { funded: 25_000_000_000n, spent: 10_000_000_000n, returned: 0n } } },
    });
    expect(decodeRecord(bytesOf(lineOf('CommandRefused'))).data).toMatchObject({
      figures: { available: '12500000000', requested: '40000000000' },
      command: { data: { amount: '40000000000' } },
    });
  });
});

describe('a schema that has changed', () => {
  /** As if spending first had one payee, then a list of payees, then that list under another name. */
  const upcasters: Upcasters = {
    SpendingRecorded: {
      1: ({ data: { payee, ...data }, context }) => ({ data: { ...data, payees: [payee] }, context }),
      2: ({ data: { payees, ...data }, context }) => ({ data: { ...data, paidTo: payees }, context: { ...context, onTime: true } }),
    },
  };
  const reader = recordReader(upcasters);
  const read = (text: string) => reader(JSON.parse(text));
  const spending = lineOf('SpendingRecorded');

  it('is read through one upcaster after another, and nothing but its shape changes', () => {
    const today = decodeRecord(bytesOf(spending));
    expect(read(spending)).toEqual({
      ...today,
      schema: 3,
      data: { transactionId: 'T-19', amount: 12_500_000_000n, description: 'licences\tand servers', paidTo: ['“Sanarip” LLC'] },
      context: { ...today.context, onTime: true },
    });
  });

  it('is read from wherever a record was written, today’s as it is', () => {
    const second = spending.replace('"schema":1', '"schema":2').replace('"payee":"“Sanarip” LLC"', '"payees":["A","B"]');
    expect(read(second)).toMatchObject({ schema: 3, data: { paidTo: ['A', 'B'] } });
    const third = spending.replace('"schema":1', '"schema":3').replace('"payee":"“Sanarip” LLC"', '"paidTo":["C"]');
    expect(read(third)).toMatchObject({ schema: 3, data: { paidTo: ['C'] } });
  });

  it('leaves other types as they are', () => {
    const funded = lineOf('InitiativeFunded');
    expect(read(funded)).toEqual(decodeRecord(bytesOf(funded)));
  });

  it.each([
    ['a schema after today’s', spending.replace('"schema":1', '"schema":4')],
    ['a schema that nobody wrote', spending.replace('"schema":1', '"schema":0')],
    ['no schema', spending.replace('"schema":1,', '')],
    ['a type that is not known', spending.replace('SpendingRecorded', 'SpendingGuessed')],
    ['the name of something every object has', spending.replace('SpendingRecorded', 'constructor')],
    ['no data', spending.replace('"data":', '"date":')],
    ['no object', '[]'],
  ])('is refused if it has %s', (_what, text) => {
    expect(() => read(text)).toThrow(UnknownRecord);
  });

  it('is refused if its text is no JSON', () => {
    expect(() => decodeRecordText(spending.slice(0, -1))).toThrow(UnknownRecord);
  });
});

it('a record’s hash is that of its bytes', () => {
  expect(hashOf(bytesOf(lines[0] ?? ''))).toBe('9cc11d93223edb83f51488fde021abaf43adaf4f7d978e35cfe827a744f4c8c6');
});
