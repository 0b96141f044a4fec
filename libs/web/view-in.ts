import { bodyOf, type Collection } from '../projections/collection.js';
import { bodyIn } from '../read-models/find.js';
import type { JsonObject } from '../read-models/ports.js';

/** The view in a document, from its JSON text. */
export function viewIn<B extends JsonObject, I extends JsonObject | undefined>(
  collection: Collection<B, I>,
  { text }: { text: string },
): B {
  return bodyOf(collection, { body: bodyIn(text) });
}
