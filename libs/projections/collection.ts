/** A collection of documents, and the type of what they hold. */
import type { CollectionSpec, JsonObject } from '../read-models/ports.js';
import { trusted } from '../trusted/trusted.js';

type Held = { body: JsonObject; internal?: JsonObject | undefined };
/** What a document holds: its body for readers, and its internal part for the folds, if it has one. */
export type Content<B extends JsonObject, I extends JsonObject | undefined> = { body: B; internal: I };
/** A collection, and the type of what it holds, which no value says. */
export type Collection<B extends JsonObject, I extends JsonObject | undefined = undefined> = CollectionSpec & {
  readonly holds?: Content<B, I>;
};
/** Declares a collection. */
export function collection<B extends JsonObject, I extends JsonObject | undefined = undefined>(spec: CollectionSpec): Collection<B, I> {
  return spec;
}

/** What a document of a collection holds: the folds alone write it, and a generation is made by one version of them. */
export function contentOf<B extends JsonObject, I extends JsonObject | undefined>(
  _collection: Collection<B, I>,
  document: Held,
): Content<B, I> {
  return trusted<Content<B, I>>(document);
}
/** A document's body. */
export function bodyOf<B extends JsonObject, I extends JsonObject | undefined>(collection: Collection<B, I>, document: Held): B {
  return contentOf(collection, document).body;
}
