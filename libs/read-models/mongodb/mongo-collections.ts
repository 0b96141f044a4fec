import type { Collection, Db } from 'mongodb';
import type { Head, Offset } from '../../event-log/ports.js';
import type { CollectionSpec } from '../ports.js';
import type { Place } from './access-paths.js';
import { indexesOf } from './indexes.js';
import type { Stored } from './stored-documents.js';

/** What is made again under a name is another incarnation, so that who still writes the one that was dropped changes nothing in it. */
export type Generation = { _id: string; made: number; incarnation: string; collections: CollectionSpec[] };

type StoredHead = { _id: string; incarnation: string; programme: string; position: number; hash: string; recordedAt: string };

/** How far a partition is folded, and who is saving what follows. */
type StoredCheckpoint = {
  _id: string;
  incarnation: string;
  partition: number;
  offset: Offset;
  saving?: { [writer: string]: string };
};

type Built = { _id: string; incarnation: string; partition: number };

type Serving = { _id: 'serving'; generation: string; incarnation: string };

/** The collections of one database: those that describe generations, and the documents of each generation. */
export class MongoCollections {
  constructor(private readonly database: Db) {}

  /** A collection of documents and its description. @throws {Error} the generation has no such collection */
  placeIn(made: Generation, collection: string): Place {
    const spec = made.collections.find(({ name }) => name === collection);
    if (!spec) throw new Error(`the generation ${made._id} has no collection ${collection}`);
    return { spec, stored: this.documents(made, collection) };
  }
  documents(made: Generation, collection: string): Collection<Stored> {
    return this.database.collection(nameOf(made, collection));
  }
  generations(): Collection<Generation> {
    return this.database.collection('generations');
  }
  serving(): Collection<Serving> {
    return this.database.collection('serving');
  }
  heads(): Collection<StoredHead> {
    return this.database.collection('heads');
  }
  checkpoints(): Collection<StoredCheckpoint> {
    return this.database.collection('checkpoints');
  }
  built(): Collection<Built> {
    return this.database.collection('built');
  }

  async createIndexes(made: Generation, spec: CollectionSpec): Promise<void> {
    const indexes = indexesOf(spec);
    if (indexes.length > 0) await this.documents(made, spec.name).createIndexes(indexes);
  }

  /** Drops everything that belongs to a generation, but not its own entry among the generations. */
  async drop(made: Generation): Promise<void> {
    const { incarnation } = made;
    for (const meta of [this.heads(), this.checkpoints(), this.built()]) await meta.deleteMany({ incarnation });
    const present = new Set((await this.database.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
    for (const name of made.collections.map((spec) => nameOf(made, spec.name)))
      if (present.has(name)) await this.database.dropCollection(name);
  }
}

export const checkpointId = ({ incarnation }: Generation, partition: number | string) => `${incarnation}/${partition}`;

function nameOf({ _id: generation, incarnation }: Generation, collection: string): string {
  if (!/^[\w-]+$/.test(generation) || !/^[\w-]+$/.test(collection))
    throw new Error(`${generation}/${collection} is no name of a collection`);
  return `${generation}.${incarnation}.${collection}`;
}

export function headIn({ position, hash, recordedAt }: StoredHead): Head {
  return { position, hash, recordedAt };
}
