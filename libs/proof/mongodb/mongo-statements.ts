/** Statements in MongoDB: immutable documents, written before the statement that needs them, so that an interrupted addition is made again. */
import { Binary, type Collection, type Db } from 'mongodb';
import { plainBytes } from '../ports.js';
import type { NewStatement, PublishedStatement, StatedDocument, StatedTile, Statement, Statements } from '../statements/ports.js';

/** Milliseconds after which MongoDB itself gives a read up. */
const timed = { maxTimeMS: 5_000 } as const;

type StoredStatement = { _id: string; programme: string; position: number; size: number; root: Binary; record?: number };
type StoredTile = { _id: string; programme: string; position: number; tile: number; firstKey: string; root: Binary };
type StoredDocument = { _id: string; programme: string; key: string; position: number; text: string };

export class MongoStatements implements Statements {
  private readonly statements: Collection<StoredStatement>;
  private readonly tileRows: Collection<StoredTile>;
  private readonly documentRows: Collection<StoredDocument>;
  private indexed: Promise<unknown> | undefined;

  constructor(database: Db) {
    this.statements = database.collection('statements');
    this.tileRows = database.collection('statement-tiles');
    this.documentRows = database.collection('statement-documents');
  }

  async add({ programme, position, size, root, changed, tiles }: NewStatement): Promise<void> {
    if (await this.at(programme, position)) return;
    await (this.indexed ??= this.index().catch((error: unknown) => {
      this.indexed = undefined;
      throw error;
    }));
    for (const page of changed)
      await this.documentRows.bulkWrite(
        page.map(({ key, text }) => ({
          updateOne: {
            filter: { _id: `${programme}/${key}/${position}` },
            update: { $set: { programme, key, position, text } },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    for (let from = 0; from < tiles.length; from += 1_000)
      await this.tileRows.bulkWrite(
        tiles.slice(from, from + 1_000).map(({ firstKey, root: hash }, index) => ({
          updateOne: {
            filter: { _id: `${programme}/${position}/${from + index}` },
            update: { $set: { programme, position, tile: from + index, firstKey, root: new Binary(hash) } },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    await this.statements.updateOne(
      { _id: `${programme}/${position}` },
      { $set: { programme, position, size, root: new Binary(root) } },
      { upsert: true },
    );
  }

  async published({ programme, position, size, root, record }: PublishedStatement): Promise<void> {
    await this.statements.updateOne({ _id: `${programme}/${position}`, size, root: new Binary(root) }, { $set: { record } });
  }

  async at(programme: string, position: number): Promise<Statement | undefined> {
    const found = await this.statements.findOne({ _id: `${programme}/${position}` }, timed);
    return found ? statementIn(found) : undefined;
  }
  async last(programme: string, position = Number.MAX_SAFE_INTEGER): Promise<Statement | undefined> {
    const found = await this.statements.findOne({ programme, position: { $lte: position } }, { ...timed, sort: { position: -1 } });
    return found ? statementIn(found) : undefined;
  }
  async list(programme: string, limit: number, before = Number.MAX_SAFE_INTEGER): Promise<PublishedStatement[]> {
    const found = await this.statements
      .find({ programme, position: { $lt: before }, record: { $exists: true } }, timed)
      .sort({ position: -1 })
      .limit(limit)
      .toArray();
    return found.flatMap((one) => (one.record === undefined ? [] : [{ ...statementIn(one), record: one.record }]));
  }

  /** Reads the rows of every statement up to this one, of which the last row of each key counts. */
  async documents({ programme, position }: Statement, from: string, limit: number): Promise<StatedDocument[]> {
    const documents: StatedDocument[] = [];
    const rows = this.documentRows
      .find({ programme, key: { $gte: from }, position: { $lte: position } }, { ...timed, projection: { key: 1, text: 1 } })
      .sort({ key: 1, position: 1 });
    try {
      for await (const { key, text } of rows) {
        if (documents.at(-1)?.key === key) documents.pop();
        else if (documents.length === limit) break;
        documents.push({ key, text });
      }
    } finally {
      await rows.close();
    }
    return documents;
  }

  async tiles({ programme, position }: Statement, first: number, count: number): Promise<StatedTile[]> {
    if (count === 0) return [];
    const rows = await this.tileRows
      .find({ programme, position, tile: { $gte: first } }, timed)
      .sort({ tile: 1 })
      .limit(count)
      .toArray();
    return rows.map(({ firstKey, root }) => ({ firstKey, root: plainBytes(root.buffer) }));
  }
  async tileOf({ programme, position }: Statement, key: string): Promise<number> {
    const [row] = await this.tileRows
      .find({ programme, position, firstKey: { $lte: key } }, timed)
      .sort({ tile: -1 })
      .limit(1)
      .toArray();
    return row?.tile ?? 0;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private index(): Promise<unknown> {
    return Promise.all([
      this.statements.createIndex({ programme: 1, position: 1 }),
      this.tileRows.createIndex({ programme: 1, position: 1, tile: 1 }),
      this.documentRows.createIndex({ programme: 1, key: 1, position: 1 }),
    ]);
  }
}

function statementIn({ programme, position, size, root, record }: StoredStatement): Statement {
  return { programme, position, size, root: plainBytes(root.buffer), ...(record !== undefined && { record }) };
}
