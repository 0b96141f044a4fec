/** Compares read models with a fresh fold of the log, document by document. */
import { isDeepStrictEqual } from 'node:util';
import { start, type Entry, type EventLog, type Place } from '../event-log/ports.js';
import type { Checkpoint, Document, ReadModels } from '../read-models/ports.js';
import { collections } from './collections.js';
import { build } from './runner.js';

/** The first document that is not what the log says. */
export type DocumentFault = { collection: string; key: string; found: string };
export type ReadModelsVerdict = { documents: number; fault?: DocumentFault };

/** How often documents that moved on while they were compared are compared again. */
const attempts = 200;

/**
 * Folds the log as far as `models` are folded into `fresh`, and compares. Where `models` go on meanwhile, the documents that have moved are folded
 * further and compared again. `undefined` where nothing was folded by this version of the code yet.
 */
export async function verifyReadModels(
  log: EventLog,
  models: ReadModels,
  fresh: ReadModels,
  generation: string,
): Promise<ReadModelsVerdict | undefined> {
  const checkpointOf = async () => ((await models.generations()).includes(generation) ? await models.checkpoint(generation) : undefined);
  let checkpoint = await checkpointOf();
  if (!checkpoint) return undefined;
  await foldUpTo(checkpoint, log, fresh, generation);
  let documents = 0;
  let moved: Moved[] = [];
  let folded = await fresh.heads(generation);
  const heads = compareHeads(await models.heads(generation), folded);
  if (heads.fault) return { documents: 0, fault: heads.fault };
  for (const { name } of collections) {
    const verdict = await compare(name, models.scan(generation, name), fresh.scan(generation, name), folded);
    documents += verdict.documents;
    if (verdict.fault) return { documents, fault: verdict.fault };
    moved.push(...verdict.moved);
  }
  let behind = heads.behind;
  for (let attempt = 1; moved.length > 0 || behind; attempt++) {
    const before = checkpoint;
    checkpoint = (await checkpointOf()) ?? checkpoint;
    await foldUpTo(checkpoint, log, fresh, generation);
    folded = await fresh.heads(generation);
    const [still] = (moved = await stillMoved(moved, models, fresh, generation));
    if (still && 'found' in still) return { documents, fault: still };
    const now = compareHeads(await models.heads(generation), folded);
    if (now.fault) return { documents, fault: now.fault };
    behind = now.behind;
    if (attempt < attempts || (moved.length === 0 && !behind)) continue;
    const key = still?.key ?? '';
    const found = isDeepStrictEqual(before, checkpoint)
      ? 'it is folded further than the checkpoint says: let the projections go on, and verify again'
      : 'it moved on each time it was compared: verify again when less is recorded';
    return { documents, fault: { collection: still?.collection ?? 'heads', key, found } };
  }
  return { documents };
}

type Moved = { collection: string; key: string };

async function foldUpTo(checkpoint: Checkpoint, log: EventLog, fresh: ReadModels, generation: string): Promise<void> {
  for (const [partition, end] of Object.entries(checkpoint))
    await build({ log: upTo(log, end), partition: Number(partition), models: fresh, generation }, new AbortController().signal);
}

/** The log as it was when a place was its end. */
function upTo(log: EventLog, end: Place): EventLog {
  return {
    partitions: log.partitions,
    async *read(partition: number, after: Place): AsyncIterable<Entry[]> {
      if (after >= end) return;
      for await (const entries of log.read(partition, after)) {
        const wanted = entries.filter(({ place }) => place <= end);
        if (wanted.length > 0) yield wanted;
        if (wanted.length < entries.length || wanted.at(-1)?.place === end) return;
      }
    },
    end: () => Promise.resolve(end),
    follow: (partition, after, signal) => log.follow(partition, after, signal),
    acquire: (partition, signal) => log.acquire(partition, signal),
    close: () => log.close(),
  };
}

type Heads = Awaited<ReturnType<ReadModels['heads']>>;
/** `behind` where a head has moved on past the fresh fold. */
function compareHeads(kept: Heads, folded: Heads): { fault?: DocumentFault; behind: boolean } {
  let behind = false;
  for (const programme of new Set([...kept.keys(), ...folded.keys()])) {
    const [one, other] = [kept.get(programme), folded.get(programme)];
    if (isDeepStrictEqual(one, other)) continue;
    if (one && one.position > (other?.position ?? start)) behind = true;
    else return { fault: { collection: 'heads', key: programme, found: 'the head is not the one that the log has' }, behind };
  }
  return { behind };
}

async function compare(
  collection: string,
  kept: AsyncIterable<Document[]>,
  folded: AsyncIterable<Document[]>,
  heads: Heads,
): Promise<ReadModelsVerdict & { moved: Moved[] }> {
  const [ones, others] = [oneByOne(kept), oneByOne(folded)];
  const moved: Moved[] = [];
  let [one, other] = [(await ones.next()).value, (await others.next()).value];
  for (let documents = 0; ; documents++) {
    if (!one && !other) return { documents, moved };
    const key = one && (!other || one.key <= other.key) ? one.key : (other?.key ?? '');
    const [mine, fresh] = [one?.key === key ? one : undefined, other?.key === key ? other : undefined];
    const found = differenceOf(mine, fresh, headOf(heads, key));
    if (found === 'moved') moved.push({ collection, key });
    else if (found !== undefined) return { documents, moved, fault: { collection, key, found } };
    if (mine) one = (await ones.next()).value;
    if (fresh) other = (await others.next()).value;
  }
}

/** Of documents that had moved, those that still have, or the first that is wrong. */
async function stillMoved(
  moved: readonly Moved[],
  models: ReadModels,
  fresh: ReadModels,
  generation: string,
): Promise<(Moved | DocumentFault)[]> {
  const still: Moved[] = [];
  const heads = await fresh.heads(generation);
  for (const [collection, some] of Map.groupBy(moved, (one) => one.collection)) {
    const keys = some.map(({ key }) => key);
    const [kept, folded] = [await models.get(generation, collection, keys), await fresh.get(generation, collection, keys)];
    for (const [index, key] of keys.entries()) {
      const found = differenceOf(kept[index], folded[index], headOf(heads, key));
      if (found === 'moved') still.push({ collection, key });
      else if (found !== undefined) return [{ collection, key, found }];
    }
  }
  return still;
}

async function* oneByOne(batches: AsyncIterable<Document[]>): AsyncGenerator<Document, undefined> {
  for await (const documents of batches) yield* documents;
  return undefined;
}

/** How far a document's programme is folded. */
function headOf(heads: Heads, key: string): number {
  return heads.get(key.split('/', 1)[0] ?? '')?.position ?? 0;
}

/** What is wrong with a document, `moved` where it is folded further than its programme is (`head`), `undefined` where nothing is. */
function differenceOf(one: Document | undefined, other: Document | undefined, head: number): string | undefined {
  if (isDeepStrictEqual(one, other)) return undefined;
  if (!one) return 'the document is missing';
  if (one.position > head) return 'moved';
  if (!other) return 'the log knows nothing of this document';
  const wrong = 'the document is not what the log folds to: ';
  if (one.position !== other.position) return `${wrong}position ${one.position}, not ${other.position}`;
  for (const part of ['body', 'internal'] as const)
    for (const field of Object.keys({ ...one[part], ...other[part] }))
      if (!isDeepStrictEqual(one[part]?.[field], other[part]?.[field]))
        return `${wrong}${field} is ${JSON.stringify(one[part]?.[field])}, not ${JSON.stringify(other[part]?.[field])}`;
  return `${wrong}it differs`;
}
