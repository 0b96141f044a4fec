/** The index that a query begins with, as SQLite's access paths choose it. */
import type { Collection } from 'mongodb';
import { LRUCache } from 'lru-cache';
import { choicesKept, fewAmong } from '../examined.js';
import { kindOf, valuesOf } from '../find.js';
import type { CollectionSpec, Query } from '../ports.js';
import { filterIndexOf, indexOf } from './indexes.js';
import { timed } from './reading-time.js';
import { allOf, conditionsOf, type Condition, type Stored } from './stored-documents.js';

/** A collection of a generation, and how it was declared. */
export type Place = { readonly spec: CollectionSpec; readonly stored: Collection<Stored> };

/** Where a query begins: an index with the conditions that it meets by itself, and the conditions that are left. */
export type Start = {
  /** Absent where a collection is declared without sorts. */
  readonly hint?: string;
  readonly met: readonly Condition[];
  readonly others: readonly Condition[];
  /** Whether the index gives the documents in the order of the query. */
  readonly inOrder: boolean;
};

type Choice = { readonly filter: string | undefined };

/** Chooses, for each query, the index with which it reads the fewest documents. */
export class AccessPaths {
  private readonly chosen = new LRUCache<string, Choice, { place: Place; query: Query }>({
    ...choicesKept,
    // Who asks the same at the same time waits for one choice.
    fetchMethod: async (_asked, _stale, { context: { place, query } }) => ({ filter: await bestFilter(place, query) }),
  });

  /** Where a query begins. */
  async startOf(place: Place, query: Query): Promise<Start> {
    const filter = await this.filterToBeginWith(place, query);
    const { sorts, scope } = place.spec;
    const { sort } = query;
    const led = new Set([scope, filter ?? sort].map((field) => `fields.${field}`));
    const conditions = conditionsOf(place.spec, query);
    const [met, others] = [conditions.filter(({ on }) => led.has(on)), conditions.filter(({ on }) => !led.has(on))];
    if (filter !== undefined) return { hint: filterIndexOf(place.spec, filter), met, others, inOrder: filter === sort };
    return { ...(sorts.includes(sort) && { hint: indexOf('by', sort) }), met, others, inOrder: true };
  }

  private async filterToBeginWith(place: Place, query: Query): Promise<string | undefined> {
    const { scope, equals = {}, within = {}, sort, limit } = query;
    if (indexedFilters(place.spec, query).length === 0) return undefined;
    const asked = JSON.stringify([place.stored.collectionName, scope, equals, within, sort, limit]);
    return (await this.chosen.fetch(asked, { context: { place, query } }))?.filter;
  }
}

/** The filters of a query that an index serves: that of a flag serves only `true`. */
function indexedFilters(spec: CollectionSpec, { equals = {}, within = {} }: Query): string[] {
  return Object.keys({ ...equals, ...within }).filter(
    (field) => kindOf(spec, field) !== 'flag' || valuesOf(equals[field] ?? []).every((value) => value === true),
  );
}

/** The filter that finds the fewest documents, if they are few. */
async function bestFilter(place: Place, query: Query): Promise<string | undefined> {
  let [best, least]: [string | undefined, number] = [
    undefined,
    fewAmong(await place.stored.estimatedDocumentCount(timed), query.limit) + 1,
  ];
  for (const field of indexedFilters(place.spec, query)) {
    const documents = await countOf(place, query, field, least);
    if (documents < least) [best, least] = [field, documents];
  }
  return best;
}

/** The number of documents that meet one filter, counted up to `most`. */
async function countOf({ spec, stored }: Place, query: Query, field: string, most: number): Promise<number> {
  const led = new Set([spec.scope, field].map((one) => `fields.${one}`));
  const conditions = conditionsOf(spec, query).filter(({ on }) => led.has(on));
  return stored.countDocuments(allOf(conditions), { limit: most, hint: filterIndexOf(spec, field), ...timed });
}
