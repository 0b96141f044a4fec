/** Compares read models with a fresh fold of the log, document by document. */
import { isDeepStrictEqual } from 'node:util';
import { start, type Entry, type EventLog, type Offset } from '../event-log/ports.js';
import { compareSortable } from '../read-models/find.js';
import type { Checkpoint, CollectionSpec, Document, ReadModels, ScannedDocument } from '../read-models/ports.js';
import { collections } from './projections.js';
import { build } from './runner.js';

/** The first document of a programme that differs from the fold of the log. */
export type DocumentFault = { collection: string; key: string; found: string };
export type ReadModelsVerdict = {
  documents: number;
  faults: DocumentFault[];
  /** A fault of the store as a whole; then no document was compared. */
  storeFault?: string;
};

/** How many times documents are compared again if projections update them meanwhile. */
const attempts = 200;

export type ReadModelsOptions = {
  log: EventLog;
  models: ReadModels;
  /** The store of the fresh fold. */
  fresh: ReadModels;
  generation: string;
  /** Whether to compare a programme's documents; not if its history has a fault. */
  isCompared: (programme: string) => boolean;
};

/**
 * Folds the log into `fresh` as far as `models` are folded, and compares the two. If `models` are updated meanwhile, the documents that moved are folded
 * further and compared again. `undefined` if this version of the code has folded nothing yet.
 */
export async function verifyReadModels({
  models,
  fresh,
  generation,
  ...options
}: ReadModelsOptions): Promise<ReadModelsVerdict | undefined> {
  const checkpointOf = async () => ((await models.generations()).includes(generation) ? await models.checkpoint(generation) : undefined);
  const storeFault = await faultOf(models, generation, options.log);
  if (storeFault !== undefined) return { documents: 0, faults: [], storeFault };
  let checkpoint = await checkpointOf();
  if (!checkpoint) return undefined;
  const faults = new Map<string, DocumentFault>();
  const isCompared = (programme: string) => options.isCompared(programme) && !faults.has(programme);
  const note = (found: readonly DocumentFault[]) => {
    for (const fault of found) if (isCompared(programmeOf(fault.key))) faults.set(programmeOf(fault.key), fault);
  };
  const log = onlyOf(options.log, options.isCompared);
  await foldUpTo(checkpoint, log, fresh, generation);
  let documents = 0;
  let moved: Moved[] = [];
  let folded = await fresh.heads(generation);
  const heads = compareHeads(await models.heads(generation), folded);
  note(heads.faults);
  for (const spec of collections) {
    const { name } = spec;
    const compared = await compare(spec, models.scan(generation, name), fresh.scan(generation, name), folded, isCompared);
    documents += compared.documents;
    note(compared.faults);
    moved.push(...compared.moved);
  }
  let { behind } = heads;
  for (let attempt = 1; ; attempt++) {
    moved = moved.filter(({ key }) => isCompared(programmeOf(key)));
    behind = behind.filter(isCompared);
    if (moved.length === 0 && behind.length === 0) return { documents, faults: [...faults.values()] };
    const before = checkpoint;
    checkpoint = (await checkpointOf()) ?? checkpoint;
    await foldUpTo(checkpoint, log, fresh, generation);
    folded = await fresh.heads(generation);
    const again = await stillMoved(moved, models, fresh, generation);
    note(again.faults);
    moved = again.moved;
    const now = compareHeads(await models.heads(generation), folded);
    note(now.faults);
    ({ behind } = now);
    if (attempt < attempts) continue;
    const found = isDeepStrictEqual(before, checkpoint)
      ? 'it is folded further than the checkpoint says: let the projections continue, and verify again'
      : 'it changed at every comparison: verify again when fewer commands are recorded';
    note([...moved, ...behind.map((key) => ({ collection: 'heads', key }))].map((one) => ({ ...one, found })));
  }
}

/** Faults that no document shows: the serving generation is missing, its structure has changed, or its checkpoint is beyond the end of the log. */
async function faultOf(models: ReadModels, generation: string, log: EventLog): Promise<string | undefined> {
  const [serving, generations] = [await models.serving(), await models.generations()];
  if (serving !== undefined && !generations.includes(serving)) return `the serving generation, ${serving}, does not exist`;
  if (!generations.includes(generation)) return undefined;
  const structural = await models.structuralFault(generation, collections);
  if (structural !== undefined) return structural;
  const checkpoint = await models.checkpoint(generation);
  if (!checkpoint) return (await models.heads(generation)).size === 0 ? undefined : 'there are heads but no checkpoint';
  for (const [partition, offset] of Object.entries(checkpoint)) {
    const isThere = Number(partition) < log.partitions && offset <= (await log.end(Number(partition)));
    if (!isThere) return `the checkpoint is offset ${offset} of partition ${partition}, which the log does not have`;
  }
  return undefined;
}

type Moved = { collection: string; key: string };

async function foldUpTo(checkpoint: Checkpoint, log: EventLog, fresh: ReadModels, generation: string): Promise<void> {
  for (const [partition, end] of Object.entries(checkpoint))
    await build({ log: upTo(log, end), partition: Number(partition), models: fresh, generation }, new AbortController().signal);
}

/** The log with the entries of these programmes only. */
function onlyOf(log: EventLog, isHeld: (programme: string) => boolean): EventLog {
  async function* held(batches: AsyncIterable<Entry[]>): AsyncIterable<Entry[]> {
    for await (const entries of batches) {
      const some = entries.filter(({ programme }) => programme === undefined || isHeld(programme));
      if (some.length > 0) yield some;
    }
  }
  return withRead(log, (partition, after) => held(log.read(partition, after)));
}

