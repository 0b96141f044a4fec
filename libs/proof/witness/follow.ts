/** Brings a ledger's checkpoints to a witness that its ledger can't reach or does not ask: it reads checkpoint and tiles, and proves by itself what it needs. */
import { openCheckpoint, type Checkpoint } from '../notes/checkpoint.js';
import { openNote, ProofRefused, type Verifier } from '../notes/signed-note.js';
import { messageOf } from '../../sqlite/database.js';
import type { SignedHead } from '../ports.js';
import { isSameHash } from '../tree/hashing.js';
import { TiledTree } from '../tree/tiled-tree.js';
import { isExtended } from '../tree/verify.js';
import { cosignAgainAfter } from './cosigning.js';
import type { FollowedLedger } from './followed-ledger.js';
import type { Witness, WitnessAnswer } from './witness.js';

/**
 * The outcome: `cosigned`; `same` if it was cosigned lately; `none` if the ledger has no checkpoint yet; `older` if it shows a checkpoint from before the
 * one that was cosigned; `refused` with the reason. `forked`: the older one is not of the history that was cosigned.
 */
export type Followed = { was: 'cosigned' | 'same' | 'older'; size: number } | { was: 'none' } | { was: 'forked' | 'refused'; why: string };

/** The programme of an origin, which ends in its code. */
export function programmeOf(origin: string): string {
  return origin.slice(origin.lastIndexOf('/') + 1);
}

/**
 * Has a witness cosign the checkpoint of an origin, which one of these keys signs.
 * @throws {ProofRefused} none of them signed it @throws {Error} the ledger can't be read now
 */
export async function followOnce(
  ledger: FollowedLedger,
  origin: string,
  keys: readonly Verifier[],
  witness: Witness,
  now: number,
): Promise<Followed> {
  const programme = programmeOf(origin);
  const note = await ledger.checkpoint(programme);
  if (note === undefined) return { was: 'none' };
  const [verifier] = openNote(
    note,
    keys.filter(({ name }) => name === origin),
  ).signedBy;
  if (!verifier) throw new ProofRefused(`no key of ${origin} is known`);
  const checkpoint = openCheckpoint(note, verifier);
  const last = await witness.cosigned(origin);
  if (last && checkpoint.size < last.size) return comparedWithLater(ledger, programme, checkpoint, last);
  if (last?.size === checkpoint.size && isSameHash(last.root, checkpoint.root) && now - last.signedAt < cosignAgainAfter)
    return { was: 'same', size: last.size };
  const old = last?.size ?? 0;
  const tree = treeAt(ledger, programme, checkpoint.size);
  const proof = old < checkpoint.size ? await tree.consistency(old) : [];
  // Only tiles under the root that the log signed speak for the log.
  const proofOf = isSameHash(await tree.root(), checkpoint.root) ? 'log' : 'sender';
  return outcomeOf(await witness.add({ old, proof, checkpoint: note }, proofOf), checkpoint);
}

/** A checkpoint from before the one that was cosigned: as caches and policies show it for a while, or of a history put back to an older copy. */
async function comparedWithLater(ledger: FollowedLedger, programme: string, shown: Checkpoint, last: SignedHead): Promise<Followed> {
  try {
    const proof = await treeAt(ledger, programme, last.size).consistency(shown.size);
    if (isExtended(shown, last, proof)) return { was: 'older', size: shown.size };
  } catch (error) {
    const what = `the ledger shows a checkpoint of ${shown.size} records, and ${last.size} were cosigned`;
    return { was: 'refused', why: `${what}; it does not prove that they are of one history: ${messageOf(error)}` };
  }
  return { was: 'forked', why: `the checkpoint of ${shown.size} records is not of the history of ${last.size} that was cosigned` };
}

function treeAt(ledger: FollowedLedger, programme: string, size: number): TiledTree {
  return new TiledTree(size, (tile) => ledger.tile(programme, tile));
}

function outcomeOf(answer: WitnessAnswer, { size }: Checkpoint): Followed {
  if (answer.status === 200) return { was: 'cosigned', size };
  // Another request was faster.
  if (answer.status === 409) return { was: 'same', size: answer.size };
  return { was: answer.status === 422 ? 'forked' : 'refused', why: answer.why };
}
