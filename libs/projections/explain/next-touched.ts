import { recordAt } from '../records/recorded-by.js';
import { bodyOf } from '../collection.js';
import { pagesOf } from '../pages.js';
import { changeFromBody } from '../totals/changes.js';
import { intervalOf, longIntervals, startOfInterval } from '../totals/collections.js';
import type { FiscalYear } from '../../domain/vocabulary.js';
import { termsOf, type Formula } from '../totals/formulas.js';
import { isInitiative, type Owner } from './figures.js';
import type { Place } from './sums.js';

/** Documents per page: the first few mostly suffice, and each holds the totals of every group. */
const pageSize = 50;

/**
 * A position, at least `from`, before which no event changes a figure; `undefined` if none changes it from there on. It skips long
 * intervals in which nothing changes the figure, so a reader need not ask for many empty pages. An initiative's events are found by an index of their own.
 * @throws the signal's reason once it is aborted
 */
export async function nextTouched(
  { source, generation, programme }: Place,
  owner: Owner,
  formula: Formula,
  years: readonly FiscalYear[],
  from: number,
): Promise<number | undefined> {
  if (isInitiative(owner)) return from;
  const { models, signal } = source;
  const { recordedAt } = await recordAt(models, generation, programme, from);
  const range = { from: intervalOf(longIntervals, recordedAt, from) };
  const query = { scope: programme, range, sort: 'interval', limit: pageSize };
  for await (const documents of pagesOf(models, generation, longIntervals.collection.name, query, signal))
    for (const document of documents) {
      const { interval, change } = bodyOf(longIntervals.collection, document);
      const byYear = changeFromBody(change, (group) => group === owner).groups.get(owner)?.byYear ?? {};
      const isTouched = years.some((year) => termsOf(formula).some(([amount]) => byYear[year]?.[amount] !== undefined));
      if (isTouched) return Math.max(from, startOfInterval(longIntervals, interval));
    }
  return undefined;
}
