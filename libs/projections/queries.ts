import type { ReadModels } from '../read-models/ports.js';
import { PositionWaits, ReadModelsBehind } from './position-waits.js';
import { ReadersHere, type Asker, type ReadAnswers, type ReadArguments, type ReadName, type Readers } from './readers.js';
import { Reads } from './reads.js';

type Parts = {
  models: ReadModels;
  /** They read what takes long. */
  readers: Readers;
  waits: PositionWaits;
};

/** Queries of some read models. `now` counts milliseconds, for waiting only. */
export function queriesOf(models: ReadModels, now: () => number, readers: Readers = new ReadersHere(models)): Queries {
  return new Queries({ models, readers, waits: new PositionWaits(models, now) }, { client: '' });
}

/** Everything that is asked of the read models: documents by their keys are read here, and what takes long by readers. */
export class Queries {
  get heads() {
    return this.readElsewhere('heads');
  }
  get programmes() {
    return this.readElsewhere('programmes');
  }
  get programme() {
    return this.readElsewhere('programme');
  }
  get fiscalYears() {
    return this.readElsewhere('fiscalYears');
  }
  get authorities() {
    return this.readElsewhere('authorities');
  }
  get initiatives() {
    return this.readElsewhere('initiatives');
  }
  get initiativeYears() {
    return this.readElsewhere('initiativeYears');
  }
  get initiative() {
    return this.readElsewhere('initiative');
  }
  get history() {
    return this.readElsewhere('history');
  }
  get records() {
    return this.readElsewhere('records');
  }

  /** By key, and so within a fraction of a millisecond. */
  readonly byKey: Pick<Reads, 'programmeShown' | 'initiativeShown' | 'minorUnitsOf' | 'recordsOf'>;

  constructor(
    private readonly parts: Parts,
    private readonly asker: Asker,
    /** The one generation that this asks; whichever serves at the moment where absent. */
    private readonly generation?: string,
  ) {
    this.byKey = new Reads(parts.models, generation);
  }

  /** The same for somebody in particular. */
  for(asker: Asker): Queries {
    return new Queries(this.parts, asker, this.generation);
  }

  /**
   * Asks one generation, folded at least as far as a position of a programme (as far as it is, where none is named), and again where another has taken
   * its place meanwhile: what is answered is never older than the position said. A position that is hoped for is waited for as long, and is not required.
   * @throws {ReadModelsBehind} @throws the asker's reason to leave
   */
  async consistently<T>(
    programme: string,
    position: number | undefined,
    ask: (queries: Queries) => Promise<T>,
    hopedFor = 0,
  ): Promise<{ position: number; answer: T }> {
    const { models } = this.parts;
    for (;;) {
      const generation = await new Reads(models, this.generation).generation();
      try {
        const queries = new Queries(this.parts, this.asker, generation);
        const hoped = hopedFor > (position ?? 0) ? await queries.inTime(programme, hopedFor) : undefined;
        const folded = hoped ?? (await queries.atLeast(programme, position ?? 0));
        const answer = await ask(queries);
        if ((await models.serving()) === generation) return { position: folded, answer };
      } catch (error) {
        if ((await models.serving()) === generation) throw error;
      }
    }
  }

  /** Waits until a programme is folded that far. @returns how far it is @throws {ReadModelsBehind} @throws the asker's reason to leave */
  async atLeast(programme: string, position: number): Promise<number> {
    const { models, waits } = this.parts;
    return waits.until(await new Reads(models, this.generation).generation(), programme, position, this.asker.signal);
  }

  /** Waits as long as {@link atLeast}. @returns how far the programme is folded; `undefined` if not that far in time */
  async inTime(programme: string, position: number): Promise<number | undefined> {
    try {
      return await this.atLeast(programme, position);
    } catch (error) {
      if (error instanceof ReadModelsBehind) return undefined;
      throw error;
    }
  }

  private readElsewhere<N extends ReadName>(name: N): (...asked: ReadArguments[N]) => Promise<ReadAnswers[N]> {
    return (...asked) => this.parts.readers.read(name, asked, this.asker, this.generation);
  }
}
