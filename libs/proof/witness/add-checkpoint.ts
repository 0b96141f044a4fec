/** The request by which a witness is asked for its cosignature (C2SP tlog-witness, add-checkpoint). */
import { hashIn } from '../notes/checkpoint.js';
import { ProofRefused } from '../notes/signed-note.js';
import type { Hash } from '../tree/hashing.js';

/** The size of the tree that the witness cosigned last, the proof that the new one extends it, and the new one's checkpoint as signed by its log. */
export type AddCheckpoint = { old: number; proof: readonly Hash[]; checkpoint: string };

/** A tree of 2⁵³ leaves is not deeper. */
const mostHashes = 63;
/** The most bytes of a request: all its hashes, and a checkpoint with more signatures than there are in earnest. */
export const longestRequest = 65_536;

export function writeAddCheckpoint({ old, proof, checkpoint }: AddCheckpoint): string {
  return `${[`old ${old}`, ...proof.map((hash) => Buffer.from(hash).toString('base64'))].join('\n')}\n\n${checkpoint}`;
}

/** Reads a request; its checkpoint is as it was sent. @throws {ProofRefused} it is none */
export function readAddCheckpoint(body: string): AddCheckpoint {
  const end = body.indexOf('\n\n');
  if (end < 0) throw new ProofRefused('the request must have an empty line before the checkpoint');
  const [first = '', ...lines] = body.slice(0, end).split('\n');
  const [, old] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
  if (old === undefined || !Number.isSafeInteger(Number(old)))
    throw new ProofRefused('the first line of the request must be: old, a space, and the size of the tree that was cosigned last');
  if (lines.length > mostHashes) throw new ProofRefused(`a proof may have ${mostHashes} hashes, not ${lines.length}`);
  return { old: Number(old), proof: lines.map(hashIn), checkpoint: body.slice(end + 2) };
}
