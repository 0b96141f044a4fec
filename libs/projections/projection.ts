/** The interface of a projection. */
import type { CollectionSpec } from '../read-models/ports.js';
import type { BatchDocuments } from './batch-documents.js';
import type { Recorded } from './records/recorded.js';
import type { Change } from './totals/changes.js';

/** A record and its changes to the totals; `alone` if they follow from the record itself. */
export type Changed = { recorded: Recorded; changes: readonly Change[]; alone: boolean };

/** Folds the log's records into documents of its own collections. */
export type Projection = {
  readonly collections: readonly CollectionSpec[];
  /**
   * Folds a batch of records, in the order of the log, into the documents that it touches. A document names the position that it is folded to; records up
   * to that position are in it already and change nothing.
   */
  fold(documents: BatchDocuments, batch: readonly Changed[]): Promise<void>;
};
