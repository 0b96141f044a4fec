/** Checks proofs of inclusion and of consistency with nothing but hashes (RFC 9162, sections 2.1.3.2 and 2.1.4.2). */
import { isSameHash, nodeHash, type Hash } from './hashing.js';

/** The root of a tree of `size` leaves with `leaf` (its hash) at `index`, by its proof; `undefined` if the proof has the wrong number of hashes. */
export function rootOfInclusion(leaf: Hash, index: number, size: number, proof: readonly Hash[]): Hash | undefined {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return undefined;
  let [at, last] = [index, size - 1];
  let root = leaf;
  for (const hash of proof) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      root = nodeHash(hash, root);
      // A node without a right neighbour is its own parent.
      while (at % 2 === 0 && at > 0) [at, last] = [half(at), half(last)];
    } else root = nodeHash(root, hash);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? root : undefined;
}

/** Whether `leaf` (its hash) is at `index` of the tree of `size` leaves with this root. */
export function isIncluded(leaf: Hash, index: number, size: number, root: Hash, proof: readonly Hash[]): boolean {
  const found = rootOfInclusion(leaf, index, size, proof);
  return found !== undefined && isSameHash(found, root);
}

/** A tree's size in leaves, and its root. */
export type TreeHead = { size: number; root: Hash };

/** Whether a proof shows that one tree extends another: it has the same leaves first. Every tree extends the empty one. */
export function isExtended(older: TreeHead, newer: TreeHead, proof: readonly Hash[]): boolean {
  if (!Number.isSafeInteger(older.size) || !Number.isSafeInteger(newer.size) || older.size < 0 || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && isSameHash(older.root, newer.root);
  if (older.size === 0) return proof.length === 0;
  let [at, last] = [older.size - 1, newer.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  // All leaves of the older tree are one subtree of the newer one: its root begins the path.
  const [first, ...rest] = at === 0 ? [older.root, ...proof] : proof;
  if (first === undefined) return false;
  let [olderRoot, newerRoot] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      olderRoot = nodeHash(hash, olderRoot);
      newerRoot = nodeHash(hash, newerRoot);
      while (at % 2 === 0 && at > 0) [at, last] = [half(at), half(last)];
    } else newerRoot = nodeHash(newerRoot, hash);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && isSameHash(olderRoot, older.root) && isSameHash(newerRoot, newer.root);
}

/** Half of a whole number, rounded down; not by shifting bits, because sizes may be above 2³¹. */
function half(value: number): number {
  return Math.floor(value / 2);
}
