/** The index that a query begins with, as SQLite's access paths choose it. */
import type { Collection } from 'mongodb';
import { LRUCache } from 'lru-cache';
import { choicesKept, fewAmong } from '../examined.js';
import { choiceOf, filtersBesideSort, kindOf, valuesOf } from '../find.js';
import type { CollectionSpec, Query } from '../ports.js';
import { filterIndexOf, indexOf } from './indexes.js';
import { timed } from './reading-time.js';
import { allOf, conditionsOf, inParts, type Condition, type Stored } from './stored-documents.js';

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
type Choosing = { readonly place: Place; readonly query: Query; readonly most: number };

/** Chooses, for each query, the index with which it reads the fewest documents. */
export class AccessPaths {
  private readonly chosen = new LRUCache<string, Choice, Choosing>({
    ...choicesKept,
    // Who asks the same at the same time waits for one choice.
    fetchMethod: async (_asked, _stale, { context: { place, query, most } }) => ({ filter: await leastFilter(place, query, most) }),
  });

  /** Where a query begins. */
  async startOf(place: Place, query: Query): Promise<Start> {
    if (indexedFilters(place.spec, query).length === 0) return startInOrder(place, query);
    const few = fewAmong(await place.stored.estimatedDocumentCount(timed), query.pageLimit ?? query.limit);
    return (await this.startAtFew(place, query, few)) ?? startInOrder(place, query);
  }

  /** Where a query begins at the filter that finds the fewest documents, if they are at most `most`. */
  async startAtFew(place: Place, query: Query, most: number): Promise<Start | undefined> {
    return startAtFilter(
      place,
      query,
      (await this.chosen.fetch(choiceIn(place, query, most), { context: { place, query, most } }))?.filter,
    );
  }

  /** The same, if it was chosen a short time ago. */
  knownStartAtFew(place: Place, query: Query, most: number): Start | undefined {
    return startAtFilter(place, query, this.chosen.get(choiceIn(place, query, most))?.filter);
  }
}

/** Identifies the choice of a filter. */
function choiceIn({ stored }: Place, query: Query, most: number): string {
  return `${stored.collectionName} ${choiceOf(query, most)}`;
}

function startAtFilter({ spec }: Place, query: Query, filter: string | undefined): Start | undefined {
  return filter === undefined ? undefined : { hint: filterIndexOf(spec, filter), ...metBy(spec, query, filter), inOrder: false };
}

function startInOrder({ spec }: Place, query: Query): Start {
  const { sort } = query;
  return { ...(spec.sorts.includes(sort) && { hint: indexOf('by', sort) }), ...metBy(spec, query, sort), inOrder: true };
}

/** The conditions of a query that the index of a field meets, and the others. A divided index is read part by part, so it needs the parts. */
function metBy(spec: CollectionSpec, query: Query, field: string): Pick<Start, 'met' | 'others'> {
  const parts = inParts(spec, field, query);
  const led = new Set([...[spec.scope, field].map((one) => `fields.${one}`), ...(parts ? [parts.on] : [])]);
  const conditions = conditionsOf(spec, query);
  const met = conditions.filter(({ on }) => led.has(on));
  const isMet = parts === undefined || met.some(({ on }) => on === parts.on);
  return { met: isMet ? met : [...met, parts], others: conditions.filter(({ on }) => !led.has(on)) };
}

/** The filters with which a query may begin: the index of a flag serves only `true`. */
function indexedFilters(spec: CollectionSpec, query: Query): string[] {
  return filtersBesideSort(spec, query).filter(
    (field) => kindOf(spec, field) !== 'flag' || valuesOf(query.equals?.[field] ?? []).every((value) => value === true),
  );
}

/** The filter that finds the fewest documents, if they are at most `most`. */
async function leastFilter(place: Place, query: Query, most: number): Promise<string | undefined> {
  let [best, least]: [string | undefined, number] = [undefined, most + 1];
  for (const field of indexedFilters(place.spec, query)) {
    const documents = await countOf(place, query, field, least);
    if (documents < least) [best, least] = [field, documents];
  }
  return best;
}

/** The number of documents that meet one filter, counted up to `most`. */
async function countOf({ spec, stored }: Place, query: Query, field: string, most: number): Promise<number> {
  return stored.countDocuments(allOf(metBy(spec, query, field).met), { limit: most, hint: filterIndexOf(spec, field), ...timed });
}
