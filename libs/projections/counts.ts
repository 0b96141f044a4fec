import { LRUCache } from 'lru-cache';
import type { CollectionSpec, Conditions, Count, ReadModels } from '../read-models/ports.js';
import type { Source } from './source.js';

/** Counting stops after this many documents, so that it takes a few milliseconds at most. */
const counted = 5_000;

/** The number of documents that a question finds or, if they are many, a number that they exceed. */
export type Total = { total?: number; totalMoreThan?: number };

/**
 * The number of a programme's documents that meet some conditions. Equal questions at the same position have the same answer, so counts are cached by the
 * position of the programme.
 */
export async function totalOf(
  source: Source,
  { name }: CollectionSpec,
  conditions: Conditions & { scope: string },
  position: number,
): Promise<Total> {
  const generation = await source.generation();
  const cache = countsOf(source.models);
  const asked = JSON.stringify([generation, name, position, conditions]);
  const count = cache.get(asked) ?? (await source.models.count(generation, name, conditions, counted));
  cache.set(asked, count);
  return count.isExact ? { total: count.documents } : { totalMoreThan: count.documents };
}

const counts = new WeakMap<ReadModels, LRUCache<string, Count>>();
function countsOf(models: ReadModels): LRUCache<string, Count> {
  const known = counts.get(models) ?? new LRUCache<string, Count>({ max: 1_000 });
  counts.set(models, known);
  return known;
}
