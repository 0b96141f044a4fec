/** What running projections needs, and what it tells its operator. */
import { type Wait } from '../command-processing/wait.js';
import { type EventLog, type Offset } from '../event-log/ports.js';
import { type ReadModels } from '../read-models/ports.js';

/** What an operator sees of the projections. */
export type ProjectionObserver = {
  /** Everything up to `offset` is folded: called at the start and after every batch. `recordedAt` is of the batch's newest record, absent if it held none. */
  folded(batch: { offset: Offset; records: number; recordedAt?: string }): void;
  /** This generation answers readers from now on. */
  serving(generation: string): void;
};

export type ProjectionOptions = {
  log: EventLog;
  partition: number;
  models: ReadModels;
  /** The name of the generation: another version of the folding code makes another, beside the one that serves until it is complete. */
  generation: string;
  observer?: ProjectionObserver;
  /** How many written documents are remembered, so that they need not be read again. */
  remembered?: number;
  /** How many entries a build folds at once: the more, the fewer times a document is written that many events touch. */
  atOnce?: number;
  wait?: Wait;
};
