import { LRUCache } from 'lru-cache';
import type { Document, ReadModels, Save } from '../read-models/ports.js';

/** How many documents are remembered where nothing else is said. */
const remembered = 20_000;

/**
 * What a fold has written last, so that it need not be read again. Never more than a short cut: a write still replaces exactly what it was folded from,
 * and where another writer came between, everything is forgotten and read again.
 */
export class WrittenDocuments {
  private readonly cache: LRUCache<string, Document>;

  constructor(
    private readonly models: ReadModels,
    private readonly generation: string,
    max = remembered,
  ) {
    this.cache = new LRUCache({ max });
  }

  /** Documents by key, `undefined` where there is none, in the order asked. */
  async get(collection: string, keys: readonly string[]): Promise<(Document | undefined)[]> {
    const documents = keys.map((key) => this.cache.get(`${collection}/${key}`));
    const missing = keys.filter((_key, index) => !documents[index]);
    if (missing.length === 0) return documents;
    const found = await this.models.get(this.generation, collection, missing);
    let next = 0;
    return documents.map((document) => document ?? found[next++]);
  }

  /** Saves, and remembers what was saved where it is folded on. @throws {StaleWrite} */
  async save(save: Save, foldedOn: ReadonlySet<string>): Promise<void> {
    try {
      await this.models.save(this.generation, save);
    } catch (error) {
      this.cache.clear();
      throw error;
    }
    for (const { collection, document } of save.writes) {
      const { body } = document;
      if (foldedOn.has(collection) && typeof body !== 'string') this.cache.set(`${collection}/${document.key}`, { ...document, body });
    }
  }
}
