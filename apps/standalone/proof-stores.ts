/** The files of proof beside an embedded ledger, opened to read while another thread or process writes them. */
import type { ProofStores } from '../../libs/application/proof.js';
import { openSqliteCosignedHeads } from '../../libs/proof/sqlite/sqlite-cosigned-heads.js';
import { openSqliteSignedHeads } from '../../libs/proof/sqlite/sqlite-signed-heads.js';
import { openSqliteStatements } from '../../libs/proof/sqlite/sqlite-statements.js';
import { openSqliteTrees } from '../../libs/proof/sqlite/sqlite-trees.js';
import type { LedgerFiles } from './ledger-files.js';

export type OpenedProofStores = ProofStores & { close(): Promise<unknown> };

/** Opens the files. @throws {Error} one is missing @throws {LedgerDamaged} */
export function openProofStores(files: Pick<LedgerFiles, 'trees' | 'signed' | 'cosigned' | 'statements'>): OpenedProofStores {
  const opened: { close(): Promise<void> }[] = [];
  const close = () => Promise.all(opened.map((one) => one.close()));
  const kept = <T extends { close(): Promise<void> }>(store: T): T => {
    opened.push(store);
    return store;
  };
  try {
    const trees = kept(openSqliteTrees(files.trees, 'read'));
    const signed = kept(openSqliteSignedHeads(files.signed, 'read'));
    const statements = kept(openSqliteStatements(files.statements, 'read'));
    const cosigned = kept(openSqliteCosignedHeads(files.cosigned, 'read'));
    return { trees, signed, cosigned, statements, close };
  } catch (error) {
    void close();
    throw error;
  }
}
