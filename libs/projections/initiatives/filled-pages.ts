/** Fills a page of a list in at most five steps, and keeps it until the programme's head moves. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { CollectionSpec, Query, ReadModels } from '../../read-models/ports.js';
import type { ListedTexts, Source } from '../source.js';

/** Steps for one page: a question that finds little may take several, and a reader then asks for the next page. */
const stepsAtMost = 5;
/** The longest page that is kept, in items. */
const longestKept = 100;
/**
 * What is kept: pages, their characters with those of their questions, and for how long, in milliseconds. The time ends pages of a generation that was made
 * again under its name.
 */
export const pagesKept = { max: 1_000, maxSize: 4_000_000, ttl: 5_000 } as const;
/** What a kept page takes beside its texts and its question, in characters. */
const overhead = 500;

/** A page, and, until it is read, the signals of those who wait for it. */
type Made = { readonly page: Promise<ListedTexts>; readonly waiting?: Waiting };
type Waiting = (AbortSignal | undefined)[];
type Kept = LRUCache<string, Made>;

/**
 * A page of a programme's documents. Readers of the same page at the same head share it: the head is saved after all documents, so a page is never kept
 * under a head that it does not include. @throws {BadCursor} @throws the signal's reason once it is aborted and nobody else waits for the page
 */
export async function listPage(source: Source, collection: CollectionSpec, query: Query & { scope: string }): Promise<ListedTexts> {
  const waiting = [source.signal];
  if (query.limit > longestKept) return filledPage(source, collection, query, waiting);
  const generation = await source.generation();
  const head = await source.models.head(generation, query.scope);
  if (!head) return filledPage(source, collection, query, waiting);
  const kept = keptOf(source.models);
  const asked = JSON.stringify([generation, collection.name, head.position, query]);
  const known = kept.get(asked);
  if (known && !(known.waiting && haveLeft(known.waiting))) {
    known.waiting?.push(source.signal);
    return known.page;
  }
  const page = filledPage(source, collection, query, waiting);
  const made: Made = { page, waiting };
  // A reader that comes after all have left makes another page, so the kept one may not be this one.
  const isKept = () => kept.peek(asked) === made;
  const size = asked.length + overhead;
  kept.set(asked, made, { size });
  try {
    const { texts } = await page;
    if (isKept()) kept.set(asked, { page }, { size: texts.reduce((sum, text) => sum + text.length, size) });
  } catch (error) {
    if (isKept()) kept.delete(asked);
    throw error;
  }
  return page;
}

/** A page that continues at the end of the step before, until it is full. */
async function filledPage(source: Source, collection: CollectionSpec, query: Query, waiting: Waiting): Promise<ListedTexts> {
  let page = await source.list(collection, query);
  for (let step = 1; step < stepsAtMost && page.cursor !== undefined && page.texts.length < query.limit; step++) {
    // Other readers have their turn between two steps.
    await nextTurn();
    if (haveLeft(waiting)) source.signal?.throwIfAborted();
    const rest = { ...query, limit: query.limit - page.texts.length, pageLimit: query.limit, cursor: page.cursor };
    const { texts, ...more } = await source.list(collection, rest);
    page = { texts: [...page.texts, ...texts], ...more };
  }
  return page;
}

/** Whether all who waited for a page have gone. */
function haveLeft(waiting: Waiting): boolean {
  return waiting.every((signal) => signal?.aborted);
}

const pages = new WeakMap<ReadModels, Kept>();
function keptOf(models: ReadModels): Kept {
  const known = pages.get(models) ?? new LRUCache<string, Made>(pagesKept);
  pages.set(models, known);
  return known;
}
