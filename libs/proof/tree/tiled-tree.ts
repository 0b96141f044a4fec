/** A Merkle tree read from its tiles: its root as of any size, and the proofs of RFC 6962, section 2.1. */
import { emptyRoot, hashLength, nodeHash, type Hash } from './hashing.js';
import { perfectRoot, tileWidth, widthIn, type ReadTile, type TilePlace } from './tiles.js';

/** The largest power of two below `size`, which is at least 2. RFC 6962 splits a tree of that size there. */
export function splitOf(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** Reads a tree of `size` leaves. Each tile is read once, in the width that a tree of this size has. */
export class TiledTree {
  private readonly tiles = new Map<string, Promise<Uint8Array>>();

  constructor(
    readonly size: number,
    private readonly read: ReadTile,
  ) {}

  /** The root of the tree, or that of its first `size` leaves. */
  root(size = this.size): Promise<Hash> {
    this.check(size);
    return size === 0 ? Promise.resolve(emptyRoot) : this.rangeRoot(0, size);
  }

  /** The hash of a leaf, counted from 0. */
  leaf(index: number): Promise<Hash> {
    this.check(index + 1);
    return this.rangeRoot(index, index + 1);
  }

  /** The root of the 2^`level` leaves from `index` · 2^`level` on. */
  node(level: number, index: number): Promise<Hash> {
    const size = 2 ** level;
    this.check((index + 1) * size);
    return this.subtree(index * size, size);
  }

  /** Proves that leaf `index` is in the tree of the first `size` leaves: the hashes beside its path, from the leaf up. */
  async inclusion(index: number, size = this.size): Promise<Hash[]> {
    this.check(size);
    if (index < 0 || index >= size) throw new RangeError(`a tree of ${size} leaves has no leaf ${index}`);
    const proof: Promise<Hash>[] = [];
    let [start, end] = [0, size];
    while (end - start > 1) {
      const middle = start + splitOf(end - start);
      proof.push(index < middle ? this.rangeRoot(middle, end) : this.rangeRoot(start, middle));
      if (index < middle) end = middle;
      else start = middle;
    }
    return (await Promise.all(proof)).reverse();
  }

  /** Proves that the tree of the first `size` leaves extends that of the first `from`. */
  async consistency(from: number, size = this.size): Promise<Hash[]> {
    this.check(size);
    if (from < 0 || from > size) throw new RangeError(`a tree of ${size} leaves does not extend one of ${from}`);
    if (from === 0 || from === size) return [];
    const proof: Promise<Hash>[] = [];
    let [start, end] = [0, size];
    while (end !== from) {
      const middle = start + splitOf(end - start);
      proof.push(from <= middle ? this.rangeRoot(middle, end) : this.rangeRoot(start, middle));
      if (from <= middle) end = middle;
      else start = middle;
    }
    // If these leaves are the whole older tree, the verifier already knows their root.
    if (start > 0) proof.push(this.rangeRoot(start, end));
    return (await Promise.all(proof)).reverse();
  }

  /** The root of leaves `start` to `end`. RFC 6962 asks for ranges alone of which each power of two is one subtree of the tree. */
  private async rangeRoot(start: number, end: number): Promise<Hash> {
    const size = end - start;
    if (isPowerOfTwo(size)) return this.subtree(start, size);
    const middle = start + splitOf(size);
    return nodeHash(await this.subtree(start, middle - start), await this.rangeRoot(middle, end));
  }

  private async subtree(start: number, size: number): Promise<Hash> {
    let [level, below] = [0, 1];
    for (; below * tileWidth <= size; below *= tileWidth) level++;
    const first = start / below;
    const place = { level, index: Math.floor(first / tileWidth) };
    const at = first % tileWidth;
    return perfectRoot((await this.tile(place)).subarray(at * hashLength, (at + size / below) * hashLength));
  }

  private tile(place: TilePlace): Promise<Uint8Array> {
    const key = `${place.level}/${place.index}`;
    const tile = this.tiles.get(key) ?? this.readWhole(place);
    this.tiles.set(key, tile);
    return tile;
  }

  private async readWhole(place: TilePlace): Promise<Uint8Array> {
    const width = widthIn(this.size, place);
    const hashes = await this.read({ ...place, width });
    if (hashes.length !== width * hashLength)
      throw new Error(`the tile at level ${place.level}, index ${place.index} has ${hashes.length} bytes, not ${width * hashLength}`);
    return hashes;
  }

  private check(size: number): void {
    if (!Number.isSafeInteger(size) || size < 0 || size > this.size) throw new RangeError(`the tree has ${this.size} leaves, not ${size}`);
  }
}

/** Whether a number of leaves is a power of two. */
export function isPowerOfTwo(size: number): boolean {
  return size === 1 || splitOf(size) * 2 === size;
}
