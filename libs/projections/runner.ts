import { setImmediate as nextTurn } from 'node:timers/promises';
import { wait, type Wait } from '../command-processing/wait.js';
import { contradiction } from '../event-log/contradiction.js';
import { partitionOf } from '../event-log/partition-of.js';
import { type Entry } from '../event-log/ports.js';
import { contentOf } from './collection.js';
import { recordKey, records } from './records/collection.js';
import { collections } from './projections.js';
import { Folding } from './folding.js';
import { type ProjectionOptions } from './projection-options.js';

/** The entries that a build folds at once unless its options say otherwise, and the most bytes of them. */
const entriesAtOnce = 10_000;

const bytesAtOnce = 8 * 1_024 * 1_024;

/** Interval (ms) for checking that the store still holds what was folded; an idle projection would not notice otherwise. */
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
  // If following fails, its error is the one to report.
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
  // Stopping does not wait for a store that may be away.
  if (!signal.aborted) await lost;
}

/**
 * Resolves once the store lacks something of what was folded, or does not serve it, as when the process of another partition dropped the generation, or
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

/** The same entries in batches of at least `atOnce` entries, or of {@link bytesAtOnce}. */
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

/** Notes that this partition is folded to its end. The process that folds the last one lets the generation serve and drops the others. */
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
