/** Tiles of a Merkle tree (C2SP tlog-tiles): 256 hashes of one level side by side, at an address of their own. */
import { hashLength, nodeHash, type Hash } from './hashing.js';

/** The most hashes of a tile. */
export const tileWidth = 256;

/** The place of a tile: hash `n` of level 0 is that of leaf `n`; a hash of a level above is the root of a full tile below. */
export type TilePlace = { level: number; index: number };
/** A tile as it is asked for: the first `width` hashes of a place. A tile of fewer than {@link tileWidth} is partial. */
export type TileAddress = TilePlace & { width: number };
/** A tile and its hashes, one after another. */
export type Tile = TilePlace & { hashes: Uint8Array };

/** Reads the first `width` hashes of a tile. @throws {Error} it is not there */
export type ReadTile = (tile: TileAddress) => Promise<Uint8Array>;

/** The address of a tile below `tile/`, such as `0/x001/x234/067.p/12`. */
export function tilePath({ level, index, width }: TileAddress): string {
  const digits = String(index);
  const parts = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const number = parts.map((part, at) => (at < parts.length - 1 ? `x${part}` : part)).join('/');
  return `${level}/${number}${width < tileWidth ? `.p/${width}` : ''}`;
}

const path = /^(0|[1-9]\d?)\/((?:x\d{3}\/)*)(\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** The tile of an address below `tile/`, which has one spelling alone; `undefined` if it is none. */
export function tileAt(text: string): TileAddress | undefined {
  const [, level, above, last, partial] = path.exec(text) ?? [];
  if (level === undefined || above === undefined || last === undefined) return undefined;
  const index = Number(above.replaceAll(/[x/]/g, '') + last);
  const tile = { level: Number(level), index, width: partial === undefined ? tileWidth : Number(partial) };
  if (tile.level > 63 || !Number.isSafeInteger(index) || tilePath(tile) !== text) return undefined;
  return tile;
}

/** The number of hashes that a tree of `size` leaves has in a tile; 0 if the tree does not reach it. */
export function widthIn(size: number, { level, index }: TilePlace): number {
  return Math.max(0, Math.min(tileWidth, hashesAt(size, level) - index * tileWidth));
}

/** The number of hashes in all tiles of one level of a tree of `size` leaves. */
export function hashesAt(size: number, level: number): number {
  return Math.floor(size / tileWidth ** level);
}

/** The root of 2ⁿ hashes that lie one after another. */
export function perfectRoot(hashes: Uint8Array): Hash {
  let row = split(hashes);
  while (row.length > 1) {
    const above: Hash[] = [];
    for (let at = 0; at + 1 < row.length; at += 2) above.push(nodeHash(row[at] ?? noHash, row[at + 1] ?? noHash));
    row = above;
  }
  return row[0] ?? noHash;
}
const noHash = new Uint8Array(hashLength);

function split(hashes: Uint8Array): Hash[] {
  return Array.from({ length: hashes.length / hashLength }, (_, at) => hashes.subarray(at * hashLength, (at + 1) * hashLength));
}

/** The tiles that a tree of `size` leaves changes or gains when `leaves` (their hashes) are appended; `read` gives the tiles it has. */
export async function grownTiles(size: number, leaves: readonly Hash[], read: ReadTile): Promise<Tile[]> {
  const tiles: Tile[] = [];
  let added: readonly Hash[] = leaves;
  for (let level = 0; added.length > 0; level++) {
    const before = hashesAt(size, level);
    const first = Math.floor(before / tileWidth);
    const width = before % tileWidth;
    const begun = width === 0 ? [] : [await read({ level, index: first, width })];
    const row = Buffer.concat([...begun, ...added]);
    const roots: Hash[] = [];
    const bytes = tileWidth * hashLength;
    for (let at = 0; at * bytes < row.length; at++) {
      const hashes = row.subarray(at * bytes, (at + 1) * bytes);
      tiles.push({ level, index: first + at, hashes });
      if (hashes.length === bytes) roots.push(perfectRoot(hashes));
    }
    added = roots;
  }
  return tiles;
}
