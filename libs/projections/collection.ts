/** A collection of documents, and the type of what they hold. */
import type { CollectionSpec, JsonObject } from '../read-models/ports.js';

type Held = { body: JsonObject; internal?: JsonObject | undefined };
/** What a document holds: its body, and what of it is internal, if anything is. */
export type Content<B extends JsonObject, I extends JsonObject | undefined> = { body: B; internal: I };
/** A collection, and the type of what it holds: only these folds write it, and a generation is made by one version of them. */
export type Collection<B extends JsonObject, I extends JsonObject | undefined = undefined> = CollectionSpec & {
  holds(content: Held): content is Content<B, I>;
};
/** Declares a collection. */
export function collection<B extends JsonObject, I extends JsonObject | undefined = undefined>(spec: CollectionSpec): Collection<B, I> {
  return { ...spec, holds: (_content): _content is Content<B, I> => true };
}

/** What a document holds. */
export function contentOf<B extends JsonObject, I extends JsonObject | undefined>(
  collection: Collection<B, I>,
  document: Held,
): Content<B, I> {
  if (collection.holds(document)) return document;
  throw new TypeError(`the collection ${collection.name} holds no such document`);
}
/** A document's body. */
export function bodyOf<B extends JsonObject, I extends JsonObject | undefined>(collection: Collection<B, I>, document: Held): B {
  return contentOf(collection, document).body;
}
