/** Proofs that one record is in a programme's tree (C2SP tlog-proof): a text that needs no ledger to be checked. */
import { leafOfRecord, type Hash } from '../tree/hashing.js';
import { isIncluded } from '../tree/verify.js';
import { hashIn, openCheckpoint, type Checkpoint } from './checkpoint.js';
import { base64In, ProofRefused, type Verifier } from './signed-note.js';

/** The leaf's index from 0 (a record's position less 1), the hashes beside its path, and the checkpoint as it was signed. */
export type TlogProof = { index: number; hashes: readonly Hash[]; checkpoint: string; /** What nobody vouches for. */ extra?: Uint8Array };

const format = 'c2sp.org/tlog-proof@v1';
/** A tree of 2⁵³ leaves is not deeper. */
const mostHashes = 63;

export function writeProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const head = [format, ...(extra ? [`extra ${Buffer.from(extra).toString('base64')}`] : []), `index ${index}`];
  return `${[...head, ...hashes.map((hash) => Buffer.from(hash).toString('base64'))].join('\n')}\n\n${checkpoint}`;
}

/** Reads a proof without checking it. @throws {ProofRefused} it is none */
export function readProof(text: string): TlogProof {
  const end = text.indexOf('\n\n');
  const [first, ...lines] = text.slice(0, Math.max(0, end)).split('\n');
  if (first !== format) throw new ProofRefused(`the first line of a proof must be ${format}`);
  const extra = lines[0]?.startsWith('extra ') ? base64In(lines.shift()?.slice('extra '.length) ?? '') : null;
  if (extra === undefined) throw new ProofRefused('what a proof has as extra must be base64');
  const [, index] = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '') ?? [];
  if (index === undefined) throw new ProofRefused('a proof must name the index of its leaf');
  if (lines.length > mostHashes) throw new ProofRefused(`a proof may have ${mostHashes} hashes, not ${lines.length}`);
  return { index: Number(index), hashes: lines.map(hashIn), checkpoint: text.slice(end + 2), ...(extra && { extra }) };
}

/**
 * Checks a proof of the record with this hash (SHA-256 of its bytes, hex): the key signed the checkpoint, and its tree has the record there.
 * @returns the checkpoint and the record's position
 * @throws {ProofRefused}
 */
export function checkProof(text: string, recordHash: string, verifier: Verifier): { checkpoint: Checkpoint; position: number } {
  const { index, hashes, checkpoint: note } = readProof(text);
  const checkpoint = openCheckpoint(note, verifier);
  const { origin, size, root } = checkpoint;
  if (!isIncluded(leafOfRecord(recordHash), index, size, root, hashes))
    throw new ProofRefused(`the record is not the one at position ${index + 1} of ${origin}, as of its checkpoint of ${size} records`);
  return { checkpoint, position: index + 1 };
}
