import { setImmediate as nextTurn } from 'node:timers/promises';
import { wait, type Wait } from '../command-processing/wait.js';
import { contradiction } from '../event-log/contradiction.js';
import { partitionOf } from '../event-log/partition-of.js';
import { LogUnreadable, start, type Entry, type EventLog, type Offset } from '../event-log/ports.js';
import { StaleWrite, type Checkpoint, type ReadModels } from '../read-models/ports.js';
import { contentOf } from './collection.js';
import { recordKey, records } from './records/collection.js';
import { foldBatch, type FoldedBatch } from './fold-batch.js';
import { collections, foldedOn } from './projections.js';
import { RecordMissing } from './initiatives/fold.js';
import { WrittenDocuments } from './written-documents.js';

/** What an operator sees of the projections. */
export type ProjectionObserver = {
  /** Everything up to `offset` is folded: as found at the start, and after every batch. `recordedAt` is of its newest record, absent where it held none. */
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

/** How often a batch is folded again from the stored checkpoint where another writer came between, before giving up. */
const attempts = 5;
/** How many entries a build folds at once where nothing else is said, and how many bytes of them in any case. */
const entriesAtOnce = 10_000;
const bytesAtOnce = 8 * 1_024 * 1_024;
/** How often is looked whether what was folded is still there, in milliseconds: whoever has nothing to fold would not notice otherwise. */
const lookEvery = 5_000;

/**
 * Folds the log into documents until told to stop: builds its generation beside the one that serves, takes its place, and goes on as entries are appended.
 * @throws {LogUnreadable} at a record this version can't read; nothing after it is folded
 */
export async function runProjections(options: ProjectionOptions, signal: AbortSignal): Promise<void> {
  const { models, generation } = options;
  while (!signal.aborted) {
    if ((await comparedWithLog(options, 'the read models')) === 'incomplete') await models.drop(generation);
    await models.create(generation, collections);
    if ((await models.serving()) !== generation && (await build(options, signal)) === 'stopped') return;
    await goOn(options, signal);
  }
}

/** Folds what is appended until told to stop, or until the store lacks something of what was folded. */
async function goOn(options: ProjectionOptions, signal: AbortSignal): Promise<void> {
  const { log, partition, models, generation } = options;
  const fold = await Folding.from(options);
  const stop = new AbortController();
  const following = AbortSignal.any([signal, stop.signal]);
  const lost = whenLost(fold, options.wait ?? wait, following).finally(() => {
    stop.abort();
  });
  // Where following fails, that is what is to be told.
  lost.catch(() => undefined);
  try {
    for await (const entries of log.follow(partition, fold.offset, following)) {
      // The store was put back to an older copy, which may lack anything: everything begins again.
      if ((await fold.add(entries)) === 'rewound') break;
      if ((await models.serving()) !== generation) await letServe(options);
    }
  } finally {
    stop.abort();
  }
  // Whoever is told to stop does not wait for a store that may be away.
  if (!signal.aborted) await lost;
}

/**
 * Resolves once the store lacks something of what was folded, or does not serve it, as where whoever folds another partition dropped the generation, or
 * an older copy was put back; or on abort.
 */
async function whenLost(fold: Folding, pause: Wait, signal: AbortSignal): Promise<void> {
  do await pause(lookEvery, signal);
  while (!signal.aborted && (await fold.isServed()));
}

/** Folds everything the log holds into a new generation, then lets it serve and drops the others. */
export async function build(options: ProjectionOptions, signal: AbortSignal): Promise<'built' | 'stopped'> {
  while ((await foldToTheEnd(options, signal)) === 'rewound');
  if (signal.aborted) return 'stopped';
  await letServe(options);
  return 'built';
}

async function foldToTheEnd(options: ProjectionOptions, signal: AbortSignal): Promise<'folded' | 'rewound'> {
  const { log, partition, models, generation } = options;
  await models.create(generation, collections);
  const fold = await Folding.from(options);
  try {
    for await (const entries of gathered(log.read(partition, fold.offset), options.atOnce ?? entriesAtOnce)) {
      if ((await fold.addAhead(entries)) === 'rewound') return 'rewound';
      await nextTurn();
      if (signal.aborted) break;
    }
    return await fold.add([]);
  } finally {
    await fold.idle();
  }
}

/** The same entries in batches of at least so many, or of {@link bytesAtOnce}. */
async function* gathered(batches: AsyncIterable<Entry[]>, atOnce: number): AsyncIterable<Entry[]> {
  let some: Entry[] = [];
  let bytes = 0;
  for await (const entries of batches) {
    for (const entry of entries) {
      some.push(entry);
      bytes += entry.bytes.length;
    }
    if (some.length < atOnce && bytes < bytesAtOnce) continue;
    yield some;
    some = [];
    bytes = 0;
  }
  if (some.length > 0) yield some;
}

/** Notes that this partition is folded to its end; whoever folds the last one lets the generation serve and drops the others. */
async function letServe({ log, partition, models, generation, observer }: ProjectionOptions): Promise<void> {
  if ((await models.markBuilt(generation, partition)).length < log.partitions) return;
  await models.serve(generation);
  observer?.serving(generation);
  for (const other of await models.generations()) if (other !== generation) await models.drop(other);
}

/**
 * Makes sure that documents were folded from this log: `incomplete` if they lack the record that they were folded to. `what` names them.
 * @throws {LogDiverged} the log was shortened, or another one put in its place: these documents are the trace of what it was
 */
export async function comparedWithLog(
  { log, partition, models, generation }: Pick<ProjectionOptions, 'log' | 'partition' | 'models' | 'generation'>,
  what: string,
): Promise<'the same' | 'incomplete'> {
  if (!(await models.generations()).includes(generation)) return 'the same';
  const offset = (await models.checkpoint(generation))?.[partition];
  if (offset === undefined) return 'the same';
  let compared: 'the same' | 'incomplete' = 'the same';
  const hashAt = async (programme: string, position: number) => {
    const [known] = await models.get(generation, records.name, [recordKey(programme, position)]);
    if (!known) compared = 'incomplete';
    return known && contentOf(records, known).internal.hash;
  };
  const all = await models.heads(generation);
  const heads = new Map([...all].filter(([programme]) => partitionOf(programme, log.partitions) === partition));
  const diverged = await contradiction(log, partition, { what, offset, heads, hashAt });
  if (diverged) throw diverged;
  return compared;
}

/** What has been folded and is being saved. */
type Ahead = { entries: readonly Entry[]; offset: Offset; saved: Promise<void> };

/** One generation being folded: where it is, and its next batch. */
class Folding {
  private readonly written: WrittenDocuments;
  private ahead: Ahead | undefined;

  private constructor(
    private readonly options: ProjectionOptions,
    /** As it is stored. */
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
    if ((await models.serving()) !== generation) return false;
    return ((await models.checkpoint(generation))?.[partition] ?? start) >= this.stored;
  }

  /**
   * Folds what has not been folded, and saves it with all that is not saved yet; `rewound` where the store was put back to before these entries: they are
   * read again from its checkpoint.
   */
  add(entries: readonly Entry[]): Promise<'folded' | 'rewound'> {
    return this.attempt(entries, 'saved');
  }
  /** The same, but for what is folded last, which is being saved still: the next batch is folded meanwhile. */
  addAhead(entries: readonly Entry[]): Promise<'folded' | 'rewound'> {
    return this.attempt(entries, 'ahead');
  }

  /** Resolves once nothing is being saved, whatever became of it. */
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

  /** What lies before an entry that can't be read is folded all the same. */
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

  /** Folds entries while what was folded before is saved, and begins to save them after that; of none, waits until all is saved. */
  private async fold(entries: readonly Entry[]): Promise<void> {
    const { models, generation } = this.options;
    const last = entries.at(-1);
    const folded = last && (await foldBatch(models, generation, entries, this.written));
    await this.ahead?.saved;
    this.ahead = folded && { entries, offset: last.offset, saved: this.save(folded, entries, last.offset) };
    // Whoever folds next is told.
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
