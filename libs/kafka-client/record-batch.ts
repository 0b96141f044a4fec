/**
 * Encodes and decodes Kafka's record batches, format 2 (https://kafka.apache.org/documentation/#recordbatch), in one pass over one buffer. kafkajs makes at
 * least one object per field of every record, which takes longer than all the ledger's own work on the record.
 */
import { gunzipSync } from 'node:zlib';
import { crc32c } from './crc32c.js';

/** A message to write into a topic. */
export type OutgoingMessage = { key: string | null; value: Uint8Array; headers?: readonly Header[] };
export type Header = readonly [name: string, value: string];
/** The transactional producer that writes a batch, and the sequence number of the batch's first record. */
export type BatchProducer = { id: bigint; epoch: number; firstSequence: number };
/** An aborted transaction: its producer's records from `firstOffset` up to the abort marker are not to be read. */
export type AbortedTransaction = { producerId: bigint; firstOffset: number };

const format = 2;
const [lengthAt, formatAt, sumAt, attributesAt, lastDeltaAt, recordsAt] = [8, 16, 17, 21, 23, 61];
const attribute = { compression: 0x07, transactional: 0x10, control: 0x20 } as const;
const gzip = 1;
/** The type, in the key of a control record, that aborts a transaction. */
const abortMarker = 0;
const noProducer: BatchProducer = { id: -1n, epoch: -1, firstSequence: -1 };
/** The most bytes of a varint. */
const longestVarint = 5;

/** Encodes messages as one batch. `now` in milliseconds since 1970. */
export function encodeBatch(messages: readonly OutgoingMessage[], now: number, producer?: BatchProducer): Buffer {
  const { id, epoch, firstSequence } = producer ?? noProducer;
  const to = new Writing(recordsAt + messages.reduce((sum, message) => sum + largestSize(message), 0));
  for (const [index, message] of messages.entries()) to.record(message, index);
  const batch = to.written();
  batch.fill(0, 0, lengthAt);
  batch.writeInt32BE(batch.length - lengthAt - 4, lengthAt);
  batch.writeInt32BE(0, 12);
  batch.writeInt8(format, formatAt);
  batch.writeInt16BE(producer ? attribute.transactional : 0, attributesAt);
  batch.writeInt32BE(messages.length - 1, lastDeltaAt);
  batch.writeBigInt64BE(BigInt(now), 27);
  batch.writeBigInt64BE(BigInt(now), 35);
  batch.writeBigInt64BE(id, 43);
  batch.writeInt16BE(epoch, 51);
  batch.writeInt32BE(firstSequence, 53);
  batch.writeInt32BE(messages.length, 57);
  batch.writeUInt32BE(crc32c(batch, attributesAt), sumAt);
  return batch;
}

function largestSize({ key, value, headers = [] }: OutgoingMessage): number {
  let size = 5 * longestVarint + 1 + 3 * (key?.length ?? 0) + value.byteLength;
  for (const [name, text] of headers) size += 2 * longestVarint + 3 * (name.length + text.length);
  return size;
}

/** Writes records one after another into a buffer with room for all of them. */
class Writing {
  private readonly bytes: Buffer;
  private at = recordsAt;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  written(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  record({ key, value, headers = [] }: OutgoingMessage, index: number): void {
    // A record's size precedes it, but is known only afterwards. If it needs more or fewer bytes than were left free, the record is moved.
    const expected = sizeOfVarint(value.byteLength + 100);
    const start = this.at;
    const body = start + expected;
    this.at = body;
    this.bytes[this.at++] = 0;
    this.bytes[this.at++] = 0;
    this.varint(index);
    if (key === null) this.varint(-1);
    else this.text(key);
    this.varint(value.byteLength);
    this.bytes.set(value, this.at);
    this.at += value.byteLength;
    this.varint(headers.length);
    for (const [name, text] of headers) {
      this.text(name);
      this.text(text);
    }
    this.sizeBefore(start, body);
  }

  private text(text: string): void {
    const start = this.at;
    const body = start + sizeOfVarint(text.length);
    this.at = body + this.bytes.write(text, body);
    this.sizeBefore(start, body);
  }

  /** Writes the size of the bytes from `body` on at `start`, and moves those bytes if the size needs more or less room. */
  private sizeBefore(start: number, body: number): void {
    const size = this.at - body;
    const moved = start + sizeOfVarint(size);
    if (moved !== body) this.bytes.copyWithin(moved, body, this.at);
    this.at = start;
    this.varint(size);
    this.at += size;
  }

  private varint(value: number): void {
    let rest = (value << 1) ^ (value >> 31);
    for (; (rest & ~0x7f) !== 0; rest >>>= 7) this.bytes[this.at++] = (rest & 0x7f) | 0x80;
    this.bytes[this.at++] = rest;
  }
}

function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = ((value << 1) ^ (value >> 31)) >>> 7; rest !== 0; rest >>>= 7) size++;
  return size;
}

/** A record that was read. Its headers are decoded on demand. */
export class FetchedMessage {
  constructor(
    readonly offset: number,
    readonly key: string | null,
    readonly value: Buffer | null,
    /** The largest timestamp of its batch, in milliseconds since 1970: of creation, or of the append if the topic says so. */
    readonly timestamp: number,
    private readonly bytes: Buffer,
    private readonly headersAt: number,
  ) {}

