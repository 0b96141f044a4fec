/**
 * The format of a run: values in the order of their keys' hashes, in pages. Pages are grouped into segments, each with its fences (the first hash of every
 * page) and a filter that rules out nearly every absent key. A run never has one hash in two pages; keys with the same hash are compared as text.
 */
import type { StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';

/** A page, segment or run is not as it was written. */
export class RunsDamaged extends Error {
  override readonly name = 'RunsDamaged';
}

/** Bytes of a page: one page and SQLite's header fill one leaf of {@link leafSize} bytes. Only a text that is larger makes a page larger. */
export const pageSize = 4_032;
export const leafSize = 4_096;
export const pagesInSegment = 512;

/** Expiries are minutes since 1970, rounded up. A deleted value has this expiry, which is always over. */
export const gone = 0;
const never = 0xffff_ffff;
const minute = 60_000;
export const expiryOf = (milliseconds: number | undefined): number =>
  milliseconds === undefined ? never : Math.min(Math.ceil(milliseconds / minute), never);
/** The current minute: values with an expiry up to it are over. */
export const minuteOf = (milliseconds: number): number => Math.floor(milliseconds / minute);

/** All hashes are below this. */
export const hashLimit = 2 ** 32;

/**
 * The hash of a key. Its two highest bits come from the key's first character, which gives the kind of value. So values of one kind are stored together, and a
 * page that is read often holds few values that are hardly ever read.
 */
export function hashOf(key: string): number {
  let hash = key.length;
  for (let at = 0; at < key.length; at++) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x2c1b3c6d);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x297a2d39);
  return (((hash ^ (hash >>> 16)) >>> 2) | ((key.charCodeAt(0) >>> 1) << 30)) >>> 0;
}

/** 12 bits per key: about 0.5 % false positives. */
const bitsOfKey = 12;
const probes = 6;

