import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '../../../libs/event-log/ports.js';
import { FoldedDocuments } from '../../../libs/proof/sqlite/folded-documents.js';
import { verifyStatements, type StatementFault } from '../../../libs/proof/statements/verify-statements.js';

/** Statements that were folded again, and what is wrong with some. */
export type RecomputedStatements = { statements: number; faults: string[] };

/** Folds the records of every statement again, of the programmes whose history is sound. */
export async function recomputeStatements(
  log: Pick<EventLog, 'read' | 'partitions'>,
  isSound: (programme: string) => boolean,
): Promise<RecomputedStatements> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-verify-'));
  const all: RecomputedStatements = { statements: 0, faults: [] };
  try {
    for (let partition = 0; partition < log.partitions; partition++) {
      const documents = FoldedDocuments.open(join(folder, `documents-${partition}.sqlite`));
      try {
        const { statements, faults } = await verifyStatements(log, partition, documents, isSound);
        all.statements += statements;
        all.faults.push(...faults.map(inWords));
      } finally {
        documents.close();
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return all;
}

function inWords({ programme, position, found }: StatementFault): string {
  return `the statement at position ${position} of ${programme}: ${found}`;
}
