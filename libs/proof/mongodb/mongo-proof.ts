/**
 * Trees, signed and cosigned heads in MongoDB, beside the read models but apart from their generations: single-document writes alone, so that any
 * MongoDB does. Trees can be grown again, and heads cosigned again; signed heads (`signed-heads`, `signing-keys`) cannot, and are to be backed up.
 */
import { Binary, MongoBulkWriteError, MongoClient, MongoServerError, type Collection, type Db } from 'mongodb';
import { start, type Offset } from '../../event-log/ports.js';
import {
  plainBytes,
  type CosignedHead,
  type CosignedHeads,
  type GrownTree,
  type GrownTrees,
  type SignedHead,
  type SignedHeads,
  type Trees,
} from '../ports.js';
import { hashLength } from '../tree/hashing.js';
import { MongoStatements } from './mongo-statements.js';
import type { TileAddress } from '../tree/tiles.js';

/** Milliseconds until a question to a server that is away is given up. An address may name another `serverSelectionTimeoutMS`. */
const patience = 2_000;
/** Milliseconds after which MongoDB itself gives a read up. */
const timed = { maxTimeMS: 5_000 } as const;
const writtenAtOnce = 500;
const duplicateKey = 11_000;

type StoredTree = { _id: string; size: number };
type StoredTile = { _id: string; width: number; hashes: Binary };
type StoredOffset = { _id: number; offset: Offset };
type StoredKey = { _id: string; begun: number };
type StoredHead = { _id: string; key: string; programme: string; size: number; root: Binary; note: string; signedAt: number };
type StoredCosignedHeads = { _id: string; heads: CosignedHead[] };

/** The proof's collections in one database. */
export type MongoProof = {
  trees: MongoTrees;
  signed: MongoSignedHeads;
  cosigned: MongoCosignedHeads;
  statements: MongoStatements;
  close(): Promise<void>;
};

/** Opens the proof's collections in the database that the address names. */
export function openMongoProof(url: string): MongoProof {
  const client = new MongoClient(url, {
    ...(!/[?&]serverSelectionTimeoutMS=/i.test(url) && { serverSelectionTimeoutMS: patience }),
    // What is remembered as signed survives the loss of a primary, and is read as the majority has it.
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    maxPoolSize: 20,
  });
  const database = client.db();
  return {
    trees: new MongoTrees(database),
    signed: new MongoSignedHeads(database),
    statements: new MongoStatements(database),
    cosigned: new MongoCosignedHeads(database),
    close: () => client.close(),
  };
}

export class MongoTrees implements Trees {
  private readonly trees: Collection<StoredTree>;
  private readonly tiles: Collection<StoredTile>;
  private readonly offsets: Collection<StoredOffset>;

  constructor(database: Db) {
    this.trees = database.collection('trees');
    this.tiles = database.collection('tiles');
    this.offsets = database.collection('tree-offsets');
  }

  async offset(partition: number): Promise<Offset> {
    return (await this.offsets.findOne({ _id: partition }, timed))?.offset ?? start;
  }
  async size(programme: string): Promise<number> {
    return (await this.trees.findOne({ _id: programme }, timed))?.size ?? 0;
  }
  async programmes(): Promise<string[]> {
    const found = await this.trees
      .find({}, { ...timed, projection: { _id: 1 } })
      .sort({ _id: 1 })
      .toArray();
    return found.map(({ _id }) => _id);
  }
  async tile(programme: string, { level, index, width }: TileAddress): Promise<Uint8Array | undefined> {
    const found = await this.tiles.findOne({ _id: `${programme}/${level}/${index}` }, timed);
    return found && found.width >= width ? plainBytes(found.hashes.buffer).subarray(0, width * hashLength) : undefined;
  }

