/** The hashing of RFC 6962, section 2.1: leaves and nodes have different first bytes, so that neither can be taken for the other. */
import { hash } from 'node:crypto';

/** 32 bytes of SHA-256. */
export type Hash = Uint8Array;

/** The length of a {@link Hash} in bytes. */
export const hashLength = 32;

/** The input for hashing leaves of 32 bytes and nodes, reused for every hash, because hashing is most of a tree’s work. */
const leafInput = new Uint8Array(1 + hashLength);
const nodeInput = new Uint8Array(1 + 2 * hashLength);
const [leafPrefix, nodePrefix] = [0x00, 0x01];
nodeInput[0] = nodePrefix;

/** The root of a tree without leaves. */
export const emptyRoot: Hash = sha256(new Uint8Array());

/** The hash of a leaf. A programme's leaf is the 32-byte hash of a record. */
export function leafHash(leaf: Uint8Array): Hash {
  if (leaf.length !== hashLength) return sha256(Buffer.concat([Uint8Array.of(leafPrefix), leaf]));
  leafInput.set(leaf, 1);
  return sha256(leafInput);
}

/** The hash of a node above two others. */
export function nodeHash(left: Hash, right: Hash): Hash {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashLength);
  return sha256(nodeInput);
}

/** The leaf hash of a record, from the record's own hash (SHA-256 of its bytes, hex). */
export function leafOfRecord(recordHash: string): Hash {
  return leafHash(Buffer.from(recordHash, 'hex'));
}

/** The same of a record's bytes. */
export function leafOfRecordBytes(bytes: Uint8Array): Hash {
  return leafHash(sha256(bytes));
}

/** Whether two hashes are the same. */
export function isSameHash(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function sha256(bytes: Uint8Array): Hash {
  // Node.js returns text much faster than bytes.
  return Buffer.from(hash('sha256', bytes, 'hex'), 'hex');
}
