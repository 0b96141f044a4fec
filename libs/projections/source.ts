/** The source of reads: one generation of the read models. */
import type { CollectionSpec, JsonObject, Query, ReadModels } from '../read-models/ports.js';
import { contentOf, type Collection, type Content } from './collection.js';
import { ReadModelsBehind } from './read-models-behind.js';

/** A page of a list. `cursor` asks for the next page; the last page has none. */
export type Listed<T> = { items: T[]; cursor?: string };
/** A page with each item as JSON text. `stable` is false if the sort field can change: pages may then miss an item or repeat one. */
export type ListedTexts = { texts: string[]; cursor?: string; stable?: boolean };
export type Paging = { limit: number; cursor?: string };

export class Source {
  constructor(
    readonly models: ReadModels,
    /** The generation to read; the serving one if absent. */
    private readonly bound?: string,
    /** Aborted when the reader is gone; ends long reads. */
    readonly signal?: AbortSignal,
  ) {}

  /** @throws {ReadModelsBehind} none serves yet */
  async generation(): Promise<string> {
    // Always called: it also notices a generation that was made again under the same name.
    const serving = await this.models.serving();
    const generation = this.bound ?? serving;
    if (generation === undefined) throw new ReadModelsBehind('the read models are being built; try again');
    return generation;
  }

  /** The content of a document; `undefined` if there is no document. */
  async one<B extends JsonObject, I extends JsonObject | undefined>(
    generation: string,
    collection: Collection<B, I>,
    key: string,
  ): Promise<Content<B, I> | undefined> {
    const [document] = await this.models.get(generation, collection.name, [key]);
    return document && contentOf(collection, document);
  }

  /** @throws {BadCursor} */
  async list({ name }: CollectionSpec, query: Query): Promise<ListedTexts> {
    const { documents, cursor } = await this.models.findShown(await this.generation(), name, query);
    return { texts: documents.map(({ text }) => text), ...(cursor !== undefined && { cursor }) };
  }
}
