/** `ledger check --against`: whether the history that a ledger shows today extends the one that evidence was made from. */
import { openCheckpoint } from '../../../libs/proof/notes/checkpoint.js';
import { ProofRefused, verifierIn } from '../../../libs/proof/notes/signed-note.js';
import type { Proven } from '../../../libs/proof/evidence/check-evidence.js';
import { isSameHash } from '../../../libs/proof/tree/hashing.js';
import { TiledTree } from '../../../libs/proof/tree/tiled-tree.js';
import { isExtended } from '../../../libs/proof/tree/verify.js';
import { ledgerOverHttp } from '../../../libs/proof/witness/followed-ledger.js';
import { UserError } from '../output.js';

/**
 * How the ledger at an address contradicts sound evidence; `undefined` if its history extends that of the evidence.
 * @throws {UserError} the ledger can't be read now
 */
export async function contradictionBy(address: string, { programme, checkpoint, signedBy }: Proven): Promise<string | undefined> {
  const ledger = ledgerOverHttp(address.replace(/\/$/, ''), () => Promise.resolve(undefined));
  const own = signedBy.find(({ name }) => name === checkpoint.origin)?.key ?? '';
  const older = { size: checkpoint.size, root: Buffer.from(checkpoint.root, 'base64') };
  try {
    const note = await ledger.checkpoint(programme);
    if (note === undefined) return `the ledger shows no checkpoint of ${programme}, of which the evidence has one`;
    const shown = openCheckpoint(note, verifierIn(own));
    if (shown.size < older.size)
      return `the ledger shows a history of ${shown.size} records, and the evidence is of one with ${older.size}: its end is missing, or a cache is behind`;
    const tree = new TiledTree(shown.size, (tile) => ledger.tile(programme, tile));
    if (!isSameHash(await tree.root(), shown.root)) return `the tiles of the ledger do not lead to the root that it signed`;
    if (isExtended(older, shown, await tree.consistency(older.size))) return undefined;
    return `the history of ${shown.size} records that the ledger shows does not extend the one of ${older.size} that it signed: records were changed`;
  } catch (error) {
    if (error instanceof ProofRefused) return `the ledger shows a checkpoint that the key of the evidence did not sign: ${error.message}`;
    throw new UserError(`the ledger at ${address} can't be read: ${Error.isError(error) ? error.message : String(error)}`);
  }
}
