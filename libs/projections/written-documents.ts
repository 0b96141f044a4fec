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
  /** What is being saved, which the store does not give yet. */
  private readonly unsaved = new Map<string, Document>();
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly models: ReadModels,
    private readonly generation: string,
    max = remembered,
  ) {
    this.cache = new LRUCache({ max });
  }

  /** Documents by key, `undefined` where there is none, in the order asked. */
  async get(collection: string, keys: readonly string[]): Promise<(Document | undefined)[]> {
    const documents = keys.map((key) => {
      const name = `${collection}/${key}`;
      return this.unsaved.get(name) ?? this.cache.get(name);
    });
    const missing = keys.filter((_key, index) => !documents[index]);
    if (missing.length === 0) return documents;
    const found = await this.models.get(this.generation, collection, missing);
    let next = 0;
    return documents.map((document) => document ?? found[next++]);
  }

  /** Saves, and remembers what is saved where it is folded on: from now on, and what was saved before. One save at a time. @throws {StaleWrite} */
  save(save: Save, foldedOn: ReadonlySet<string>): Promise<void> {
    for (const { collection, document } of save.writes) {
      const { body } = document;
      if (foldedOn.has(collection) && typeof body !== 'string') this.unsaved.set(`${collection}/${document.key}`, { ...document, body });
    }
    this.saving = this.saveNow(save);
    return this.saving;
  }

  /** Resolves once nothing is being saved; what failed is told to who saves. */
  idle(): Promise<void> {
    return this.saving.catch(() => undefined);
  }

  private async saveNow(save: Save): Promise<void> {
    try {
      await this.models.save(this.generation, save);
      for (const [name, document] of this.unsaved) this.cache.set(name, document);
    } catch (error) {
      this.cache.clear();
      throw error;
    } finally {
      this.unsaved.clear();
    }
  }
}
