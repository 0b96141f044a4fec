import { randomUUID } from 'node:crypto';
import { MongoClient, type Collection, type Db, type Filter } from 'mongodb';
import { start, type Head, type Heads, type Offset } from '../../event-log/ports.js';
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
  type Write,
} from '../ports.js';
import { AccessPaths, type Place } from './access-paths.js';
import { isAway, missedIn, inserted, tookTooLong } from './driver-errors.js';
import { indexesOf } from './indexes.js';
import { countIn, findPage } from './pages.js';
import { mostReadingTime, timed } from './reading-time.js';
import { type Stored, type Shown, shown, atOnce, comparedIn, operationOf, documentOf } from './stored-documents.js';

/** What is made again under a name is another incarnation, so that who still writes the one that was dropped changes nothing in it. */
type Generation = { _id: string; made: number; incarnation: string; collections: CollectionSpec[] };

type StoredHead = { _id: string; incarnation: string; programme: string; position: number; hash: string; recordedAt: string };

/** How far a partition is folded, and who is saving what follows. */
type StoredCheckpoint = { _id: string; incarnation: string; partition: number; offset: Offset; saving?: { [writer: string]: string } };

type Built = { _id: string; incarnation: string; partition: number };

type Serving = { _id: 'serving'; generation: string; incarnation: string };

const scanAtOnce = 500;

