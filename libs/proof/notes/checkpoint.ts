/** Checkpoints (C2SP tlog-checkpoint): a note that names a tree, its size and its root. */
import { hashLength, type Hash } from '../tree/hashing.js';
import type { TreeHead } from '../tree/verify.js';
import { base64In, openNote, ProofRefused, readNote, signNote, type Signer, type Verifier } from './signed-note.js';

/** A head of the tree that `origin` names, such as `ledger.example/digital-kyrgyzstan`. */
export type Checkpoint = TreeHead & { origin: string };

/** A checkpoint's lines, which are what is signed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** The checkpoint signed by the key of its own origin. */
export function signCheckpoint(checkpoint: Checkpoint, signer: Signer): string {
  return signNote(checkpointText(checkpoint), [signer]);
}

/** The checkpoint of a note's text; lines after the third say nothing here. @throws {ProofRefused} it is none */
export function checkpointIn(text: string): Checkpoint {
  const [origin = '', size = '', root = '', ...more] = text.split('\n');
  if (origin === '') throw new ProofRefused('the first line of a checkpoint must be its origin');
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)))
    throw new ProofRefused(`the second line of a checkpoint must be the size of a tree, not ${JSON.stringify(size)}`);
  if (more.at(-1) !== '' || more.slice(0, -1).includes('')) throw new ProofRefused('a checkpoint must have no empty line');
  return { origin, size: Number(size), root: hashIn(root) };
}

/** The head that a signed checkpoint names, unchecked: for a note of our own. @throws {ProofRefused} */
export function headIn(note: string): Checkpoint {
  return checkpointIn(readNote(note).text);
}

/** The checkpoint of a note that this key signed under the checkpoint's own origin. @throws {ProofRefused} */
export function openCheckpoint(note: string, verifier: Verifier): Checkpoint {
  const checkpoint = checkpointIn(openNote(note, [verifier]).text);
  if (checkpoint.origin !== verifier.name)
    throw new ProofRefused(`the checkpoint is of ${checkpoint.origin}, but the key signs for ${verifier.name}`);
  return checkpoint;
}

/** A hash of 32 bytes in base64. @throws {ProofRefused} */
export function hashIn(text: string): Hash {
  const hash = base64In(text);
  if (hash?.length !== hashLength)
    throw new ProofRefused(`a hash must be ${hashLength} bytes in base64, not ${JSON.stringify(text.slice(0, 64))}`);
  return hash;
}