export function filterOf(hashes: readonly number[]): Uint32Array<ArrayBuffer> {
  const filter = new Uint32Array(Math.ceil((hashes.length * bitsOfKey) / 32));
  const scale = filter.length / 2 ** 27;
  for (const hash of hashes) {
    let probe = Math.imul(hash, 0x7feb352d);
    const step = Math.imul(hash ^ (hash >>> 15), 0x846ca68b) | 1;
    for (let left = probes; left > 0; left--, probe = (probe + step) | 0) {
      const bit = ((probe >>> 0) * scale) >>> 0;
      filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
  }
  return filter;
}

/** Whether a segment may hold a key of this hash. The segment's filter is `filters` from index `from` up to `to`. */
export function mayHold(filters: Uint32Array, from: number, to: number, hash: number): boolean {
  const scale = (to - from) / 2 ** 27;
  let probe = Math.imul(hash, 0x7feb352d);
  const step = Math.imul(hash ^ (hash >>> 15), 0x846ca68b) | 1;
  for (let left = probes; left > 0; left--, probe = (probe + step) | 0) {
    const bit = ((probe >>> 0) * scale) >>> 0;
    if (((filters[from + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}

/** The index of the last hash that is not above `hash`, -1 if all are. */
export function lastUpTo(firsts: Uint32Array, hash: number): number {
  let [below, above] = [-1, firsts.length];
  while (above - below > 1) {
    const middle = (below + above) >>> 1;
    if ((firsts[middle] ?? 0) > hash) above = middle;
    else below = middle;
  }
  return below;
}

/** A value in a page: the bytes from `start` to `keyEnd` are its key, those up to `end` its text. */
export type Entry = { hash: number; expires: number; bytes: Buffer; start: number; keyEnd: number; end: number };

/** Bytes before a page's columns: its checksum, and its number of entries. */
const pageHeader = 8;
/** Bytes of one entry in a page's columns. */
const entrySize = 16;

/** The CRC-32 of a page, its number and its run: the same bytes in another place have another checksum. */
function checksumOfPage(bytes: Uint8Array, page: number, run: number): number {
  return crc32(bytes.subarray(4), (Math.imul(page, 0x9e3779b1) ^ run) >>> 0);
}
/** Writes the checksum that {@link Page.read} checks into a page. */
export function seal(bytes: Buffer, page: number, run: number): void {
  bytes.writeUint32LE(checksumOfPage(bytes, page, run), 0);
}

/** A page: its checksum and number of entries; a column each of hashes, expiries, ends of keys and ends of values; then the texts. */
export class Page {
  readonly count: number;
  private readonly words: Uint32Array;
  private readonly bytes: Buffer;
  private readonly text: number;

  constructor({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>) {
    this.bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.count = this.bytes.readUint32LE(4);
    this.words = new Uint32Array(buffer, byteOffset + pageHeader, 4 * this.count);
    this.text = pageHeader + entrySize * this.count;
  }

  /** Reads a run's page by its number, through a statement. @throws {RunsDamaged} it is missing, or not as it was written */
  static read(get: StatementSync, page: number, run: number): Page {
    const bytes = get.get(page)?.['bytes'];
    if (!(bytes instanceof Uint8Array) || bytes.byteLength < pageHeader) throw new RunsDamaged(`page ${page} is missing`);
    const checksum = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    if (checksum !== checksumOfPage(bytes, page, run)) throw new RunsDamaged(`page ${page} is not as it was written`);
    return new Page(bytes);
  }

  hash(index: number): number {
    return index < this.count ? (this.words[index] ?? hashLimit) : hashLimit;
  }
  entry(index: number): Entry {
    const { words, count, bytes, text } = this;
    return {
      hash: words[index] ?? hashLimit,
      expires: words[count + index] ?? gone,
      bytes,
      start: text + (index === 0 ? 0 : (words[3 * count + index - 1] ?? 0)),
      keyEnd: text + (words[2 * count + index] ?? 0),
      end: text + (words[3 * count + index] ?? 0),
    };
  }
  keys(): string[] {
    return Array.from({ length: this.count }, (_, index) => {
      const { bytes, start, keyEnd } = this.entry(index);
      return bytes.toString('utf8', start, keyEnd);
    });
  }
  find(hash: number, key: string): Entry | undefined {
    const last = lastUpTo(this.words.subarray(0, this.count), hash);
    for (let index = last; index >= 0 && this.hash(index) === hash; index--) {
      const entry = this.entry(index);
      if (entry.bytes.toString('utf8', entry.start, entry.keyEnd) === key) return entry;
    }
    return undefined;
  }
}

export function haveSameKey(one: Entry, other: Entry): boolean {
  return one.bytes.compare(other.bytes, other.start, other.keyEnd, one.start, one.keyEnd) === 0;
}

/** Builds the pages, fences and filter of a segment from entries in the order of their hashes. */
export class SegmentBuilder {
  readonly fences: number[] = [];
  readonly hashes: number[] = [];
  /** The columns of the page that is being filled, as in {@link Page}. */
  private readonly columns: [number[], number[], number[], number[]] = [[], [], [], []];
  private text = Buffer.allocUnsafe(2 * pageSize);
  private textLength = 0;
  private last = -1;

  constructor(private readonly write: (page: number, bytes: Buffer) => void) {}

  /** Whether the segment is full: the next entry with another hash belongs into another segment. */
  get full(): boolean {
    return this.fences.length === pagesInSegment && this.sizeWith(pageSize / 32) > pageSize;
  }

  add({ hash, expires, bytes, start, keyEnd, end }: Entry): void {
    const begun = this.columns[0].length > 0;
    if (begun && hash !== this.last && this.fences.length < pagesInSegment && this.sizeWith(end - start) > pageSize) this.writePage();
    const [hashes, expiries, keyEnds, ends] = this.columns;
    if (hashes.length === 0) this.fences.push(hash);
    const length = this.textLength + end - start;
    if (length > this.text.length) this.text = Buffer.concat([this.text], 2 * length);
    bytes.copy(this.text, this.textLength, start, end);
    hashes.push(hash);
    expiries.push(expires);
    keyEnds.push(this.textLength + keyEnd - start);
    ends.push(length);
    this.hashes.push(hash);
    this.textLength = length;
    this.last = hash;
  }

  /** Writes the last page. */
  finish(): void {
    if (this.textLength > 0) this.writePage();
  }

  private sizeWith(text: number): number {
    return pageHeader + entrySize * (this.columns[0].length + 1) + this.textLength + text;
  }
  private writePage(): void {
    const { columns, text, textLength } = this;
    const count = columns[0].length;
    const textAt = pageHeader + entrySize * count;
    const page = Buffer.alloc(Math.max(pageSize, textAt + textLength));
    const words = new Uint32Array(page.buffer, page.byteOffset, textAt / 4);
    words[1] = count;
    columns.forEach((column, index) => {
      words.set(column, pageHeader / 4 + index * count);
      column.length = 0;
    });
    text.copy(page, textAt, 0, textLength);
    this.textLength = 0;
    this.write(this.fences.length - 1, page);
  }
}
