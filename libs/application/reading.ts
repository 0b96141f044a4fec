import { ReadModelsBehind } from '../projections/read-models-behind.js';
import { ReadersHere, type Asker, type Readers } from '../projections/readers.js';
import { type ReadAnswers, type ReadArguments, type ReadName } from '../projections/reads.js';
import { Source } from '../projections/source.js';
import type { ReadModels } from '../read-models/ports.js';
import { PositionWaits } from './position-waits.js';

/** Who asks, and how new the answer must be. */
export type Asked = {
  readonly asker: Asker;
  /** The answer must be folded at least to this position of the programme. */
  readonly atLeast?: number | undefined;
  /** Like `atLeast`, but the answer may be older if the wait runs out. */
  readonly hopedFor?: number | undefined;
};
/** An answer, and a position of its programme: the answer is at least that new. */
export type Answered<T> = { readonly position: number; readonly answer: T };

/** One generation of the read models, read for one asker. */
export class Snapshot {
  /** For reads of documents by key, which take a fraction of a millisecond and run in this thread. */
  readonly source: Source;

  constructor(
    models: ReadModels,
    private readonly readers: Readers,
    private readonly asker: Asker,
    private readonly generation: string,
  ) {
    this.source = new Source(models, generation);
  }

  /** Makes a longer read through the {@link Readers}, which keep it from delaying others. */
  read<N extends ReadName>(name: N, ...asked: ReadArguments[N]): Promise<ReadAnswers[N]> {
    return this.readers.read(name, asked, this.asker, this.generation);
  }
}

/** Reads for queries, each from one generation that is at least as new as the reader asks. */
export class Reading {
  private readonly waits: PositionWaits;

  /** `now` counts milliseconds; only waits use it. */
  constructor(
    private readonly models: ReadModels,
    now: () => number,
    private readonly readers: Readers = new ReadersHere(models),
    /** The moment in milliseconds since 1970, on which notices depend. */
    readonly clock: () => number = Date.now,
  ) {
    this.waits = new PositionWaits(models, now);
  }

  /** Reads the serving generation. @throws {ReadModelsBehind} none serves yet @throws the reason of the asker's signal once it is aborted */
  async now<T>({ asker }: Asked, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    return work(this.snapshot(await this.generation(), asker));
  }

  /**
   * Reads about a programme, and reads again if another generation serves by then, so the answer is never older than its position.
   * @throws {ReadModelsBehind} the read models do not get as new as required within two seconds, or no generation serves yet
   * @throws the reason of the asker's signal once it is aborted
   */
  async about<T>(programme: string, asked: Asked, work: (snapshot: Snapshot) => Promise<T>): Promise<Answered<T>> {
    for (;;) {
      const generation = await this.generation();
      try {
        const position = await this.reached(generation, programme, asked);
        const answer = await work(this.snapshot(generation, asked.asker));
        if ((await this.models.serving()) === generation) return { position, answer };
      } catch (error) {
        if ((await this.models.serving()) === generation) throw error;
      }
    }
  }

  /** The position that a programme is folded to, 0 if it has no records. @throws {ReadModelsBehind} none serves yet */
  async position(programme: string): Promise<number> {
    return (await this.models.head(await this.generation(), programme))?.position ?? 0;
  }

  /**
   * Waits as long as a reader would for a position of a programme; `undefined` if it is not reached.
   * @throws the reason of the asker's signal once it is aborted
   */
  async hope(programme: string, position: number, asker: Asker): Promise<number | undefined> {
    return this.inTime(await this.generation(), programme, position, asker);
  }

  private async reached(generation: string, programme: string, { atLeast = 0, hopedFor = 0, asker }: Asked): Promise<number> {
    const hoped = hopedFor > atLeast ? await this.inTime(generation, programme, hopedFor, asker) : undefined;
    return hoped ?? this.waits.until(generation, programme, atLeast, asker);
  }

  private async inTime(generation: string, programme: string, position: number, asker: Asker): Promise<number | undefined> {
    try {
      return await this.waits.until(generation, programme, position, asker);
    } catch (error) {
      if (error instanceof ReadModelsBehind) return undefined;
      throw error;
    }
  }

  private snapshot(generation: string, asker: Asker): Snapshot {
    return new Snapshot(this.models, this.readers, asker, generation);
  }

  private generation(): Promise<string> {
    return new Source(this.models).generation();
  }
}
