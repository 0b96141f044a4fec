/** A programme's checkpoint in the parts that people are shown. */
import { checkpointIn } from '../proof/notes/checkpoint.js';
import { cosignersOf } from '../proof/notes/cosignature.js';
import { readNote, verifierLine } from '../proof/notes/signed-note.js';
import { servedCheckpoint } from '../proof/witness/served-checkpoint.js';
import type { ProofStores } from './proof.js';

/** The checkpoint that readers get. */
export type CheckpointShown = {
  /** The number of records. */
  readonly size: number;
  /** The root of the tree over them, in base64. */
  readonly root: string;
  /** When it was signed (milliseconds since 1970). Absent of an older one, which is served because the policy needs its cosignatures. */
  readonly signedAt?: number;
  /** The line of the ledger's key, by which outsiders check it. */
  readonly keyLine?: string;
  /** Who cosigned it, and as of which moment (seconds since 1970). */
  readonly cosigners: readonly { readonly name: string; readonly at: number }[];
};

/** The parts of a programme's checkpoint; `undefined` if none is signed. */
export async function checkpointShown(
  programme: string,
  { signed, cosigned }: Pick<ProofStores, 'signed' | 'cosigned'>,
): Promise<CheckpointShown | undefined> {
  const note = await servedCheckpoint(programme, signed, cosigned);
  if (note === undefined) return undefined;
  const [latest, key] = await Promise.all([signed.latest(programme), signed.key()]);
  const { text } = readNote(note);
  const { origin, size, root } = checkpointIn(text);
  return {
    size,
    root: Buffer.from(root).toString('base64'),
    ...(latest && readNote(latest.note).text === text && { signedAt: latest.signedAt }),
    ...(key !== undefined && { keyLine: verifierLine({ name: origin, publicKey: Buffer.from(key, 'hex') }) }),
    cosigners: cosignersOf(note),
  };
}
