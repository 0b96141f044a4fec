/** Where reads take documents from: one generation of the read models. */
import type { CollectionSpec, JsonObject, Query, ReadModels } from '../read-models/ports.js';
import { contentOf, type Collection, type Content } from './collection.js';
import { ReadModelsBehind } from './read-models-behind.js';

/** A page of a list; `cursor` asks for the next, absent on the last. */
export type Listed<T> = { items: T[]; cursor?: string };
/** The same, each item as JSON text; `stable` is false where what the list is sorted by changes, so that its pages may miss an item or repeat one. */
export type ListedTexts = { texts: string[]; cursor?: string; stable?: boolean };
export type Paging = { limit: number; cursor?: string };

export class Source {
  constructor(
    readonly models: ReadModels,
    /** The generation that is read; the one that serves at the moment if absent. */
    private readonly bound?: string,
    /** Ends what takes long: the reader is gone. */
    readonly signal?: AbortSignal,
  ) {}

  /** @throws {ReadModelsBehind} none serves yet */
  async generation(): Promise<string> {
    // Always asked: it also finds out whether a generation was made again under its name.
    const serving = await this.models.serving();
    const generation = this.bound ?? serving;
    if (generation === undefined) throw new ReadModelsBehind('the read models are being built; ask again');
    return generation;
  }

  /** What a document holds, `undefined` if there is none. */
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
