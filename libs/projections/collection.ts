/** Collections of documents, and the types of their content. */
import { checkDivision } from '../read-models/find.js';
import type { CollectionSpec, JsonObject } from '../read-models/ports.js';
import { trusted } from '../trusted/trusted.js';

type Held = { body: JsonObject; internal?: JsonObject | undefined };
/** The content of a document: a body for readers and, in some collections, an internal part for the folds. */
export type Content<B extends JsonObject, I extends JsonObject | undefined> = { body: B; internal: I };
/** A collection with the type of its content. `holds` exists only in the type, never as a value. */
export type Collection<B extends JsonObject, I extends JsonObject | undefined = undefined> = CollectionSpec & {
  readonly holds?: Content<B, I>;
};
/** Declares a collection. @throws {RangeError} it is divided by a field that can't divide it */
export function collection<B extends JsonObject, I extends JsonObject | undefined = undefined>(spec: CollectionSpec): Collection<B, I> {
  checkDivision(spec);
  return spec;
}

/** The content of a document. Its type is trusted: only the folds write documents, and one version of the folds makes a generation. */
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
