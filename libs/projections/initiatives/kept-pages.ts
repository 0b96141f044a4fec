/** Pages of lists, full ones as far as a bounded number of steps fills them, each read once at each head. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { CollectionSpec, Query, ReadModels } from '../../read-models/ports.js';
import type { ListedTexts, Source } from '../source.js';

/** Steps for one page: a question that finds little may take several, and a reader then asks for the next page. */
const stepsAtMost = 5;
/** The longest page that is kept, in items, and the most that is kept, in characters. */
const longestKept = 100;
const charactersKept = 4_000_000;

type Kept = LRUCache<string, { page: Promise<ListedTexts> }>;

/**
 * A page of a programme's documents. Who asks the same at the same head gets the same page: the head is saved after all documents, so a page is never kept
 * under a head that it does not include. @throws {BadCursor}
 */
export async function pageOf(source: Source, collection: CollectionSpec, query: Query & { scope: string }): Promise<ListedTexts> {
  if (query.limit > longestKept) return filledPage(source, collection, query);
  const generation = await source.generation();
  const head = await source.models.head(generation, query.scope);
  if (!head) return filledPage(source, collection, query);
  const kept = keptOf(source.models);
  const asked = JSON.stringify([generation, collection.name, head.position, query]);
  const known = kept.get(asked);
  if (known) return known.page;
  const page = filledPage(source, collection, query);
  // Its length is not known yet; until then it counts as nothing that would drive out others.
  kept.set(asked, { page }, { size: 1 });
  try {
    const { texts } = await page;
    kept.set(asked, { page }, { size: 1 + texts.reduce((sum, text) => sum + text.length, 0) });
  } catch (error) {
    kept.delete(asked);
    throw error;
  }
  return page;
}

/** A page that goes on where the step before stopped looking, until it is full. */
async function filledPage(source: Source, collection: CollectionSpec, query: Query): Promise<ListedTexts> {
  let page = await source.list(collection, query);
  for (let step = 1; step < stepsAtMost && page.cursor !== undefined && page.texts.length < query.limit; step++) {
    // Other readers have their turn between two steps.
    await nextTurn();
    const { texts, ...more } = await source.list(collection, { ...query, limit: query.limit - page.texts.length, cursor: page.cursor });
    page = { texts: [...page.texts, ...texts], ...more };
  }
  return page;
}

const pages = new WeakMap<ReadModels, Kept>();
function keptOf(models: ReadModels): Kept {
  const known = pages.get(models) ?? new LRUCache<string, { page: Promise<ListedTexts> }>({ maxSize: charactersKept });
  pages.set(models, known);
  return known;
}
