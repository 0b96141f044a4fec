import { randomUUID } from 'node:crypto';
import { MongoClient, type Filter } from 'mongodb';
import { start, type Head, type Heads } from '../../event-log/ports.js';
import { checkLookup, shown as shownOf } from '../find.js';
import {
  ReadModelsUnavailable,
  StaleWrite,
  type Checkpoint,
  type CollectionSpec,
  type Conditions,
  type Count,
  type Document,
  type Page,
  type Query,
  type ReadModels,
  type Save,
  type ScannedDocument,
  type ShownDocument,
} from '../ports.js';
import { AccessPaths, type Place } from './access-paths.js';
import { inserted, isAway, tookTooLong } from './driver-errors.js';
import { headIn, MongoCollections, type Generation } from './mongo-collections.js';
import { MongoSaves } from './mongo-saves.js';
import { countIn, findPage } from './pages.js';
import { mostReadingTime, timed } from './reading-time.js';
import { type Stored, type Shown, shown, atOnce, comparedIn, documentOf } from './stored-documents.js';

/** Documents in one request of a scan, and in one request by keys. */
const scanAtOnce = 500;
const readAtOnce = 1_000;

/** Milliseconds until a question to a server that is away is given up. An address may name another `serverSelectionTimeoutMS`. */
const patience = 2_000;

/** Opens the read models of a MongoDB. The database is named in the address: `mongodb://host:27017/initiative-ledger`. */
export function openMongoReadModels(url: string): MongoReadModels {
  // What was acknowledged by a majority and journaled survives the loss of a primary; the fold survives the loss of everything.
  const client = new MongoClient(url, {
    ...(!/[?&]serverSelectionTimeoutMS=/i.test(url) && { serverSelectionTimeoutMS: patience }),
    writeConcern: { w: 'majority', journal: true },
    ignoreUndefined: true,
  });
  return new MongoReadModels(client);
}

/** The read models in MongoDB: single-document writes alone, no sessions, transactions or change streams, so that any MongoDB does. */
export class MongoReadModels implements ReadModels {
  private readonly collections: MongoCollections;
  private readonly saves: MongoSaves;
  /** The generations as they were when they were last looked at. */
  private readonly made = new Map<string, Generation>();
  private readonly paths = new AccessPaths();
  private connected = false;

  constructor(private readonly client: MongoClient) {
    this.collections = new MongoCollections(client.db());
    this.saves = new MongoSaves(client, this.collections);
  }

  serving(): Promise<string | undefined> {
    return this.reached(async () => {
      const serving = await this.collections.serving().findOne({ _id: 'serving' }, timed);
      if (serving && this.made.get(serving.generation)?.incarnation !== serving.incarnation) this.made.delete(serving.generation);
      return serving?.generation;
    });
  }
  generations(): Promise<string[]> {
    return this.reached(async () => {
      const made = await this.collections.generations().find({}, timed).sort({ made: 1, _id: 1 }).toArray();
      return made.map(({ _id }) => _id);
    });
  }

  async create(generation: string, collections: readonly CollectionSpec[]): Promise<void> {
    await this.connect();
    const known = await this.collections.generations().findOne({ _id: generation }, timed);
    if (known) {
      // It may have been dropped and made again since this process looked.
      this.made.set(generation, known);
      return;
    }
    const made: Generation = { _id: generation, made: Date.now(), incarnation: randomUUID().slice(0, 8), collections: [...collections] };
    await Promise.all(collections.map((spec) => this.collections.createIndexes(made, spec)));
    // Another process made it at the same moment: its own is the one.
    if (!(await inserted(this.collections.generations().insertOne(made)))) await this.collections.drop(made);
  }

  async serve(generation: string): Promise<void> {
    const { incarnation } = await this.of(generation);
    await this.collections.serving().replaceOne({ _id: 'serving' }, { generation, incarnation }, { upsert: true });
  }

  async drop(generation: string): Promise<void> {
    await this.collections.serving().deleteOne({ _id: 'serving', generation });
    const made = await this.collections.generations().findOneAndDelete({ _id: generation });
    this.made.delete(generation);
    if (made) await this.collections.drop(made);
  }

  async markBuilt(generation: string, partition: number): Promise<number[]> {
    const { incarnation } = await this.of(generation);
    await this.collections.built().replaceOne({ _id: `${incarnation}/${partition}` }, { incarnation, partition }, { upsert: true });
    return (await this.collections.built().find({ incarnation }, timed).toArray()).map((one) => one.partition);
  }

  checkpoint(generation: string): Promise<Checkpoint | undefined> {
    return this.reached(async () => this.checkpointOf(await this.of(generation)));
  }
  heads(generation: string): Promise<Heads> {
    return this.reached(async () => {
      const { incarnation } = await this.of(generation);
      const heads = await this.collections.heads().find({ incarnation }, timed).toArray();
      return new Map(heads.map((stored) => [stored.programme, headIn(stored)]));
    });
  }
  head(generation: string, programme: string): Promise<Head | undefined> {
    return this.reached(async () => {
      const { incarnation } = await this.of(generation);
      const stored = await this.collections.heads().findOne({ _id: `${incarnation}/${programme}` }, timed);
      return stored ? headIn(stored) : undefined;
    });
  }

  async get(generation: string, collection: string, keys: readonly string[]): Promise<(Document | undefined)[]> {
    return (await this.stored(generation, collection, keys)).map((stored) => stored && documentOf(stored));
  }

