/** The choice of the checkpoint that readers get. */
import { readNote } from '../notes/signed-note.js';
import type { CosignedHeads, SignedHeads } from '../ports.js';

/**
 * The newest checkpoint with the cosignatures that the policy needs. If there is none, because the policy needs none or no head ever had them, the newest
 * that is signed, with the cosignatures that it has. `undefined` if none is signed.
 */
export async function servedCheckpoint(
  programme: string,
  signed: Pick<SignedHeads, 'latest'>,
  cosigned: Pick<CosignedHeads, 'of'>,
): Promise<string | undefined> {
  const latest = await signed.latest(programme);
  if (!latest) return undefined;
  const heads = await cosigned.of(programme);
  const enough = heads.find((head) => head.enough);
  if (enough) return enough.note;
  const { text } = readNote(latest.note);
  return heads.find(({ note }) => readNote(note).text === text)?.note ?? latest.note;
}
