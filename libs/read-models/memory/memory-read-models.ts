import type { Head, Heads } from '../../event-log/ports.js';
import {
  bodyIn,
  checkConditions,
  checkLookup,
  checkPart,
  checkQuery,
  comparedValues,
  compareSortable,
  cursorAfter,
  fieldIn,
  positionIn,
  positionOf,
  shown,
  type Position,
} from '../find.js';
import { isInRange, matches } from '../matches.js';
import {
  follows,
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

type Collection = { spec: CollectionSpec; documents: Map<string, Document> };
type Generation = {
  collections: Map<string, Collection>;
  heads: Map<string, Head>;
  checkpoint: Checkpoint | undefined;
  built: Set<number>;
};

/** The read models in memory, for specs and simulation. Every query is a plain scan. */
export class MemoryReadModels implements ReadModels {
  private readonly made = new Map<string, Generation>();
  private served: string | undefined;

  serving(): Promise<string | undefined> {
    return Promise.resolve(this.served);
  }
  generations(): Promise<string[]> {
    return Promise.resolve([...this.made.keys()]);
  }
  create(generation: string, collections: readonly CollectionSpec[]): Promise<void> {
    if (!this.made.has(generation))
      this.made.set(generation, {
        collections: new Map(collections.map((spec) => [spec.name, { spec, documents: new Map() }])),
        heads: new Map(),
        checkpoint: undefined,
        built: new Set(),
      });
    return Promise.resolve();
  }
  // Async, so that a missing generation rejects the promise, as in the other adapters.
  // eslint-disable-next-line @typescript-eslint/require-await
  async serve(generation: string): Promise<void> {
    this.of(generation);
    this.served = generation;
  }
  drop(generation: string): Promise<void> {
    this.made.delete(generation);
    if (this.served === generation) this.served = undefined;
    return Promise.resolve();
  }

  markBuilt(generation: string, partition: number): Promise<number[]> {
    const { built } = this.of(generation);
    built.add(partition);
    return Promise.resolve([...built]);
  }

  checkpoint(generation: string): Promise<Checkpoint | undefined> {
    return Promise.resolve(this.of(generation).checkpoint);
  }
  heads(generation: string): Promise<Heads> {
    return Promise.resolve(new Map(this.of(generation).heads));
  }
  head(generation: string, programme: string): Promise<Head | undefined> {
    return Promise.resolve(this.of(generation).heads.get(programme));
  }

  /** The documents of a collection, read-only. */
  documents(generation: string, collection: string): ReadonlyMap<string, Document> {
    return this.collection(generation, collection).documents;
  }

  get(generation: string, collection: string, keys: readonly string[]): Promise<(Document | undefined)[]> {
    const { documents } = this.collection(generation, collection);
    return Promise.resolve(keys.map((key) => structuredClone(documents.get(key))));
  }

  // Async, as below.
  // eslint-disable-next-line @typescript-eslint/require-await
  async lookUp(generation: string, name: string, field: string, value: string): Promise<Document | undefined> {
    const { spec, documents } = this.collection(generation, name);
    checkLookup(spec, field);
    const found = [...documents.values()].filter((document) => fieldIn(document, field) === value);
    return structuredClone(found.sort((one, other) => one.position - other.position).at(-1));
  }

  // Async, so that a bad query rejects the promise, as in the other adapters.
  // eslint-disable-next-line @typescript-eslint/require-await
  async find(generation: string, name: string, query: Query): Promise<Page> {
    const { spec, documents } = this.collection(generation, name);
    checkQuery(spec, query);
    const after = positionIn(spec, query);
    const found = [...documents.values()]
      .filter((document) => matches(spec, query, document) && (!query.range || isInRange(spec, query.sort, query.range, document)))
      .map((document) => ({ document, at: positionOf(spec, query, document) }))
      .filter(({ at }) => after === undefined || order(query, at, after) > 0)
      .sort((one, other) => order(query, one.at, other.at));
    const page = found.slice(0, query.limit).map(({ document }) => structuredClone(document));
    const last = page.at(-1);
    return {
      documents: page,
      ...(found.length > page.length && last && { cursor: cursorAfter(spec, query, positionOf(spec, query, last)) }),
    };
  }

  async getShown(generation: string, name: string, key: string): Promise<ShownDocument | undefined> {
    const { spec } = this.collection(generation, name);
    const [document] = await this.get(generation, name, [key]);
    return document && shown(spec, document);
  }
  getAllShown(generation: string, name: string, keys: readonly string[]): Promise<(ShownDocument | undefined)[]> {
    return Promise.all(keys.map((key) => this.getShown(generation, name, key)));
  }
  async findShown(generation: string, name: string, query: Query): Promise<Page<ShownDocument>> {
    const { spec } = this.collection(generation, name);
    const { documents, ...page } = await this.find(generation, name, query);
    return { ...page, documents: documents.map((document) => shown(spec, document)) };
  }

  // Async, as above.
  // eslint-disable-next-line @typescript-eslint/require-await
  async count(generation: string, name: string, conditions: Conditions, most: number): Promise<Count> {
    const { spec, documents } = this.collection(generation, name);
    checkConditions(spec, conditions);
    const found = [...documents.values()].filter((document) => matches(spec, conditions, document)).length;
    return { documents: Math.min(found, most), isExact: found <= most };
  }

  async *scan(generation: string, collection: string): AsyncIterable<ScannedDocument[]> {
    const { spec, documents } = this.collection(generation, collection);
    const sorted = [...documents.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
    const scanned = sorted.map((document) => ({ ...structuredClone(document), comparedBy: comparedValues(spec, document) }));
    yield Promise.resolve(scanned);
  }

  structuralFault(generation: string, collections: readonly CollectionSpec[]): Promise<string | undefined> {
    const made = [...this.of(generation).collections.values()].map(({ spec }) => spec);
    return Promise.resolve(JSON.stringify(made) === JSON.stringify(collections) ? undefined : 'it describes other collections');
  }

  // Async, as above.
  // eslint-disable-next-line @typescript-eslint/require-await
  async save(generation: string, save: Save): Promise<void> {
    const { writes, heads, checkpoint } = save;
    const target = this.of(generation);
    if (!follows(target.checkpoint, save)) throw new StaleWrite('another writer went on from the checkpoint');
    for (const { collection, document, replaces } of writes) {
      const { spec, documents } = this.collection(generation, collection);
      if (documents.get(document.key)?.position !== replaces)
        throw new StaleWrite(`${collection} ${document.key} is not the document it was folded from`);
      checkPart(spec, document);
      const { body } = document;
      documents.set(document.key, structuredClone({ ...document, body: typeof body === 'string' ? bodyIn(body) : body }));
    }
    for (const [programme, head] of heads)
      if (head.position >= (target.heads.get(programme)?.position ?? 0)) target.heads.set(programme, head);
    target.checkpoint = { ...target.checkpoint, ...checkpoint };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private of(generation: string): Generation {
    const made = this.made.get(generation);
    if (!made) throw new Error(`there is no generation ${generation}`);
    return made;
  }
  private collection(generation: string, name: string): Collection {
    const collection = this.of(generation).collections.get(name);
    if (!collection) throw new Error(`there is no collection ${name}`);
    return collection;
  }
}

function order({ descending = false }: Query, one: Position, other: Position): number {
  const ordered = compareSortable(one.value, other.value) || compareSortable(one.key, other.key);
  return descending ? -ordered : ordered;
}
