/**
 * Folds a batch of the log's entries into documents: reads the documents they touch, folds the records in order, and returns each touched document once.
 * Every document names the position it is folded to and skips records up to it, so folding the same entries again changes nothing.
 */
import type { Entry, Head } from '../event-log/ports.js';
import type { ReadModels, Write } from '../read-models/ports.js';
import { BatchDocuments } from './batch-documents.js';
import { writesOfEntries } from './entries/fold.js';
import { InitiativesFold } from './initiatives/fold.js';
import { foldedOn, projections } from './projections.js';
import { recordKey } from './records/collection.js';
import { recordsSeenBefore, writeOfRecord } from './records/fold.js';
import { recordsIn, type Recorded } from './records/recorded.js';
import { WrittenDocuments } from './written-documents.js';

/** The documents that a batch writes, and the heads of the programmes that it touches. */
export type FoldedBatch = { writes: Write[]; heads: Map<string, Head> };

/** @throws {LogUnreadable} @throws {RecordMissing} */
export async function foldBatch(
  models: ReadModels,
  generation: string,
  entries: readonly Entry[],
  written = new WrittenDocuments(models, generation),
): Promise<FoldedBatch> {
  const batch = recordsIn(entries);
  const documents = new BatchDocuments(written, foldedOn);
  const seenBefore = await recordsSeenBefore(models, generation, batch);
  const changed = await new InitiativesFold(documents, models, generation).fold(batch, seenBefore);
  for (const projection of projections) await projection.fold(documents, changed);
  // Records first: after an interrupted save, their changes are read from their documents.
  const unseen = changed.filter(({ recorded: { record } }) => !seenBefore.has(recordKey(record.programme, record.position)));
  const found = await writesOfEntries({ models, generation, mayBeWritten: seenBefore.size > 0 }, documents, changed);
  return { writes: [...unseen.map(writeOfRecord), ...found, ...documents.writes()], heads: headsOf(batch) };
}

function headsOf(batch: readonly Recorded[]): Map<string, Head> {
  const heads = new Map<string, Head>();
  for (const { record, hash } of batch) heads.set(record.programme, { position: record.position, hash, recordedAt: record.recordedAt });
  return heads;
}
