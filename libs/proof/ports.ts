/**
 * The ports of proof: the trees of a ledger's programmes, which can be grown from the log again; the heads that a key has signed, which cannot; and
 * their cosignatures.
 * Every adapter passes the contract suite beside it.
 */
import type { Offset } from '../event-log/ports.js';
import type { Hash } from './tree/hashing.js';
import type { Tile, TileAddress } from './tree/tiles.js';
import type { TreeHead } from './tree/verify.js';

/** A programme's tree after leaves were appended: its size, and the tiles that changed. */
export type GrownTree = { programme: string; size: number; tiles: readonly Tile[] };
/** The trees of one partition of the log after a batch of its entries; `offset` is that of the last one. */
export type GrownTrees = { partition: number; offset: Offset; trees: readonly GrownTree[] };

/**
 * The Merkle trees of programmes, kept as tiles. Trees only grow: of two that save the same tree, the larger one stays.
 * A reader that finds a size also finds every tile of a tree of that size.
 */
export interface Trees {
  /** The offset that a partition's trees are grown to; `start` if none are. */
  offset(partition: number): Promise<Offset>;
  /** The number of leaves of a programme's tree; 0 if there is none. */
  size(programme: string): Promise<number>;
  /** Every programme with a tree. */
  programmes(): Promise<string[]>;
  /** The first `width` hashes of a tile; `undefined` if the tree has fewer. */
  tile(programme: string, address: TileAddress): Promise<Uint8Array | undefined>;
  /** Saves trees, and then how far they are grown. */
  save(grown: GrownTrees): Promise<void>;
  close(): Promise<void>;
}

/** A head that was signed: the signed note, and when it was signed (milliseconds since 1970). */
export type SignedHead = TreeHead & { note: string; signedAt: number };

/**
 * The heads that keys have signed: what a publisher must never forget. Keys are known by the text of {@link nameOfKey}; of several, the one begun last is
 * the ledger's.
 */
export interface SignedHeads {
  /** Begins to remember for a new key; of a known key, changes nothing. */
  begin(key: string): Promise<void>;
  /** Whether a key is known. An unknown key may have signed anything. */
  knows(key: string): Promise<boolean>;
  /** The last head that a key signed for a programme. */
  last(key: string, programme: string): Promise<SignedHead | undefined>;
  /** The ledger's key: its public half in hex; `undefined` if there is none. */
  key(): Promise<string | undefined>;
  /** The last head that the ledger's key signed for a programme. */
  latest(programme: string): Promise<SignedHead | undefined>;
  /** Every programme that the ledger's key has signed a head for. */
  programmes(): Promise<string[]>;
  /**
   * Remembers a head in place of the one before, durable when it resolves.
   * @returns false if another head is remembered by now: nothing was changed
   */
  remember(key: string, programme: string, head: SignedHead, previous: SignedHead | undefined): Promise<boolean>;
  close(): Promise<void>;
}

/** A head that the ledger signed, with cosignatures of witnesses: as many as there are, and whether they are those that the policy needs. */
export type CosignedHead = { size: number; note: string; enough: boolean };

/** The few heads of each programme that witnesses cosigned. If some are lost, witnesses cosign again. */
export interface CosignedHeads {
  /** The heads of a programme, the largest first. */
  of(programme: string): Promise<CosignedHead[]>;
  /** Keeps these heads of a programme in place of those before, durable when it resolves. */
  keep(programme: string, heads: readonly CosignedHead[]): Promise<void>;
  close(): Promise<void>;
}

/** The name under which a key's heads are remembered: its public half in hex. */
export function nameOfKey(publicKey: Uint8Array): string {
  return Buffer.from(publicKey).toString('hex');
}

/** Hashes as a store keeps them, which may be bytes of its own kind, as plain bytes. */
export function plainBytes(hashes: Uint8Array): Hash {
  return Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength);
}