/** The log up to an offset. */
function upTo(log: EventLog, end: Offset): EventLog {
  async function* read(partition: number, after: Offset): AsyncIterable<Entry[]> {
    if (after >= end) return;
    for await (const entries of log.read(partition, after)) {
      const wanted = entries.filter(({ offset }) => offset <= end);
      if (wanted.length > 0) yield wanted;
      if (wanted.length < entries.length || wanted.at(-1)?.offset === end) return;
    }
  }
  return { ...withRead(log, read), end: () => Promise.resolve(end) };
}

/** The log, read in another way. */
function withRead(log: EventLog, read: EventLog['read']): EventLog {
  return {
    partitions: log.partitions,
    read,
    end: (partition) => log.end(partition),
    follow: (partition, after, signal) => log.follow(partition, after, signal),
    acquire: (partition, signal) => log.acquire(partition, signal),
    close: () => log.close(),
  };
}

type Heads = Awaited<ReturnType<ReadModels['heads']>>;
/** `behind` are the programmes whose fresh fold is behind their head. */
function compareHeads(kept: Heads, folded: Heads): { faults: DocumentFault[]; behind: string[] } {
  const faults: DocumentFault[] = [];
  const behind: string[] = [];
  for (const programme of new Set([...kept.keys(), ...folded.keys()])) {
    const [one, other] = [kept.get(programme), folded.get(programme)];
    if (isDeepStrictEqual(one, other)) continue;
    if (one && one.position > (other?.position ?? start)) behind.push(programme);
    else faults.push({ collection: 'heads', key: programme, found: 'the head is not the one that the log has' });
  }
  return { faults, behind };
}

async function compare(
  { name: collection, fields }: CollectionSpec,
  kept: AsyncIterable<ScannedDocument[]>,
  folded: AsyncIterable<ScannedDocument[]>,
  heads: Heads,
  isCompared: (programme: string) => boolean,
): Promise<ReadModelsVerdict & { moved: Moved[] }> {
  const [ones, others] = [oneByOne(kept), oneByOne(folded)];
  const moved: Moved[] = [];
  const faults = new Map<string, DocumentFault>();
  let [one, other] = [(await ones.next()).value, (await others.next()).value];
  let documents = 0;
  while (one || other) {
    const key = one && (!other || one.key === other.key || compareSortable(one.key, other.key) < 0) ? one.key : (other?.key ?? '');
    const programme = programmeOf(key);
    const [mine, fresh] = [one?.key === key ? one : undefined, other?.key === key ? other : undefined];
    if (isCompared(programme)) {
      documents++;
      const found = faults.has(programme) ? undefined : differenceOf(mine, fresh, heads.get(programme)?.position ?? 0, Object.keys(fields));
      if (found === 'moved') moved.push({ collection, key });
      else if (found !== undefined) faults.set(programme, { collection, key, found });
    }
    if (mine) one = (await ones.next()).value;
    if (fresh) other = (await others.next()).value;
  }
  return { documents, moved, faults: [...faults.values()] };
}

/** Compares moved documents again: those that have moved further, and those with faults. */
async function stillMoved(
  moved: readonly Moved[],
  models: ReadModels,
  fresh: ReadModels,
  generation: string,
): Promise<{ moved: Moved[]; faults: DocumentFault[] }> {
  const still: Moved[] = [];
  const faults: DocumentFault[] = [];
  const heads = await fresh.heads(generation);
  for (const [collection, some] of Map.groupBy(moved, (one) => one.collection)) {
    const keys = some.map(({ key }) => key);
    const [kept, folded] = [await models.get(generation, collection, keys), await fresh.get(generation, collection, keys)];
    for (const [index, key] of keys.entries()) {
      const found = differenceOf(kept[index], folded[index], heads.get(programmeOf(key))?.position ?? 0);
      if (found === 'moved') still.push({ collection, key });
      else if (found !== undefined) faults.push({ collection, key, found });
    }
  }
  return { moved: still, faults };
}

async function* oneByOne(batches: AsyncIterable<ScannedDocument[]>): AsyncGenerator<ScannedDocument, undefined> {
  for await (const documents of batches) yield* documents;
  return undefined;
}

/** The programme of a document. */
function programmeOf(key: string): string {
  return key.split('/', 1)[0] ?? '';
}

/** A document that had moved is compared again without the values that queries compare. */
type Compared = Document & Partial<ScannedDocument>;

/**
 * What is wrong with a document: `moved` if it is folded further than the fresh fold of its programme (`head`), `undefined` if nothing is wrong.
 * `declared` are the fields of its collection.
 */
function differenceOf(
  one: Compared | undefined,
  other: Compared | undefined,
  head: number,
  declared: readonly string[] = [],
): string | undefined {
  if (isDeepStrictEqual(one, other)) return undefined;
  if (!one) return 'the document is missing';
  if (one.position > head) return 'moved';
  if (!other) return 'the log has no records for this document';
  const wrong = 'the document is not what the log folds to: ';
  if (one.position !== other.position) return `${wrong}position ${one.position}, not ${other.position}`;
  for (const part of ['body', 'internal'] as const)
    for (const field of Object.keys({ ...one[part], ...other[part] }))
      if (!isDeepStrictEqual(one[part]?.[field], other[part]?.[field]))
        return `${wrong}${field} is ${JSON.stringify(one[part]?.[field])}, not ${JSON.stringify(other[part]?.[field])}`;
  const at = other.comparedBy?.findIndex((value, index) => value !== one.comparedBy?.[index]) ?? -1;
  const field = declared[at] ?? 'the text searched in';
  return `${wrong}queries compare it by ${field} ${JSON.stringify(one.comparedBy?.[at])}, not ${JSON.stringify(other.comparedBy?.[at])}`;
}