const writtenAtOnce = 1_000;

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
  private readonly database: Db;
  /** The generations as they were when they were last looked at. */
  private readonly made = new Map<string, Generation>();
  private readonly writer = randomUUID();
  private readonly paths = new AccessPaths();
  private connected = false;

  /** How often the server was away, and how many of these times each partition that is folded here knows of. */
  private absences = 0;
  private readonly knownAbsences = new Map<string, number>();

  constructor(private readonly client: MongoClient) {
    this.database = client.db();
    client.on('connectionPoolCleared', () => {
      this.absences++;
    });
    // Where nothing was asked of the server while it was away, all that shows is that it closed what was open.
    client.on('connectionClosed', ({ reason }) => {
      if (reason === 'error') this.absences++;
    });
  }

  serving(): Promise<string | undefined> {
    return this.reached(async () => {
      const serving = await this.servingIn().findOne({ _id: 'serving' }, timed);
      if (serving && this.made.get(serving.generation)?.incarnation !== serving.incarnation) this.made.delete(serving.generation);
      return serving?.generation;
    });
  }
  generations(): Promise<string[]> {
    return this.reached(async () => {
      const made = await this.generationsIn().find({}, timed).sort({ made: 1, _id: 1 }).toArray();
      return made.map(({ _id }) => _id);
    });
  }

  async create(generation: string, collections: readonly CollectionSpec[]): Promise<void> {
    await this.connect();
    const known = await this.generationsIn().findOne({ _id: generation }, timed);
    if (known) {
      // It may have been dropped and made again since this process looked.
      this.made.set(generation, known);
      return;
    }
    const made: Generation = { _id: generation, made: Date.now(), incarnation: randomUUID().slice(0, 8), collections: [...collections] };
    await Promise.all(collections.map((spec) => this.createIndexes(made, spec)));
    // Another process made it at the same moment: its own is the one.
    if (!(await inserted(this.generationsIn().insertOne(made)))) await this.dropCollections(made);
  }

  async serve(generation: string): Promise<void> {
    const { incarnation } = await this.of(generation);
    await this.servingIn().replaceOne({ _id: 'serving' }, { generation, incarnation }, { upsert: true });
  }

  async drop(generation: string): Promise<void> {
    await this.servingIn().deleteOne({ _id: 'serving', generation });
    const made = await this.generationsIn().findOneAndDelete({ _id: generation });
    this.made.delete(generation);
    if (made) await this.dropCollections(made);
  }

  async markBuilt(generation: string, partition: number): Promise<number[]> {
    const { incarnation } = await this.of(generation);
    await this.built().replaceOne({ _id: `${incarnation}/${partition}` }, { incarnation, partition }, { upsert: true });
    return (await this.built().find({ incarnation }, timed).toArray()).map((one) => one.partition);
  }

  checkpoint(generation: string): Promise<Checkpoint | undefined> {
    return this.reached(async () => this.checkpointOf(await this.of(generation)));
  }
  heads(generation: string): Promise<Heads> {
    return this.reached(async () => {
      const { incarnation } = await this.of(generation);
      const heads = await this.storedHeads().find({ incarnation }, timed).toArray();
      return new Map(heads.map((stored) => [stored.programme, headIn(stored)]));
    });
  }
  head(generation: string, programme: string): Promise<Head | undefined> {
    return this.reached(async () => {
      const { incarnation } = await this.of(generation);
      const stored = await this.storedHeads().findOne({ _id: `${incarnation}/${programme}` }, timed);
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
      const saving = await this.beginSaving(made, save);
      this.refuseOnceAway(made, save);
      const [first = [], ...others] = Map.groupBy(save.writes, ({ collection }) => collection).values();
      await this.write(made, first);
      await allOf(others.map((writes) => this.write(made, writes)));
      await this.saveHeads(made, save.heads);
      // An older copy may have the mark and lack documents that were written after it.
      this.refuseOnceAway(made, save);
      await this.saveCheckpoint(made, save, saving);
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

  /** @throws {StaleWrite} once for each partition after the server was away: what was read before, or written, may be another copy's */
  private refuseOnceAway(made: Generation, { checkpoint }: Save): void {
    const missed = Object.keys(checkpoint)
      .map((partition) => checkpointId(made, partition))
      .filter((id) => (this.knownAbsences.get(id) ?? 0) !== this.absences);
    for (const id of missed) this.knownAbsences.set(id, this.absences);
    if (missed.length > 0) throw new StaleWrite('the server was away meanwhile: it may hold an older copy');
  }

  /**
   * Replaces exactly what was folded from, in one collection; a document that is another by now misses. While the server writes one part of it, the next
   * is on its way.
   */
  private async write(made: Generation, writes: readonly Write[]): Promise<void> {
    const parts: Promise<void>[] = [];
    for (let from = 0; from < writes.length; from += writtenAtOnce)
      parts.push(this.writePart(made, writes.slice(from, from + writtenAtOnce)));
    await allOf(parts);
  }

  private async writePart(made: Generation, writes: readonly Write[]): Promise<void> {
    const { spec, stored } = this.collectionIn(made, writes[0]?.collection ?? '');
    const operations = writes.map((write) => operationOf(spec, write));
    const missed = await missedIn(stored.bulkWrite(operations, { ordered: false }), writes.length);
    if (missed > 0) throw new StaleWrite(`${missed} documents of ${spec.name} are not those they were folded from`);
  }

  /** Heads never move back: a late save changes nothing. */
  private async saveHeads({ incarnation }: Generation, heads: Heads): Promise<void> {
    if (heads.size === 0) return;
    const moves = [...heads].map(([programme, head]) => ({
      filter: { _id: `${incarnation}/${programme}`, position: { $lt: head.position } },
      replacement: { incarnation, programme, ...head },
    }));
    const move = (upsert: boolean) =>
      this.storedHeads().bulkWrite(
        moves.map((one) => ({ replaceOne: { ...one, upsert } })),
        { ordered: false },
      );
    // One that is there already is as far, or was made by another writer at this moment: then it moves on from there.
    if ((await missedIn(move(true), moves.length)) > 0) await move(false);
  }

  /**
   * Leaves a mark beside the offsets that a save follows. The checkpoint moves only where the mark still is: a copy of the database that is put back
   * between documents and checkpoint has neither. Nothing is marked in a generation that was dropped: its offsets went with it.
   */
  private async beginSaving(made: Generation, { checkpoint, follows: from }: Save): Promise<string> {
    const saving = randomUUID();
    for (const name of Object.keys(checkpoint)) {
      const offset = from?.[name] ?? start;
      if (offset === start) await this.makeCheckpoint(made, Number(name));
      const filter = { _id: checkpointId(made, name), offset };
      const marked = await this.checkpoints().updateOne(filter, { $set: { [`saving.${this.writer}`]: saving } });
      if (marked.matchedCount !== 1) throw new StaleWrite('another writer went on from the checkpoint');
    }
    return saving;
  }

  private async makeCheckpoint(made: Generation, partition: number): Promise<void> {
    const { _id: generation, incarnation } = made;
    if (!(await this.generationsIn().findOne({ _id: generation, incarnation }, timed)))
      throw new StaleWrite(`the generation ${generation} was dropped`);
    await inserted(this.checkpoints().insertOne({ _id: checkpointId(made, partition), incarnation, partition, offset: start }));
  }

  private async saveCheckpoint(made: Generation, { checkpoint, follows: from }: Save, saving: string): Promise<void> {
    for (const [name, offset] of Object.entries(checkpoint)) {
      const filter = { _id: checkpointId(made, name), offset: from?.[name] ?? start, [`saving.${this.writer}`]: saving };
      const moved = { incarnation: made.incarnation, partition: Number(name), offset };
      const { matchedCount } = await this.checkpoints().replaceOne(filter, moved);
      if (matchedCount !== 1) throw new StaleWrite('another writer went on from the checkpoint');
    }
  }

  private async checkpointOf({ incarnation }: Generation): Promise<Checkpoint | undefined> {
    const offsets = await this.checkpoints()
      .find({ incarnation, offset: { $ne: start } }, timed)
      .toArray();
    return offsets.length === 0 ? undefined : Object.fromEntries(offsets.map(({ partition, offset }) => [partition, offset]));
  }

  /** What was written to a generation that was dropped meanwhile is removed again. */
  private async leaveWhereDropped(made: Generation): Promise<void> {
    this.made.delete(made._id);
    const now = await this.generationsIn().findOne({ _id: made._id }, timed);
    if (now?.incarnation !== made.incarnation) await this.dropCollections(made);
  }

  private async dropCollections(made: Generation): Promise<void> {
    const { incarnation } = made;
    for (const meta of [this.storedHeads(), this.checkpoints(), this.built()]) await meta.deleteMany({ incarnation });
    const present = new Set((await this.database.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
    for (const name of made.collections.map((spec) => nameOf(made, spec.name)))
      if (present.has(name)) await this.database.dropCollection(name);
  }

  private async createIndexes(made: Generation, spec: CollectionSpec): Promise<void> {
    const indexes = indexesOf(spec);
    if (indexes.length > 0) await this.documents(made, spec.name).createIndexes(indexes);
  }

  /** Stored documents in the order of their keys, `undefined` for a key without one. */
  private stored(generation: string, collection: string, keys: readonly string[]): Promise<(Shown | undefined)[]> {
    return this.reached(async () => {
      const { stored: documentsOf } = await this.collectionOf(generation, collection);
      const documents = new Map<string, Shown>();
      for (let from = 0; from < keys.length; from += writtenAtOnce) {
        const some = [...new Set(keys.slice(from, from + writtenAtOnce))];
        const filter: Filter<Stored> = some.length === 1 ? { _id: some[0] ?? '' } : { _id: { $in: some } };
        const found = documentsOf.find(filter, { ...shown, batchSize: atOnce(some.length) });
        for await (const stored of found) documents.set(stored._id, stored);
      }
      return keys.map((key) => documents.get(key));
    });
  }

  private async of(generation: string): Promise<Generation> {
    const made = this.made.get(generation) ?? (await this.reached(() => this.generationsIn().findOne({ _id: generation }, timed)));
    if (!made) throw new Error(`there is no generation ${generation}`);
    this.made.set(generation, made);
    return made;
  }
  private async collectionOf(generation: string, collection: string): Promise<Place> {
    return this.collectionIn(await this.of(generation), collection);
  }
  private collectionIn(made: Generation, collection: string): Place {
    const spec = made.collections.find(({ name }) => name === collection);
    if (!spec) throw new Error(`the generation ${made._id} has no collection ${collection}`);
    return { spec, stored: this.documents(made, collection) };
  }
  private documents(made: Generation, collection: string): Collection<Stored> {
    return this.database.collection(nameOf(made, collection));
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
  private checkpoints(): Collection<StoredCheckpoint> {
    return this.database.collection('checkpoints');
  }
  private built(): Collection<Built> {
    return this.database.collection('built');
  }
}

const checkpointId = ({ incarnation }: Generation, partition: number | string) => `${incarnation}/${partition}`;

function nameOf({ _id: generation, incarnation }: Generation, collection: string): string {
  if (!/^[\w-]+$/.test(generation) || !/^[\w-]+$/.test(collection))
    throw new Error(`${generation}/${collection} is no name of a collection`);
  return `${generation}.${incarnation}.${collection}`;
}

function headIn({ position, hash, recordedAt }: StoredHead): Head {
  return { position, hash, recordedAt };
}

/** Waits for all, whatever becomes of one, so that nothing is still being written when it throws. */
async function allOf(writing: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(writing)) if (result.status === 'rejected') throw result.reason;
}
