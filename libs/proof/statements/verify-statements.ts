/** Verifies statements: folds the records again, and compares. */
import { start, type Entry, type EventLog } from '../../event-log/ports.js';
import { decodeRecord, type RecordsByType } from '../../event-log/record.js';
import { tileWidth } from '../tree/tiles.js';
import { foldDocuments } from './fold.js';
import type { FoldedDocuments } from '../sqlite/folded-documents.js';
import { mayAsk } from './occasion.js';
import { treeOver } from './stated-tree.js';

/** A statement that is not what its records fold to; `position` is that of its own record. */
export type StatementFault = { programme: string; position: number; found: string };
export type VerifiedStatements = { statements: number; faults: StatementFault[] };

/**
 * Verifies every statement of the programmes whose history is sound.
 * @param documents empty, and used for nothing else
 */
export async function verifyStatements(
  log: Pick<EventLog, 'read'>,
  partition: number,
  documents: FoldedDocuments,
  isSound: (programme: string) => boolean,
): Promise<VerifiedStatements> {
  const sound = { read: (from: number, after: number) => entriesOf(log.read(from, after), isSound) };
  const faults: StatementFault[] = [];
  const claims = new Map<string, RecordsByType['StatementPublished'][]>();
  let statements = 0;
  for await (const entries of sound.read(partition, start))
    for (const entry of entries) {
      const record = mayAsk(entry) ? decodeRecord(entry.bytes) : undefined;
      if (record?.type !== 'StatementPublished') continue;
      statements++;
      const { programme, position, data } = record;
      const key = `${programme}/${data.position}`;
      if (data.position < position) claims.set(key, [...(claims.get(key) ?? []), record]);
      else faults.push({ programme, position, found: `it is of position ${data.position}, which is not before it` });
    }
  if (claims.size === 0) return { statements, faults };
  await foldDocuments(sound, partition, documents, {
    isAt: (programme, position) => claims.has(`${programme}/${position}`),
    reached: async (programme, at) => {
      const { size, root } = await treeOver(documents.pages(programme, tileWidth));
      const folded = Buffer.from(root).toString('hex');
      for (const { position, data } of claims.get(`${programme}/${at}`) ?? [])
        if (data.size !== size || data.root !== folded)
          faults.push({
            programme,
            position,
            found: `it says that the ${data.size} documents as of position ${at} have the root ${data.root}, and the records fold to ${size} with ${folded}`,
          });
    },
  });
  return { statements, faults };
}

async function* entriesOf(batches: AsyncIterable<Entry[]>, isWanted: (programme: string) => boolean): AsyncIterable<Entry[]> {
  for await (const entries of batches) yield entries.filter(({ programme }) => programme !== undefined && isWanted(programme));
}
