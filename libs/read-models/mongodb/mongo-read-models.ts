import {
  MongoBulkWriteError,
  MongoClient,
  MongoServerError,
  type AnyBulkWriteOperation,
  type Collection,
  type Db,
  type Filter,
} from 'mongodb';
import type { Head, Heads } from '../../event-log/ports.js';
import { absent, checkQuery, cursorAfter, kindOf, positionIn, searchable, sortable, type Sortable } from '../find.js';
import {
  follows,
  StaleWrite,
  type Checkpoint,
  type CollectionSpec,
  type Document,
  type JsonObject,
  type Page,
  type Query,
  type ReadModels,
  type Save,
  type Write,
} from '../ports.js';

/** A document as it is stored: its declared fields beside the body, in forms that sort. */
type Stored = { _id: string; position: number; body: JsonObject; fields: Record<string, Sortable>; searched?: string };
type Generation = { _id: string; made: number; collections: CollectionSpec[] };
type StoredHead = { _id: string; generation: string; programme: string; position: number; hash: string; recordedAt: string };
type StoredPlace = { _id: string; generation: string; partition: number; place: number };
type Built = { _id: string; generation: string; partition: number };
type Serving = { _id: 'serving'; generation: string };

const duplicateKey = 11_000;
const scanAtOnce = 500;
const writtenAtOnce = 1_000;
/** Milliseconds until a server that can't be reached is said to be away. */
const serverSelectionTimeout = 5_000;

/** Opens the read models of a MongoDB. The database is named in the address: `mongodb://host:27017/initiative-ledger`. */
export function openMongoReadModels(url: string): MongoReadModels {
  // What was acknowledged by a majority and journaled survives the loss of a primary; the fold survives the loss of everything.
  const client = new MongoClient(url, {
    serverSelectionTimeoutMS: serverSelectionTimeout,
    writeConcern: { w: 'majority', journal: true },
    ignoreUndefined: true,
  });
  return new MongoReadModels(client);
}

/** The read models in MongoDB: single-document writes alone, no sessions, transactions or change streams, so that any MongoDB does. */
export class MongoReadModels implements ReadModels {
  private readonly database: Db;
  private readonly specs = new Map<string, CollectionSpec>();

  constructor(private readonly client: MongoClient) {
    this.database = client.db();
  }

  async serving(): Promise<string | undefined> {
    return (await this.servingIn().findOne({ _id: 'serving' }))?.generation;
  }
  async generations(): Promise<string[]> {
    const made = await this.generationsIn().find().sort({ made: 1, _id: 1 }).toArray();
    return made.map(({ _id }) => _id);
  }

