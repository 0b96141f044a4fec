/** Compares batches with those that kafkajs encodes and decodes. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import Batch from 'kafkajs/src/consumer/batch.js';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import decodeMessages from 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js';
import encodeRecord from 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
import recordBatches from 'kafkajs/src/protocol/recordBatch/v0/index.js';
import { gzipSync } from 'node:zlib';
import { decodeBatches, encodeBatch, type AbortedTransaction, type BatchProducer, type OutgoingMessage } from './record-batch.js';

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 200 }));
/**
 * kafkajs collects headers in an object, so a header called `constructor` or `__proto__` collides with the object's prototype. A test of its own below reads
 * these without kafkajs.
 */
const ofEveryObject = Object.getOwnPropertyNames(Object.prototype);
const headerName = fc.stringMatching(/^[a-z_]{1,20}$/).filter((name) => !ofEveryObject.includes(name));
const message: fc.Arbitrary<OutgoingMessage> = fc.record({
  key: fc.option(text, { nil: null }),
  value: fc.uint8Array({ maxLength: 300 }),
  headers: fc.uniqueArray(fc.tuple(headerName, text), { maxLength: 6, selector: ([name]) => name }),
});
const some = fc.array(message, { minLength: 1, maxLength: 70 });
const runs = { numRuns: 50 };
const by: fc.Arbitrary<BatchProducer> = fc.record({
  id: fc.bigInt({ min: 0n, max: 2n ** 62n }),
  epoch: fc.nat(32_767),
  firstSequence: fc.nat(2 ** 31 - 1),
});
const time = fc.integer({ min: 1_500_000_000_000, max: 2_500_000_000_000 });
const one: BatchProducer = { id: 1n, epoch: 0, firstSequence: 0 };

async function theirBatch(messages: readonly OutgoingMessage[], now: number, { id, epoch, firstSequence }: BatchProducer): Promise<Buffer> {
  const { buffer } = await recordBatches.RecordBatch({
    records: messages.map(({ key, value, headers = [] }, offsetDelta) =>
      encodeRecord({ offsetDelta, key, value: Buffer.from(value), headers: Object.fromEntries(headers) }),
    ),
    firstTimestamp: now,
    maxTimestamp: now,
    lastOffsetDelta: messages.length - 1,
    transactional: true,
    producerId: String(id),
    producerEpoch: epoch,
    firstSequence,
  });
  return buffer;
}

/** Batches one after another as a broker stores them, the first at an offset. */
function stored(first: number, batches: readonly Buffer[]): Buffer {
  let offset = first;
  const kept = batches.map((batch) => {
    const copy = Buffer.from(batch);
    copy.writeBigInt64BE(BigInt(offset));
    offset += copy.readInt32BE(23) + 1;
    return copy;
  });
  return Buffer.concat(kept);
}

type Read = { offset: number; key: string | null; value: string | null; headers: Record<string, string | undefined> };

async function theirs(bytes: Buffer, from: number, aborted: readonly AbortedTransaction[], names: readonly string[]): Promise<Read[]> {
  const sized = Buffer.concat([Buffer.alloc(4), bytes]);
  sized.writeInt32BE(bytes.length);
  const { messages } = new Batch('topic', String(from), {
    partition: 0,
    highWatermark: '0',
    abortedTransactions: aborted.map(({ producerId, firstOffset }) => ({
      producerId: String(producerId),
      firstOffset: String(firstOffset),
    })),
    messages: await decodeMessages(new Decoder(sized)),
  });
  return messages.map(({ offset, key, value, headers }) => ({
    offset: Number(offset),
    key: key && key.toString(),
    value: value && value.toString('hex'),
    headers: Object.fromEntries(names.map((name) => [name, headers[name]?.toString()])),
  }));
}

const ours = (bytes: Buffer, from: number, aborted: readonly AbortedTransaction[], names: readonly string[]): Read[] =>
  decodeBatches(bytes, from, aborted).messages.map((read) => ({
    offset: read.offset,
    key: read.key,
    value: read.value && read.value.toString('hex'),
    headers: Object.fromEntries(names.map((name) => [name, read.header(name)])),
  }));
const namesIn = (messages: readonly OutgoingMessage[]) => [
  'absent',
  ...messages.flatMap(({ headers = [] }) => headers.map(([name]) => name)),
];

/** The control record that ends a producer's transaction. */
function marker(id: bigint, end: 'commit' | 'abort'): Buffer {
  const batch = encodeBatch([{ key: `\0\0\0${end === 'abort' ? '\0' : '\u0001'}`, value: new Uint8Array(6) }], 1, { ...one, id });
  batch.writeInt16BE(batch.readInt16BE(21) | 0x20, 21);
  return batch;
}
const numbered = (number: number): OutgoingMessage => ({ key: String(number), value: new Uint8Array(0) });
const keysFrom = (bytes: Buffer, from: number, aborted: readonly AbortedTransaction[]) =>
  decodeBatches(bytes, from, aborted).messages.map(({ key }) => key);

