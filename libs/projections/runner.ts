import { setImmediate as nextTurn } from 'node:timers/promises';
import { wait, type Wait } from '../command-processing/wait.js';
import { LogUnreadable, start, type Entry, type EventLog, type Place } from '../event-log/ports.js';
import { hashOf } from '../event-log/record.js';
import { StaleWrite, type Checkpoint, type ReadModels } from '../read-models/ports.js';
import { collections, contentOf, recordKey, records } from './collections.js';
import { foldBatch, foldedOn, RecordMissing } from './fold-batch.js';
import { WrittenDocuments } from './written-documents.js';

/** What an operator sees of the projections. */
export type ProjectionObserver = {
  /** Everything up to `place` is folded: as found at the start, and after every batch. `recordedAt` is of its newest record, absent where it held none. */
  folded(batch: { place: Place; records: number; recordedAt?: string }): void;
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
  wait?: Wait;
};

/** How often a batch is folded again from the stored checkpoint where another writer came between, before giving up. */
const attempts = 5;
/** How often is looked whether what was folded is still there, in milliseconds: whoever has nothing to fold would not notice otherwise. */
const lookEvery = 5_000;

/**
 * Folds the log into documents until told to stop: builds its generation beside the one that serves, takes its place, and goes on as entries are appended.
 * @throws {LogUnreadable} at a record this version can't read; nothing after it is folded
 */
export async function runProjections(options: ProjectionOptions, signal: AbortSignal): Promise<void> {
  const { models, generation } = options;
  while (!signal.aborted) {
    await dropIfForeign(options);
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
    for await (const entries of log.follow(partition, fold.place, following)) {
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

/** Resolves once the store lacks something of what was folded, as where whoever folds another partition dropped the generation; or on abort. */
async function whenLost(fold: Folding, pause: Wait, signal: AbortSignal): Promise<void> {
  do await pause(lookEvery, signal);
  while (!signal.aborted && (await fold.isStored()));
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
  for await (const entries of gathered(log.read(partition, fold.place))) {
    if ((await fold.add(entries)) === 'rewound') return 'rewound';
    await nextTurn();
    if (signal.aborted) break;
  }
  return 'folded';
}

/** What is folded at once in a build: the more, the fewer times a document is written that many events touch. */
const atOnce = { entries: 10_000, bytes: 8 * 1_024 * 1_024 } as const;

/** The same entries in larger batches. */
async function* gathered(batches: AsyncIterable<Entry[]>): AsyncIterable<Entry[]> {
  let some: Entry[] = [];
  let bytes = 0;
  for await (const entries of batches) {
    for (const entry of entries) {
      some.push(entry);
      bytes += entry.bytes.length;
    }
    if (some.length < atOnce.entries && bytes < atOnce.bytes) continue;
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

/** Documents folded from another log than this, as when an older copy of it was put back, are worth nothing: they are built again. */
async function dropIfForeign({ log, partition, models, generation }: ProjectionOptions): Promise<void> {
  if (!(await models.generations()).includes(generation)) return;
  const place = (await models.checkpoint(generation))?.[partition];
  if (place === undefined) return;
  for await (const [entry] of log.read(partition, place - 1)) {
    if (entry?.place !== place) break;
    if (entry.kind !== 'record') return;
    const [known] = await models.get(generation, records.name, [recordKey(entry.programme ?? '', entry.position ?? 0)]);
    if (known && contentOf(records, known).internal.hash === hashOf(entry.bytes)) return;
    break;
  }
  await models.drop(generation);
}

/** One generation being folded: where it is, and its next batch. */
class Folding {
  private readonly written: WrittenDocuments;

  private constructor(
    private readonly options: ProjectionOptions,
    private checkpoint: Checkpoint | undefined,
  ) {
    this.written = new WrittenDocuments(options.models, options.generation, options.remembered);
  }

  static async from(options: ProjectionOptions): Promise<Folding> {
    const fold = new Folding(options, await options.models.checkpoint(options.generation));
    options.observer?.folded({ place: fold.place, records: 0 });
    return fold;
  }

  get place(): Place {
    return this.checkpoint?.[this.options.partition] ?? start;
  }

  /** Whether the store holds all that was folded by now. Where that is nothing, what was dropped shows by what does not serve any more. */
  async isStored(): Promise<boolean> {
    const { place } = this;
    const { models, generation, partition } = this.options;
    if (!(await models.generations()).includes(generation)) return false;
    if (place === start) return (await models.serving()) === generation;
    return ((await models.checkpoint(generation))?.[partition] ?? start) >= place;
  }

  /** Folds what has not been folded; `rewound` where the store was put back to before these entries: they are read again from its checkpoint. */
  async add(entries: readonly Entry[]): Promise<'folded' | 'rewound'> {
    for (let attempt = 1; ; attempt++) {
      const unseen = entries.filter(({ place }) => place > this.place);
      if (unseen.length === 0) return 'folded';
      const before = this.place;
      try {
        await this.fold(unseen);
        return 'folded';
      } catch (error) {
        if (error instanceof LogUnreadable) await this.foldBefore(error, unseen);
        if (!(error instanceof StaleWrite)) throw error;
        if (attempt === attempts) return this.giveUp(error);
        this.checkpoint = await this.options.models.checkpoint(this.options.generation);
        if (this.place < before) return 'rewound';
      }
    }
  }

  /** What lies before an entry that can't be read is folded all the same. */
  private async foldBefore({ place }: LogUnreadable, entries: readonly Entry[]): Promise<void> {
    const readable = entries.filter((entry) => entry.place < place);
    if (readable.length > 0) await this.add(readable);
  }

  /** Documents of two copies of the store can't be put right: they are built again. */
  private async giveUp(error: StaleWrite): Promise<'rewound'> {
    if (!(error instanceof RecordMissing)) throw error;
    await this.options.models.drop(this.options.generation);
    return 'rewound';
  }

  private async fold(entries: readonly Entry[]): Promise<void> {
    const { models, generation, partition, observer } = this.options;
    const { writes, heads } = await foldBatch(models, generation, entries, this.written);
    const place = entries.at(-1)?.place ?? this.place;
    const checkpoint = { [partition]: place };
    await this.written.save({ writes, heads, checkpoint, follows: this.checkpoint }, foldedOn);
    this.checkpoint = checkpoint;
    const recordedAt = [...heads.values()]
      .map((head) => head.recordedAt)
      .sort()
      .at(-1);
    const records = entries.filter(({ kind }) => kind === 'record').length;
    observer?.folded({ place, records, ...(recordedAt !== undefined && { recordedAt }) });
  }
}