  async create(generation: string, collections: readonly CollectionSpec[]): Promise<void> {
    for (const spec of collections) await this.createIndexes(generation, spec);
    try {
      await this.generationsIn().insertOne({ _id: generation, made: Date.now(), collections: [...collections] });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }

  async serve(generation: string): Promise<void> {
    await this.servingIn().replaceOne({ _id: 'serving' }, { generation }, { upsert: true });
  }

  async drop(generation: string): Promise<void> {
    await this.servingIn().deleteOne({ _id: 'serving', generation });
    const made = await this.generationsIn().findOne({ _id: generation });
    // The generation first: what is left of one that is half gone is no generation any more.
    await this.generationsIn().deleteOne({ _id: generation });
    for (const meta of [this.storedHeads(), this.places(), this.built()]) await meta.deleteMany({ generation });
    for (const { name } of made?.collections ?? []) await this.database.dropCollection(nameOf(generation, name));
    for (const key of this.specs.keys()) if (key.startsWith(`${generation}/`)) this.specs.delete(key);
  }

  async markBuilt(generation: string, partition: number): Promise<number[]> {
    await this.built().replaceOne({ _id: `${generation}/${partition}` }, { generation, partition }, { upsert: true });
    return (await this.built().find({ generation }).toArray()).map((one) => one.partition);
  }

  async checkpoint(generation: string): Promise<Checkpoint | undefined> {
    const places = await this.places().find({ generation }).toArray();
    return places.length === 0 ? undefined : Object.fromEntries(places.map(({ partition, place }) => [partition, place]));
  }
  async heads(generation: string): Promise<Heads> {
    const heads = await this.storedHeads().find({ generation }).toArray();
    return new Map(heads.map((stored) => [stored.programme, headIn(stored)]));
  }
  async head(generation: string, programme: string): Promise<Head | undefined> {
    const stored = await this.storedHeads().findOne({ _id: `${generation}/${programme}` });
    return stored ? headIn(stored) : undefined;
  }

  async get(generation: string, collection: string, keys: readonly string[]): Promise<(Document | undefined)[]> {
    await this.spec(generation, collection);
    const documents = new Map<string, Document>();
    for (let from = 0; from < keys.length; from += writtenAtOnce) {
      const some = [...new Set(keys.slice(from, from + writtenAtOnce))];
      const filter: Filter<Stored> = some.length === 1 ? { _id: some[0] ?? '' } : { _id: { $in: some } };
      for await (const stored of this.documents(generation, collection).find(filter, shown)) documents.set(stored._id, documentOf(stored));
    }
    return keys.map((key) => documents.get(key));
  }

  async find(generation: string, collection: string, query: Query): Promise<Page> {
    const spec = await this.spec(generation, collection);
    checkQuery(spec, query);
    const direction = query.descending ? -1 : 1;
    const found = await this.documents(generation, collection)
      .find(filterOf(spec, query), shown)
      .sort({ [`fields.${query.sort}`]: direction, _id: direction })
      .limit(query.limit + 1)
      .toArray();
    const documents = found.slice(0, query.limit).map(documentOf);
    const last = documents.at(-1);
    return { documents, ...(found.length > documents.length && last && { cursor: cursorAfter(spec, query, last) }) };
  }

  async *scan(generation: string, collection: string): AsyncIterable<Document[]> {
    await this.spec(generation, collection);
    for (let after = ''; ;) {
      const documents = await this.documents(generation, collection)
        .find({ _id: { $gt: after } }, shown)
        .sort({ _id: 1 })
        .limit(scanAtOnce)
        .toArray();
      const last = documents.at(-1);
      if (!last) return;
      after = last._id;
      yield documents.map(documentOf);
    }
  }

  async save(generation: string, save: Save): Promise<void> {
    for (const [collection, writes] of Map.groupBy(save.writes, ({ collection: name }) => name)) {
      const spec = await this.spec(generation, collection);
      for (let from = 0; from < writes.length; from += writtenAtOnce)
        await this.write(generation, spec, writes.slice(from, from + writtenAtOnce));
    }
    await this.saveHeads(generation, save.heads);
    await this.saveCheckpoint(generation, save);
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  /** Replaces exactly what was folded from; a document that is another by now misses. */
  private async write(generation: string, spec: CollectionSpec, writes: readonly Write[]): Promise<void> {
    const operations = writes.map(({ document, replaces }): AnyBulkWriteOperation<Stored> => {
      const stored = storedOf(spec, document);
      return replaces === undefined
        ? { insertOne: { document: stored } }
        : { replaceOne: { filter: { _id: document.key, position: replaces }, replacement: withoutId(stored) } };
    });
    try {
      const { insertedCount, matchedCount } = await this.documents(generation, spec.name).bulkWrite(operations, { ordered: false });
      if (insertedCount + matchedCount === writes.length) return;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
    throw new StaleWrite(`a document of ${spec.name} is not the one it was folded from`);
  }

  /** Heads never move back, whoever comes late. */
  private async saveHeads(generation: string, heads: Heads): Promise<void> {
    for (const [programme, head] of heads) {
      const _id = `${generation}/${programme}`;
      const stored = { generation, programme, ...head };
      for (;;) {
        const known = await this.storedHeads().findOne({ _id });
        if (known && known.position >= head.position) break;
        if (known) {
          const { matchedCount } = await this.storedHeads().replaceOne({ _id, position: known.position }, stored);
          if (matchedCount === 1) break;
        } else if (await inserted(this.storedHeads().insertOne({ _id, ...stored }))) break;
      }
    }
  }

  private async saveCheckpoint(generation: string, save: Save): Promise<void> {
    const stale = () => new StaleWrite('another writer went on from the checkpoint');
    if (!follows(await this.checkpoint(generation), save)) throw stale();
    for (const [name, place] of Object.entries(save.checkpoint)) {
      const partition = Number(name);
      const _id = `${generation}/${partition}`;
      const from = save.follows?.[name];
      if (from === undefined) {
        if (!(await inserted(this.places().insertOne({ _id, generation, partition, place })))) throw stale();
      } else {
        const { matchedCount } = await this.places().replaceOne({ _id, place: from }, { generation, partition, place });
        if (matchedCount !== 1) throw stale();
      }
    }
  }

  /** One index for each sort, led by the scope; and one for replacing exactly what was read. */
  private async createIndexes(generation: string, spec: CollectionSpec): Promise<void> {
    await this.documents(generation, spec.name).createIndexes([
      { key: { _id: 1, position: 1 }, unique: true, name: 'as-read' },
      ...spec.sorts.map((sort) => ({ key: { [`fields.${spec.scope}`]: 1, [`fields.${sort}`]: 1, _id: 1 }, name: `by-${sort}` })),
    ]);
  }

  private async spec(generation: string, collection: string): Promise<CollectionSpec> {
    const key = `${generation}/${collection}`;
    const known = this.specs.get(key);
    if (known) return known;
    const made = await this.generationsIn().findOne({ _id: generation });
    if (!made) throw new Error(`there is no generation ${generation}`);
    const spec = made.collections.find(({ name }) => name === collection);
    if (!spec) throw new Error(`the generation ${generation} has no collection ${collection}`);
    this.specs.set(key, spec);
    return spec;
  }

  private documents(generation: string, collection: string): Collection<Stored> {
    return this.database.collection(nameOf(generation, collection));
  }
  private generationsIn(): Collection<Generation> {
    return this.database.collection('generations');
  }
  private servingIn(): Collection<Serving> {
    return this.database.collection('serving');
  }
  private storedHeads(): Collection<StoredHead> {
    return this.database.collection('heads');
  }
  private places(): Collection<StoredPlace> {
    return this.database.collection('places');
  }
  private built(): Collection<Built> {
    return this.database.collection('built');
  }
}

const shown = { projection: { position: 1, body: 1 } };

function nameOf(generation: string, collection: string): string {
  if (!/^[\w-]+$/.test(generation) || !/^[\w-]+$/.test(collection))
    throw new Error(`${generation}/${collection} is no name of a collection`);
  return `${generation}.${collection}`;
}

function storedOf(spec: CollectionSpec, { key, position, body }: Document): Stored {
  const fields = Object.fromEntries(Object.entries(spec.fields).map(([field, kind]) => [field, sortable(kind, body[field])]));
  return {
    _id: key,
    position,
    body,
    fields,
    ...(spec.search !== undefined && { searched: searchable(String(sortable('text', body[spec.search]))) }),
  };
}
function withoutId({ _id, ...stored }: Stored): Omit<Stored, '_id'> {
  return stored;
}
function documentOf({ _id, position, body }: Pick<Stored, '_id' | 'position' | 'body'>): Document {
  return { key: _id, position, body };
}
function headIn({ position, hash, recordedAt }: StoredHead): Head {
  return { position, hash, recordedAt };
}

function filterOf(spec: CollectionSpec, query: Query): Filter<Stored> {
  const kind = kindOf(spec, query.sort);
  const sort = `fields.${query.sort}`;
  const after = positionIn(spec, query);
  const past = query.descending ? '$lt' : '$gt';
  const { range, search } = query;
  const conditions: Filter<Stored>[] = [
    { [`fields.${spec.scope}`]: query.scope },
    ...Object.entries(query.equals ?? {}).map(([field, value]) => ({ [`fields.${field}`]: sortable(kindOf(spec, field), value) })),
  ];
  if (range !== undefined) conditions.push({ [sort]: { $gt: absent[kind] } });
  if (range?.from !== undefined) conditions.push({ [sort]: { $gte: sortable(kind, range.from) } });
  if (range?.to !== undefined) conditions.push({ [sort]: { $lte: sortable(kind, range.to) } });
  if (search !== undefined) conditions.push({ searched: { $regex: escaped(searchable(search)) } });
  if (after) conditions.push({ $or: [{ [sort]: { [past]: after.value } }, { [sort]: after.value, _id: { [past]: after.key } }] });
  return { $and: conditions };
}

/** A text as a regular expression that matches it alone. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

function isDuplicate(error: unknown): boolean {
  if (error instanceof MongoBulkWriteError) return [error.writeErrors].flat().every(({ code }) => code === duplicateKey);
  return error instanceof MongoServerError && error.code === duplicateKey;
}
/** Whether an insert was the first. */
async function inserted(inserting: Promise<unknown>): Promise<boolean> {
  try {
    await inserting;
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}
