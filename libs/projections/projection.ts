/** What a projection is. */
import type { CollectionSpec } from '../read-models/ports.js';
import type { BatchDocuments } from './batch-documents.js';
import type { Recorded } from './records/recorded.js';
import type { Change } from './totals/changes.js';

/** A record with what it changes in the totals; `alone` if the record itself says all of it. */
export type Changed = { recorded: Recorded; changes: readonly Change[]; alone: boolean };

/** Folds the log's records into documents of collections of its own. */
export type Projection = {
  readonly collections: readonly CollectionSpec[];
  /**
   * Folds a batch of records, in the order of the log, into the documents that it touches. A document names the position that it is folded to; a record up
   * to that position is in it already and changes nothing.
   */
  fold(documents: BatchDocuments, batch: readonly Changed[]): Promise<void>;
};