  /** Tiles come before the size that needs them, and everything before the offset: an interrupted save is made again. */
  async save({ partition, offset, trees }: GrownTrees): Promise<void> {
    await this.saveTiles(trees);
    for (const { programme, size } of trees) await this.trees.updateOne({ _id: programme }, { $max: { size } }, { upsert: true });
    await this.offsets.updateOne({ _id: partition }, { $max: { offset } }, { upsert: true });
  }

  private async saveTiles(trees: readonly GrownTree[]): Promise<void> {
    const writes = trees.flatMap(({ programme, tiles }) =>
      tiles.map(({ level, index, hashes }) => {
        const width = hashes.length / hashLength;
        const stored = { width, hashes: new Binary(hashes) };
        // Of a tile that is as wide already, the upsert makes a duplicate, which is refused.
        return {
          updateOne: { filter: { _id: `${programme}/${level}/${index}`, width: { $lt: width } }, update: { $set: stored }, upsert: true },
        };
      }),
    );
    for (let at = 0; at < writes.length; at += writtenAtOnce)
      try {
        await this.tiles.bulkWrite(writes.slice(at, at + writtenAtOnce), { ordered: false });
      } catch (error) {
        if (!(error instanceof MongoBulkWriteError) || ![error.writeErrors].flat().every(({ code }) => code === duplicateKey)) throw error;
      }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export class MongoSignedHeads implements SignedHeads {
  private readonly keys: Collection<StoredKey>;
  private readonly heads: Collection<StoredHead>;

  constructor(database: Db) {
    this.keys = database.collection('signing-keys');
    this.heads = database.collection('signed-heads');
  }

  async begin(key: string): Promise<void> {
    await this.keys.updateOne({ _id: key }, { $setOnInsert: { begun: Date.now() } }, { upsert: true });
  }
  async knows(key: string): Promise<boolean> {
    return (await this.keys.findOne({ _id: key }, timed)) !== null;
  }
  async last(key: string, programme: string): Promise<SignedHead | undefined> {
    const found = await this.heads.findOne({ _id: `${key}/${programme}` }, timed);
    return found ? { size: found.size, root: plainBytes(found.root.buffer), note: found.note, signedAt: found.signedAt } : undefined;
  }
  async key(): Promise<string | undefined> {
    const [latest] = await this.keys.find({}, timed).sort({ begun: -1, _id: 1 }).limit(1).toArray();
    return latest?._id;
  }
  async latest(programme: string): Promise<SignedHead | undefined> {
    const key = await this.key();
    return key === undefined ? undefined : this.last(key, programme);
  }
  async programmes(): Promise<string[]> {
    const key = await this.key();
    if (key === undefined) return [];
    const found = await this.heads.find({ key }, { ...timed, projection: { programme: 1 } }).toArray();
    return found.map(({ programme }) => programme).sort();
  }

  async remember(key: string, programme: string, head: SignedHead, previous: SignedHead | undefined): Promise<boolean> {
    const stored = { size: head.size, root: new Binary(head.root), note: head.note, signedAt: head.signedAt };
    const _id = `${key}/${programme}`;
    if (previous) return (await this.heads.updateOne({ _id, note: previous.note }, { $set: stored })).matchedCount === 1;
    try {
      await this.heads.insertOne({ _id, key, programme, ...stored });
      return true;
    } catch (error) {
      if (error instanceof MongoServerError && error.code === duplicateKey) return false;
      throw error;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export class MongoCosignedHeads implements CosignedHeads {
  private readonly programmes: Collection<StoredCosignedHeads>;

  constructor(database: Db) {
    this.programmes = database.collection('cosigned-heads');
  }

  async of(programme: string): Promise<CosignedHead[]> {
    const heads = (await this.programmes.findOne({ _id: programme }, timed))?.heads ?? [];
    return heads.sort((one, other) => other.size - one.size);
  }
  async keep(programme: string, heads: readonly CosignedHead[]): Promise<void> {
    await this.programmes.updateOne({ _id: programme }, { $set: { heads: [...heads] } }, { upsert: true });
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
