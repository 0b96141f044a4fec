import type { ReadModels } from '../read-models/ports.js';
import { readOne, type ReadAnswers, type ReadArguments, type ReadName } from './reads.js';
import { Source } from './source.js';

/** The client that asks; clients take turns. Once the signal is aborted, reading stops. */
export type Asker = { client: string; readonly signal?: AbortSignal | undefined };

/** The reader is gone, so the answer has no recipient. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

/** The port for reads, in this thread or in others. */
export interface Readers {
  /**
   * Reads from a generation; from the serving one if none is named. @throws {TooManyWaiting} @throws {ReadModelsBehind} @throws {BadCursor}
   * @throws the signal's reason once it is aborted
   */
  read<N extends ReadName>(name: N, asked: ReadArguments[N], asker: Asker, generation?: string): Promise<ReadAnswers[N]>;
  close(): Promise<void>;
}

/** Reads in the thread that asks. */
export class ReadersHere implements Readers {
  constructor(private readonly models: ReadModels) {}
  read<N extends ReadName>(name: N, asked: ReadArguments[N], { signal }: Asker, generation?: string): Promise<ReadAnswers[N]> {
    return readOne(new Source(this.models, generation, signal), name, asked);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
