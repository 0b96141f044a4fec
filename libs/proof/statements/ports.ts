/** The port of statements: the documents of each, for ever. It is a cache, made from the log again. Every adapter passes the contract suite beside it. */
import type { Hash } from '../tree/hashing.js';

/**
 * A statement: the root of the Merkle tree over a programme's `size` documents, as folded to `position`. `record` is the position of the record that
 * published it; absent while none is known.
 */
export type Statement = { programme: string; position: number; size: number; root: Hash; record?: number };
/** A statement that a record has published. */
export type PublishedStatement = Statement & { record: number };
/** A document with its key, as the text of its leaf. */
export type StatedDocument = { key: string; text: string };
/** Up to 256 leaves side by side: the key of the first, and the root of all. */
export type StatedTile = { firstKey: string; root: Hash };
/** What a statement adds to those before it: the documents that have changed, and its own tiles. */
export type NewStatement = Statement & { changed: Iterable<readonly StatedDocument[]>; tiles: readonly StatedTile[] };

/** Statements of programmes. Once added, one never changes. */
export interface Statements {
  /** Adds a statement; readers find it once it is whole. A statement that was added before stays as it is. */
  add(statement: NewStatement): Promise<void>;
  /** Notes that a record has published a statement. If the store has no statement with this content, nothing changes. */
  published(statement: PublishedStatement): Promise<void>;
  /** The statement of a position, published or not. */
  at(programme: string, position: number): Promise<Statement | undefined>;
  /** The last statement of a position up to `position`, published or not. */
  last(programme: string, position?: number): Promise<Statement | undefined>;
  /** A programme's published statements, the latest first, of positions before `before`. */
  list(programme: string, limit: number, before?: number): Promise<PublishedStatement[]>;
  /** A page of a statement's documents in the order of their keys, from a key on. */
  documents(statement: Statement, from: string, limit: number): Promise<StatedDocument[]>;
  /** `count` of a statement's tiles, from tile `first` on. */
  tiles(statement: Statement, first: number, count: number): Promise<StatedTile[]>;
  /** The number of the tile that has a key, or would have it. */
  tileOf(statement: Statement, key: string): Promise<number>;
  close(): Promise<void>;
}
