import { LRUCache } from 'lru-cache';
import type { Conditions, Document, ReadModels, Save } from '../read-models/ports.js';
import { pagesOf } from './pages.js';

/** The default number of documents that the cache holds. */
const remembered = 20_000;

/**
 * A cache of the documents that a fold wrote last, so that it need not read them again. It never affects correctness: a write still replaces exactly the
 * document that it was folded from, and if another writer came between, the cache is emptied and documents are read again.
 */
export class WrittenDocuments {
  /** Made by the first save, because it reserves its whole size at once. */
  private cache: LRUCache<string, Document> | undefined;
  /** Documents of the save in progress, which the store does not return yet. */
  private readonly unsaved = new Map<string, Document>();
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly models: ReadModels,
    private readonly generation: string,
    private readonly max = remembered,
  ) {}

  /** Documents in the order of the keys; `undefined` for a key without one. */
  async get(collection: string, keys: readonly string[]): Promise<(Document | undefined)[]> {
    const documents = keys.map((key) => {
      const name = `${collection}/${key}`;
      return this.unsaved.get(name) ?? this.cache?.get(name);
    });
    const missing = keys.filter((_key, index) => !documents[index]);
    if (missing.length === 0) return documents;
    const found = await this.models.get(this.generation, collection, missing);
    let next = 0;
    return documents.map((document) => document ?? found[next++]);
  }

  /** The keys of the stored documents that meet the conditions, once no save is in progress. */
  async keysOf(collection: string, conditions: Conditions): Promise<string[]> {
    await this.idle();
    const keys: string[] = [];
    const query = { ...conditions, sort: 'position' };
    for await (const page of pagesOf(this.models, this.generation, collection, query)) for (const { key } of page) keys.push(key);
    return keys;
  }

  /**
   * Saves, and caches the documents of the collections in `foldedOn` at once, before the save ends. One save at a time.
   * @throws {StaleWrite}
   */
  save(save: Save, foldedOn: ReadonlySet<string>): Promise<void> {
    for (const { collection, document } of save.writes) {
      const { body } = document;
      if (foldedOn.has(collection) && typeof body !== 'string') this.unsaved.set(`${collection}/${document.key}`, { ...document, body });
    }
    this.saving = this.saveNow(save);
    return this.saving;
  }

  /** Resolves once no save is in progress. The caller of {@link save} gets the error of a failed save. */
  idle(): Promise<void> {
    return this.saving.catch(() => undefined);
  }

  private async saveNow(save: Save): Promise<void> {
    try {
      await this.models.save(this.generation, save);
      this.cache ??= new LRUCache({ max: this.max });
      for (const [name, document] of this.unsaved) this.cache.set(name, document);
    } catch (error) {
      this.cache?.clear();
      throw error;
    } finally {
      this.unsaved.clear();
    }
  }
}