  lookUp(generation: string, collection: string, field: string, value: string): Promise<Document | undefined> {
    return this.reached(async () => {
      const { spec, stored } = await this.collectionOf(generation, collection);
      checkLookup(spec, field);
      const filter: Filter<Stored> = { [`fields.${field}`]: value };
      const [found] = await stored.find(filter, shown).sort({ position: -1 }).limit(1).toArray();
      return found && documentOf(found);
    });
  }

  find(generation: string, collection: string, query: Query): Promise<Page> {
    return this.reached(async () => findPage(await this.collectionOf(generation, collection), this.paths, query));
  }

  async getShown(generation: string, collection: string, key: string): Promise<ShownDocument | undefined> {
    return (await this.getAllShown(generation, collection, [key]))[0];
  }
  async getAllShown(generation: string, collection: string, keys: readonly string[]): Promise<(ShownDocument | undefined)[]> {
    const { spec } = await this.collectionOf(generation, collection);
    return (await this.stored(generation, collection, keys)).map((stored) => {
      if (!stored) return undefined;
      const document = shownOf(spec, documentOf(stored));
      return typeof stored.body === 'string' ? { ...document, text: stored.body } : document;
    });
  }
  async findShown(generation: string, collection: string, query: Query): Promise<Page<ShownDocument>> {
    const { spec } = await this.collectionOf(generation, collection);
    const { documents, ...page } = await this.find(generation, collection, query);
    return { ...page, documents: documents.map((document) => shownOf(spec, document)) };
  }

  count(generation: string, collection: string, conditions: Conditions, most: number): Promise<Count> {
    return this.reached(async () => countIn(await this.collectionOf(generation, collection), this.paths, conditions, most));
  }

  async *scan(generation: string, collection: string): AsyncIterable<ScannedDocument[]> {
    const { spec, stored } = await this.collectionOf(generation, collection);
    const projection = { ...shown.projection, fields: 1, ...(spec.search !== undefined && { searched: 1 }) };
    for (let after = ''; ;) {
      const some = stored
        .find({ _id: { $gt: after } }, { ...timed, projection, batchSize: atOnce(scanAtOnce) })
        .sort({ _id: 1 })
        .limit(scanAtOnce);
      const documents = await this.reached(() => some.toArray());
      const last = documents.at(-1);
      if (!last) return;
      after = last._id;
      yield documents.map((found) => ({ ...documentOf(found), comparedBy: comparedIn(spec, found) }));
    }
  }

  structuralFault(generation: string, collections: readonly CollectionSpec[]): Promise<string | undefined> {
    return this.reached(async () => {
      const made = await this.of(generation);
      return JSON.stringify(made.collections) === JSON.stringify(collections) ? undefined : 'it describes other collections';
    });
  }

  async save(generation: string, save: Save): Promise<void> {
    const made = await this.of(generation);
    try {
      await this.saves.save(made, save);
    } catch (error) {
      if (error instanceof StaleWrite) await this.leaveWhereDropped(made);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  /** What a question is answered with. @throws {ReadModelsUnavailable} */
  private async reached<T>(ask: () => Promise<T>): Promise<T> {
    try {
      await this.connect();
      return await ask();
    } catch (cause) {
      if (tookTooLong(cause)) throw new ReadModelsUnavailable(`MongoDB did not answer within ${mostReadingTime} ms`, { cause });
      if (isAway(cause)) throw new ReadModelsUnavailable(`MongoDB can’t be reached now: ${cause.message}`, { cause });
      throw cause;
    }
  }
  /** Connects until it succeeds once. After a first attempt that fails, the driver never connects by itself: it says "Topology is closed" for ever. */
  private async connect(): Promise<void> {
    if (this.connected) return;
    await this.client.connect();
    this.connected = true;
  }

  private async checkpointOf({ incarnation }: Generation): Promise<Checkpoint | undefined> {
    const offsets = await this.collections
      .checkpoints()
      .find({ incarnation, offset: { $ne: start } }, timed)
      .toArray();
    return offsets.length === 0 ? undefined : Object.fromEntries(offsets.map(({ partition, offset }) => [partition, offset]));
  }

  /** What was written to a generation that was dropped meanwhile is removed again. */
  private async leaveWhereDropped(made: Generation): Promise<void> {
    this.made.delete(made._id);
    const now = await this.collections.generations().findOne({ _id: made._id }, timed);
    if (now?.incarnation !== made.incarnation) await this.collections.drop(made);
  }

  /** Stored documents in the order of their keys, `undefined` for a key without one. */
  private stored(generation: string, collection: string, keys: readonly string[]): Promise<(Shown | undefined)[]> {
    return this.reached(async () => {
      const { stored: documentsOf } = await this.collectionOf(generation, collection);
      const documents = new Map<string, Shown>();
      for (let from = 0; from < keys.length; from += readAtOnce) {
        const some = [...new Set(keys.slice(from, from + readAtOnce))];
        const filter: Filter<Stored> = some.length === 1 ? { _id: some[0] ?? '' } : { _id: { $in: some } };
        const found = documentsOf.find(filter, { ...shown, batchSize: atOnce(some.length) });
        for await (const stored of found) documents.set(stored._id, stored);
      }
      return keys.map((key) => documents.get(key));
    });
  }

  private async of(generation: string): Promise<Generation> {
    const made =
      this.made.get(generation) ?? (await this.reached(() => this.collections.generations().findOne({ _id: generation }, timed)));
    if (!made) throw new Error(`there is no generation ${generation}`);
    this.made.set(generation, made);
    return made;
  }
  private async collectionOf(generation: string, collection: string): Promise<Place> {
    return this.collections.placeIn(await this.of(generation), collection);
  }
}
