/** Pages and counts that examine a bounded number of documents. */
import { examinedAtMost } from '../examined.js';
import { boundsOf, checkConditions, checkQuery, cursorAfter, positionOf, type Position } from '../find.js';
import type { Conditions, Count, Page, Query } from '../ports.js';
import type { AccessPaths, Place, Start } from './access-paths.js';
import { timed } from './reading-time.js';
import { allOf, atOnce, beyond, documentOf, shown, type Condition, type Shown, type Stored } from './stored-documents.js';

/** The documents of a page, and the last position that it looked at if there may be more. */
type Found = { found: Shown[]; next: Position | undefined };
/** Documents that were found in order; `last` reads the last position that was looked at, if there may be more. */
type FoundInOrder = Found & { last?: () => Promise<Position | undefined> };
type Examined = { examined: { documents: number }[]; found: { documents: number }[] };

/** @throws {BadCursor} @throws {UndeclaredField} */
export async function findPage(place: Place, paths: AccessPaths, query: Query): Promise<Page> {
  checkQuery(place.spec, query);
  const bounds = boundConditions(place, query);
  const start = await paths.startOf(place, query);
  const { found, next } = await foundFrom(place, paths, query, start, bounds);
  return { documents: found.map(documentOf), ...(next && { cursor: cursorAfter(place.spec, query, next) }) };
}

/** The documents of a page; where too few are found in its order, those from a filter that finds few. */
async function foundFrom(place: Place, paths: AccessPaths, query: Query, start: Start, bounds: readonly Condition[]): Promise<Found> {
  if (!start.inOrder || start.others.length === 0) return foundAtOnce(place, query, start, bounds);
  // A page before may have found too few in the order of its sort.
  const known = paths.knownStartAtFew(place, query, examinedAtMost);
  if (known) return foundAtOnce(place, query, known, bounds);
  const { found, next, last } = await foundExamined(place, query, start, bounds);
  if (!last) return { found, next };
  const few = found.length < query.limit ? await paths.startAtFew(place, query, examinedAtMost) : undefined;
  return few ? foundAtOnce(place, query, few, bounds) : { found, next: await last() };
}

/** Counts documents. It examines at most `most` documents of the index that it begins with. @throws {UndeclaredField} */
export async function countIn(place: Place, paths: AccessPaths, conditions: Conditions, most: number): Promise<Count> {
  const { spec, stored } = place;
  checkConditions(spec, conditions);
  const { met, others, hint } = await paths.startOf(place, { ...conditions, sort: spec.sorts[0] ?? spec.scope, limit: most });
  const options = { ...timed, ...(hint !== undefined && { hint }) };
  if (others.length === 0) {
    const found = await stored.countDocuments(allOf(met), { ...options, limit: most + 1 });
    return { documents: Math.min(found, most), isExact: found <= most };
  }
  const counted = { $count: 'documents' };
  const facets = { examined: [counted], found: [{ $match: allOf(others) }, counted] };
  const [all] = await stored.aggregate<Examined>([{ $match: allOf(met) }, { $limit: most + 1 }, { $facet: facets }], options).toArray();
  const [seen = 0, found = 0] = [all?.examined[0]?.documents, all?.found[0]?.documents];
  return { documents: Math.min(found, most), isExact: seen <= most };
}

/** All documents that the index leads to, of which it has few or gives those of the page first. */
async function foundAtOnce(
  { spec, stored }: Place,
  query: Query,
  { hint, met, others }: Start,
  bounds: readonly Condition[],
): Promise<Found> {
  const found = await stored
    .find(allOf([...met, ...others, ...bounds]), { ...shown, batchSize: atOnce(query.limit + 1), ...(hint !== undefined && { hint }) })
    .sort(orderOf(query))
    .limit(query.limit + 1)
    .toArray();
  const last = found[query.limit - 1];
  const next = found.length > query.limit && last ? positionOf(spec, query, documentOf(last)) : undefined;
  return { found: found.slice(0, query.limit), next };
}

/** The documents among the next {@link examinedAtMost} in the order of the query, which may be fewer than a page. */
async function foundExamined(
  { spec, stored }: Place,
  query: Query,
  { hint, met, others }: Start,
  bounds: readonly Condition[],
): Promise<FoundInOrder> {
  const { limit, sort } = query;
  const [examined, order] = [allOf([...met, ...bounds]), orderOf(query)];
  const hinted = hint !== undefined && { hint };
  const found = await stored
    .aggregate<Shown>(
      [
        { $match: examined },
        { $sort: order },
        { $limit: examinedAtMost },
        { $match: allOf(others) },
        { $limit: limit + 1 },
        { $project: shown.projection },
      ],
      { ...timed, ...hinted, batchSize: atOnce(limit + 1) },
    )
    .toArray();
  const last = found[limit - 1];
  if (found.length > limit && last) return { found: found.slice(0, limit), next: positionOf(spec, query, documentOf(last)) };
  const lastExamined = async () => {
    // The index alone answers this.
    const [end] = await stored
      .find<Pick<Stored, '_id' | 'fields'>>(examined, {
        ...timed,
        ...hinted,
        projection: { [`fields.${sort}`]: 1 },
        sort: order,
        skip: examinedAtMost - 1,
        limit: 1,
      })
      .toArray();
    const value = end?.fields[sort];
    return end && typeof value !== 'object' && value !== undefined ? { value, key: end._id } : undefined;
  };
  return { found, next: undefined, last: lastExamined };
}

function orderOf({ sort, descending = false }: Query): Record<string, 1 | -1> {
  const direction = descending ? -1 : 1;
  return { [`fields.${sort}`]: direction, _id: direction };
}

function boundConditions({ spec }: Place, query: Query): Condition[] {
  const { lower, upper } = boundsOf(spec, query);
  return [...(lower ? beyond(query.sort, '$gt', lower) : []), ...(upper ? beyond(query.sort, '$lt', upper) : [])];
}
