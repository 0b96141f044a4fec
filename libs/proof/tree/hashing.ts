/** The hashing of RFC 6962, section 2.1: leaves and nodes have different first bytes, so that neither can be taken for the other. */
import { hash } from 'node:crypto';

/** 32 bytes of SHA-256. */
export type Hash = Uint8Array;

/** The length of a {@link Hash} in bytes. */
export const hashLength = 32;

const leafPrefix = Uint8Array.of(0x00);
const nodePrefix = Uint8Array.of(0x01);

/** The root of a tree without leaves. */
export const emptyRoot: Hash = sha256(new Uint8Array());

/** The hash of a leaf. A programme's leaf is the 32-byte hash of a record. */
export function leafHash(leaf: Uint8Array): Hash {
  return sha256(leafPrefix, leaf);
}

/** The hash of a node above two others. */
export function nodeHash(left: Hash, right: Hash): Hash {
  return sha256(nodePrefix, left, right);
}

/** The leaf's hash of a record, whose own hash (SHA-256 of its bytes) is given in hex. */
export function leafOfRecord(recordHash: string): Hash {
  return leafHash(Buffer.from(recordHash, 'hex'));
}

/** Whether two hashes are the same. */
export function isSameHash(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function sha256(...parts: Uint8Array[]): Hash {
  return hash('sha256', Buffer.concat(parts), 'buffer');
}
