/** One generation being folded from one partition of the log. */
import { LogUnreadable, start, type Entry, type Offset } from '../event-log/ports.js';
import { StaleWrite, type Checkpoint } from '../read-models/ports.js';
import { foldBatch, type FoldedBatch } from './fold-batch.js';
import { foldedOn } from './projections.js';
import { RecordMissing } from './initiatives/fold.js';
import { WrittenDocuments } from './written-documents.js';
import { type ProjectionOptions } from './projection-options.js';

/** How many times a batch is folded again from the stored checkpoint after another writer came between. */
const attempts = 5;

/** A batch that is folded and being saved. */
type Ahead = { entries: readonly Entry[]; offset: Offset; saved: Promise<void> };

/** Folds one partition into one generation, a batch ahead of what is saved. */
export class Folding {
  private readonly written: WrittenDocuments;
  private ahead: Ahead | undefined;

  private constructor(
    private readonly options: ProjectionOptions,
    /** As stored. */
    private checkpoint: Checkpoint | undefined,
  ) {
    this.written = new WrittenDocuments(options.models, options.generation, options.remembered);
  }

  static async from(options: ProjectionOptions): Promise<Folding> {
    const fold = new Folding(options, await options.models.checkpoint(options.generation));
    options.observer?.folded({ offset: fold.offset, records: 0 });
    return fold;
  }

  /** How far it is folded, what is being saved included. */
  get offset(): Offset {
    return this.ahead?.offset ?? this.stored;
  }
  private get stored(): Offset {
    return this.checkpoint?.[this.options.partition] ?? start;
  }

  /** Whether the store serves this generation, and holds all of it that was saved by now. */
  async isServed(): Promise<boolean> {
    const { models, generation, partition } = this.options;
    // A save may end while the store answers.
    const saved = this.stored;
    if ((await models.serving()) !== generation) return false;
    return ((await models.checkpoint(generation))?.[partition] ?? start) >= saved;
  }

  /**
   * Folds what has not been folded, and saves it with all that is not saved yet; `rewound` if the store was put back to before these entries: they are
   * read again from its checkpoint.
   */
  add(entries: readonly Entry[]): Promise<'folded' | 'rewound'> {
    return this.attempt(entries, 'saved');
  }
  /** The same, but the last batch is still being saved at the end, and the next one is folded meanwhile. */
  addAhead(entries: readonly Entry[]): Promise<'folded' | 'rewound'> {
    return this.attempt(entries, 'ahead');
  }

  /** Resolves once nothing is being saved, even if a save failed. */
  async idle(): Promise<void> {
    await this.ahead?.saved.catch(() => undefined);
  }

  private async attempt(entries: readonly Entry[], until: 'saved' | 'ahead'): Promise<'folded' | 'rewound'> {
    let unsaved = entries;
    for (let attempt = 1; ; attempt++) {
      const before = this.stored;
      try {
        await this.fold(unsaved.filter(({ offset }) => offset > this.offset));
        unsaved = [];
        if (until === 'saved' || attempt > 1) await this.fold([]);
        return 'folded';
      } catch (error) {
        unsaved = [...(this.ahead?.entries ?? []), ...unsaved];
        await this.idle();
        this.ahead = undefined;
        if (error instanceof LogUnreadable) await this.foldBefore(error, unsaved);
        if (!(error instanceof StaleWrite)) throw error;
        if (attempt === attempts) return this.giveUp(error);
        this.checkpoint = await this.options.models.checkpoint(this.options.generation);
        if (this.stored < before) return 'rewound';
      }
    }
  }

  /** The entries before an unreadable one are still folded. */
  private async foldBefore({ offset }: LogUnreadable, entries: readonly Entry[]): Promise<void> {
    const readable = entries.filter((entry) => entry.offset < offset);
    if (readable.length > 0) await this.add(readable);
  }

  /** Documents of two copies of the store can't be put right: they are built again. */
  private async giveUp(error: StaleWrite): Promise<'rewound'> {
    if (!(error instanceof RecordMissing)) throw error;
    await this.options.models.drop(this.options.generation);
    return 'rewound';
  }

  /** Folds entries while what was folded before is saved, and begins to save them after that; without entries, waits until all is saved. */
  private async fold(entries: readonly Entry[]): Promise<void> {
    const { models, generation } = this.options;
    const last = entries.at(-1);
    const folded = last && (await foldBatch(models, generation, entries, this.written));
    await this.ahead?.saved;
    this.ahead = folded && { entries, offset: last.offset, saved: this.save(folded, entries, last.offset) };
    // The next fold reports it.
    this.ahead?.saved.catch(() => undefined);
  }

  private async save({ writes, heads }: FoldedBatch, entries: readonly Entry[], offset: Offset): Promise<void> {
    const { partition, observer } = this.options;
    const checkpoint = { [partition]: offset };
    await this.written.save({ writes, heads, checkpoint, follows: this.checkpoint }, foldedOn);
    this.checkpoint = checkpoint;
    const recordedAt = [...heads.values()]
      .map((head) => head.recordedAt)
      .sort()
      .at(-1);
    const records = entries.filter(({ kind }) => kind === 'record').length;
    observer?.folded({ offset, records, ...(recordedAt !== undefined && { recordedAt }) });
  }
}
