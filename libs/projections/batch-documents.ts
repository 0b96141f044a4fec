import type { Conditions, JsonObject, Write } from '../read-models/ports.js';
import { type Collection, type Content, contentOf } from './collection.js';
import type { WrittenDocuments } from './written-documents.js';

type Held = { body: JsonObject; internal: JsonObject | undefined; position: number; replaces: number | undefined; changed: boolean };

/** The documents that a batch updates, each read once and written once. */
export class BatchDocuments {
  private readonly held: ReadonlyMap<string, Map<string, Held>>;

  /** `collections` are the names of the collections that the batch may update. */
  constructor(
    private readonly written: WrittenDocuments,
    collections: Iterable<string>,
  ) {
    this.held = new Map([...collections].map((name) => [name, new Map<string, Held>()]));
  }

  async load({ name }: { name: string }, keys: Iterable<string>): Promise<void> {
    const asked = [...keys];
    const found = await this.written.get(name, asked);
    const held = this.of(name);
    for (const [index, key] of asked.entries()) {
      const document = found[index];
      if (!document) continue;
      const { body, internal, position } = document;
      held.set(key, { body, internal, position, replaces: position, changed: false });
    }
  }

  /** Loads the stored documents that meet the conditions, but for those that are loaded already. */
  async loadFound({ name }: { name: string }, conditions: Conditions): Promise<void> {
    const held = this.of(name);
    const keys = await this.written.keysOf(name, conditions);
    await this.load(
      { name },
      keys.filter((key) => !held.has(key)),
    );
  }

  /** The keys of the documents of a collection that the batch has by now. */
  keysOf({ name }: { name: string }): string[] {
    return [...this.of(name).keys()];
  }

  get<B extends JsonObject, I extends JsonObject | undefined>(
    collection: Collection<B, I>,
    key: string,
  ): (Content<B, I> & { position: number }) | undefined {
    const held = this.of(collection.name).get(key);
    return held && { ...contentOf(collection, held), position: held.position };
  }

  /** The position that a document is folded to; 0 if there is no document. */
  positionOf({ name }: { name: string }, key: string): number {
    return this.of(name).get(key)?.position ?? 0;
  }

  /** Updates a document to a position beyond the one it was folded to. */
  set<B extends JsonObject, I extends JsonObject | undefined>(
    collection: Collection<B, I>,
    key: string,
    position: number,
    { body, internal }: Content<B, I>,
  ): void {
    const documents = this.of(collection.name);
    documents.set(key, { body, internal, position, replaces: documents.get(key)?.replaces, changed: true });
  }

  /** Resolves once the save of earlier batches has ended. */
  idle(): Promise<void> {
    return this.written.idle();
  }

  writes(): Write[] {
    const writes: Write[] = [];
    for (const [collection, documents] of this.held)
      for (const [key, { body, internal, position, replaces, changed }] of documents)
        if (changed)
          writes.push({
            collection,
            document: internal ? { key, position, body, internal } : { key, position, body },
            ...(replaces !== undefined && { replaces }),
          });
    return writes;
  }

  private of(collection: string): Map<string, Held> {
    const held = this.held.get(collection);
    if (!held) throw new Error(`a batch does not update documents of ${collection}`);
    return held;
  }
}
