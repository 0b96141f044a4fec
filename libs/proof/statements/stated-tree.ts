/** The Merkle tree over a statement's documents. Of its hashes only the root of every 256 leaves is kept: the others are computed from the documents. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { hashLength, leafHash, type Hash } from '../tree/hashing.js';
import { TiledTree } from '../tree/tiled-tree.js';
import { perfectRoot, tileWidth, type ReadTile } from '../tree/tiles.js';
import type { StatedDocument, StatedTile, Statement, Statements } from './ports.js';

/** The hash of a document's leaf. */
export function leafOfDocument(text: string): Hash {
  return leafHash(Buffer.from(text));
}

/** The tile over up to 256 documents side by side. */
export async function tileOver(documents: readonly StatedDocument[]): Promise<StatedTile> {
  const [first] = documents;
  if (!first) throw new RangeError('a tile has documents');
  const leaves = leavesOf(documents);
  const root =
    documents.length === tileWidth ? perfectRoot(leaves) : await new TiledTree(documents.length, () => Promise.resolve(leaves)).root();
  return { firstKey: first.key, root };
}

/** The hashes of documents' leaves, one after another. */
function leavesOf(documents: readonly StatedDocument[]): Uint8Array {
  return Buffer.concat(documents.map(({ text }) => leafOfDocument(text)));
}

/** The source of a tree's hashes: the leaves of one tile, and the roots of some of the full tiles. */
export type TreeSource = {
  leaves: (tile: number, width: number) => Promise<Uint8Array>;
  roots: (first: number, count: number) => Promise<readonly Hash[]>;
};

/** The tree of `size` leaves whose hashes come from a source. */
export function treeFrom({ leaves, roots }: TreeSource, size: number): TiledTree {
  const read: ReadTile = async ({ level, index, width }) => {
    if (level === 0) return leaves(index, width);
    if (level === 1) return Buffer.concat(await roots(index * tileWidth, width));
    const hashes: Hash[] = [];
    for (let at = 0; at < width; at++)
      hashes.push(perfectRoot(await read({ level: level - 1, index: index * tileWidth + at, width: tileWidth })));
    return Buffer.concat(hashes);
  };
  return new TiledTree(size, read);
}

/** The tree over a statement's documents, as they are kept. */
export function statedTree(statements: Pick<Statements, 'tiles' | 'documents'>, statement: Statement): TiledTree {
  const source: TreeSource = {
    leaves: async (index, width) => {
      const [tile] = await statements.tiles(statement, index, 1);
      if (!tile) throw new Error(`the statement of position ${statement.position} has no tile ${index}`);
      return leavesOf(await statements.documents(statement, tile.firstKey, width));
    },
    roots: async (first, count) => (await statements.tiles(statement, first, count)).map(({ root }) => root),
  };
  return treeFrom(source, statement.size);
}

/** The tiles and the root over documents that come in the order of their keys, 256 at a time but for the last. Keeps no document. @throws the signal's reason once it is aborted */
export async function treeOver(
  pages: Iterable<readonly StatedDocument[]>,
  signal?: AbortSignal,
): Promise<{ size: number; root: Hash; tiles: StatedTile[] }> {
  const tiles: StatedTile[] = [];
  let last: readonly StatedDocument[] = [];
  for (const page of pages) {
    if (tiles.length % 16 === 15) await nextTurn();
    signal?.throwIfAborted();
    tiles.push(await tileOver(page));
    last = page;
  }
  const size = Math.max(0, tiles.length - 1) * tileWidth + last.length;
  const source: TreeSource = {
    leaves: (_index, width) => Promise.resolve(leavesOf(last).subarray(0, width * hashLength)),
    roots: (first, count) => Promise.resolve(tiles.slice(first, first + count).map(({ root }) => root)),
  };
  return { size, root: await treeFrom(source, size).root(), tiles };
}
