import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '../../../libs/event-log/ports.js';
import { FoldedDocuments } from '../../../libs/proof/sqlite/folded-documents.js';
import { verifyStatements, type StatementClaims } from '../../../libs/proof/statements/verify-statements.js';

/** Folds the records of every statement again, of the programmes whose history is sound. Says what is wrong with some. */
export async function recomputeStatements(
  log: Pick<EventLog, 'read' | 'partitions'>,
  claims: StatementClaims,
  isSound: (programme: string) => boolean,
): Promise<{ statements: number; faults: string[] }> {
  const programmes = new Set([...claims.of].filter(isSound));
  const statements = [...programmes].reduce((count, programme) => count + claims.all(programme).length, 0);
  if (statements === 0) return { statements, faults: [] };
  const folder = await mkdtemp(join(tmpdir(), 'ledger-verify-'));
  try {
    const faults: string[] = [];
    for (let partition = 0; partition < log.partitions; partition++) {
      const documents = FoldedDocuments.open(join(folder, `documents-${partition}.sqlite`));
      try {
        for (const { programme, position, found } of await verifyStatements(log, partition, documents, claims, programmes))
          faults.push(`the statement at position ${position} of ${programme}: ${found}`);
      } finally {
        documents.close();
      }
    }
    return { statements, faults };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