describe('a batch that is made', () => {
  it('is kafkajs’s, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(some, time, by, async (messages, now, producer) => {
        expect(encodeBatch(messages, now, producer).toString('hex')).toBe((await theirBatch(messages, now, producer)).toString('hex'));
      }),
      runs,
    );
  });

  it.each([0, 1, 31, 32, 63, 64, 4_095, 4_096, 8_000, 8_191, 8_192, 70_000, 1_048_575, 1_048_576])(
    'is the same around sizes that take a byte more: %i',
    async (size) => {
      const messages = [
        { key: 'k'.repeat(size), value: new Uint8Array(size), headers: [['ce', 'ы'.repeat(size)]] as const },
        { key: null, value: new Uint8Array(size) },
      ];
      expect(encodeBatch(messages, 1, one).equals(await theirBatch(messages, 1, one))).toBe(true);
    },
  );
});

describe('fetched batches', () => {
  it('read as kafkajs reads them, from any offset on and cut off anywhere', async () => {
    const log = fc.record({
      batches: fc.array(some, { minLength: 1, maxLength: 4 }),
      first: fc.oneof(fc.nat(1_000), fc.integer({ min: 2 ** 31, max: 2 ** 50 })),
      from: fc.nat(100),
      cut: fc.nat(400),
    });
    await fc.assert(
      fc.asyncProperty(log, async ({ batches, first, from, cut }) => {
        const whole = stored(
          first,
          batches.map((messages) => encodeBatch(messages, 1, one)),
        );
        // kafkajs reads the format of the first batch even if the batch is cut off before it.
        const bytes = whole.subarray(0, Math.max(17, whole.length - cut));
        const names = namesIn(batches.flat());
        expect(ours(bytes, first + from, [], names)).toEqual(await theirs(bytes, first + from, [], names));
      }),
      runs,
    );
  });

  it('have headers that are called like what every object has, and are empty or no text', () => {
    const headers = ['absent', ...ofEveryObject, ''].map((name, index) => [name, ['', 'text', '\ud800'][index % 3] ?? ''] as const);
    const [read] = decodeBatches(
      stored(0, [encodeBatch([{ key: '', value: new Uint8Array(0), headers: headers.slice(1) }], 1, one)]),
      0,
      [],
    ).messages;
    expect(read?.key).toBe('');
    expect(headers.map(([name]) => [name, read?.header(name)])).toEqual([
      ['absent', undefined],
      ...headers.slice(1).map(([name, sent]) => [name, Buffer.from(sent).toString()]),
    ]);
  });

  it('leave out the same as kafkajs: markers, and aborted transactions of a producer', async () => {
    const transaction = fc.record({ messages: some, end: fc.constantFrom('commit', 'abort') });
    await fc.assert(
      fc.asyncProperty(fc.array(transaction, { minLength: 1, maxLength: 6 }), fc.nat(60), async (transactions, from) => {
        const batches: Buffer[] = [];
        const aborted: AbortedTransaction[] = [];
        let offset = 0;
        for (const { messages, end } of transactions) {
          // A broker names only aborted transactions that end at or after the fetched offset.
          if (end === 'abort' && offset + messages.length >= from) aborted.push({ producerId: 1n, firstOffset: offset });
          batches.push(encodeBatch(messages, 1, one), marker(1n, end));
          offset += messages.length + 1;
        }
        const bytes = stored(0, batches);
        expect(ours(bytes, from, aborted, [])).toEqual(await theirs(bytes, from, aborted, []));
        expect(decodeBatches(bytes, from, aborted).next).toBe(Math.max(from, offset));
      }),
      runs,
    );
  });

  it('leave out aborted transactions if producers alternate, in whatever order the broker names them', () => {
    const two = { ...one, id: 2n };
    const bytes = stored(10, [
      encodeBatch([numbered(10)], 1, one),
      encodeBatch([numbered(11)], 1, two),
      encodeBatch([numbered(12)], 1, one),
      marker(1n, 'abort'),
      encodeBatch([numbered(14)], 1, one),
      encodeBatch([numbered(15)], 1, two),
      marker(2n, 'abort'),
      marker(1n, 'commit'),
      encodeBatch([numbered(18)], 1, two),
      marker(2n, 'commit'),
    ]);
    const aborted = [
      { producerId: 2n, firstOffset: 11 },
      { producerId: 1n, firstOffset: 10 },
    ];
    expect(keysFrom(bytes, 10, aborted)).toEqual(['14', '18']);
    expect(keysFrom(bytes, 12, aborted)).toEqual(['14', '18']);
  });

  it('continue after a batch of markers alone', () => {
    const bytes = stored(7, [marker(1n, 'commit')]);
    expect(decodeBatches(bytes, 7, [])).toEqual({ messages: [], next: 8 });
    expect(decodeBatches(Buffer.alloc(0), 7, [])).toEqual({ messages: [], next: 7 });
  });

  it('are read if a broker compressed them with gzip, and refused if with something else', () => {
    const batch = encodeBatch([numbered(1), numbered(2)], 1, one);
    const compressed = Buffer.concat([batch.subarray(0, 61), gzipSync(batch.subarray(61))]);
    compressed.writeInt32BE(compressed.length - 12, 8);
    compressed.writeInt16BE(compressed.readInt16BE(21) | 1, 21);
    expect(keysFrom(stored(0, [compressed]), 0, [])).toEqual(['1', '2']);
    compressed.writeInt16BE(compressed.readInt16BE(21) | 2, 21);
    expect(() => keysFrom(stored(0, [compressed]), 0, [])).toThrow('codec 3');
  });

  it('are refused if they are of another format', () => {
    const batch = encodeBatch([numbered(1)], 1, one);
    batch.writeInt8(1, 16);
    expect(() => decodeBatches(batch, 0, [])).toThrow('format 1');
  });
});
