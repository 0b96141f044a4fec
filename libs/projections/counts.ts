import { LRUCache } from 'lru-cache';
import type { CollectionSpec, Conditions, Count, ReadModels } from '../read-models/ports.js';
import type { Source } from './source.js';

/** Counting stops after this many documents, so that it takes a few milliseconds at most. */
const counted = 5_000;
/** The counts that are kept, and the characters of their questions. */
const countsKept = { max: 1_000, maxSize: 1_000_000, sizeCalculation: (_count: Count, asked: string) => asked.length } as const;

/** The number of documents that a question finds or, if they are too many to count, the number counted. */
export type Total = { total?: number; totalAtLeast?: number };

/**
 * The number of a programme's documents that meet some conditions. Equal questions at the same head have the same answer, so counts are cached by the head.
 * The head is saved after all documents, so a count is never cached under a head that it does not include.
 */
export async function totalOf(source: Source, { name }: CollectionSpec, conditions: Conditions & { scope: string }): Promise<Total> {
  const generation = await source.generation();
  const head = await source.models.head(generation, conditions.scope);
  const cache = countsOf(source.models);
  const asked = JSON.stringify([generation, name, head?.position ?? 0, conditions]);
  const count = cache.get(asked) ?? (await source.models.count(generation, name, conditions, counted));
  cache.set(asked, count);
  if (count.isExact) return { total: count.documents };
  return count.documents > 0 ? { totalAtLeast: count.documents } : {};
}

/** The number that a page shows by itself if it is the first and the last; else the given one. */
export function totalOn(page: { cursor?: string }, found: number, asked: { cursor?: string }, total: Total): Total {
  return page.cursor === undefined && asked.cursor === undefined ? { total: found } : total;
}

const counts = new WeakMap<ReadModels, LRUCache<string, Count>>();
function countsOf(models: ReadModels): LRUCache<string, Count> {
  const known = counts.get(models) ?? new LRUCache<string, Count>(countsKept);
  counts.set(models, known);
  return known;
}