  /** The value of a header by its name, which must be ASCII. */
  header(name: string): string | undefined {
    const from = new Reading(this.bytes, this.headersAt);
    for (let left = from.varint(); left > 0; left--) {
      const found = from.skipsText(name);
      const size = from.varint();
      if (found) return size < 0 ? undefined : this.bytes.toString('utf8', from.at, from.at + size);
      from.at += Math.max(0, size);
    }
    return undefined;
  }
}

/** The readable messages from an offset on, and the offset to go on from. */
export type Decoded = { messages: FetchedMessage[]; next: number };

/**
 * Decodes fetched bytes, without transaction markers and aborted transactions. A batch that is cut off at the end is left for the next fetch.
 * @throws {Error} a batch has another format, or a compression other than gzip
 */
export function decodeBatches(bytes: Buffer, from: number, aborted: readonly AbortedTransaction[]): Decoded {
  const messages: FetchedMessage[] = [];
  const undoing = new Undone(aborted);
  let next = from;
  for (let at = 0; at + recordsAt <= bytes.length;) {
    const end = at + lengthAt + 4 + bytes.readInt32BE(at + lengthAt);
    if (end > bytes.length) break;
    if (end < at + recordsAt) throw new Error(`a batch has an impossible length of ${end - at} bytes`);
    if (bytes.readInt8(at + formatAt) !== format) throw new Error(`a batch has format ${bytes.readInt8(at + formatAt)}, not ${format}`);
    const first = int64At(bytes, at);
    const last = first + bytes.readInt32BE(at + lastDeltaAt);
    const attributes = bytes.readInt16BE(at + attributesAt);
    const records = readable(bytes.subarray(at + recordsAt, end), attributes);
    if (!undoing.hides({ producerId: bytes.readBigInt64BE(at + 43), last, attributes, records }))
      readRecords(records, { count: bytes.readInt32BE(at + 57), first, timestamp: int64At(bytes, at + 35) }, from, messages);
    next = Math.max(next, last + 1);
    at = end;
  }
  return { messages, next };
}

function readable(records: Buffer, attributes: number): Buffer {
  const compression = attributes & attribute.compression;
  if (compression === 0) return records;
  if (compression === gzip) return gunzipSync(records);
  throw new Error(`a batch is compressed by codec ${compression}; the ledger reads only gzip, so its topics may use no other`);
}

/** Finds the batches to hide: the markers that end transactions, and the batches of aborted transactions. */
class Undone {
  private readonly waiting: AbortedTransaction[];
  private readonly producers = new Set<bigint>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.waiting = [...aborted].sort((one, other) => other.firstOffset - one.firstOffset);
  }

  hides({ producerId, last, attributes, records }: { producerId: bigint; last: number; attributes: number; records: Buffer }): boolean {
    for (let begun = this.waiting.at(-1); begun && begun.firstOffset <= last; begun = this.waiting.at(-1)) {
      this.producers.add(begun.producerId);
      this.waiting.pop();
    }
    if ((attributes & attribute.control) === 0) return (attributes & attribute.transactional) !== 0 && this.producers.has(producerId);
    if (markerIn(records) === abortMarker) this.producers.delete(producerId);
    return true;
  }
}

/** The type of a control record: bytes 2 and 3 of its key, after its version. */
function markerIn(records: Buffer): number {
  const from = new Reading(records, 0);
  from.varint();
  from.at++;
  from.skipVarint();
  from.varint();
  return from.varint() >= 4 ? records.readInt16BE(from.at + 2) : -1;
}

type OfBatch = { count: number; first: number; timestamp: number };

function readRecords(records: Buffer, { count, first, timestamp }: OfBatch, wanted: number, messages: FetchedMessage[]): void {
  const from = new Reading(records, 0);
  for (let left = count; left > 0; left--) {
    const size = from.varint();
    const end = from.at + size;
    from.at++;
    from.skipVarint();
    const offset = first + from.varint();
    if (offset >= wanted) {
      const key = from.bytesOrNull();
      const value = from.bytesOrNull();
      messages.push(new FetchedMessage(offset, key && key.toString(), value, timestamp, records, from.at));
    }
    from.at = end;
  }
}

class Reading {
  constructor(
    private readonly bytes: Buffer,
    public at: number,
  ) {}

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
  }

  /** Skips a varint of any length. */
  skipVarint(): void {
    while (this.byte() >= 0x80);
  }

  bytesOrNull(): Buffer | null {
    const size = this.varint();
    if (size < 0) return null;
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  /** Skips a text. @returns whether it is `text`, which must be ASCII */
  skipsText(text: string): boolean {
    const size = this.varint();
    const start = this.at;
    this.at += size;
    if (size !== text.length) return false;
    for (let index = 0; index < size; index++) if (this.bytes[start + index] !== text.charCodeAt(index)) return false;
    return true;
  }

  private byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new RangeError('a record is cut off');
    return byte;
  }
}

/** Reads a 64-bit integer as a number. Offsets and timestamps stay far below 2^53. */
export function int64At(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}
