/** The indexes of a collection in MongoDB. */
import type { IndexDescription } from 'mongodb';
import { kindOf, sortable } from '../find.js';
import type { CollectionSpec } from '../ports.js';

/** The most indexes of a collection, its own on `_id` included (MongoDB manual, "Limits and Thresholds"). */
const mostIndexes = 64;

/** The name of an index: `by` a sort, `where` a filter has a value, or `of` a look-up. */
export function indexOf(use: 'by' | 'where' | 'of', field: string): string {
  return `${use}-${field}`;
}

/** The index that serves a filter: that of the sort by the same field or of one that it divides, if there is one. */
export function filterIndexOf({ sorts, dividedBy }: CollectionSpec, field: string): string {
  if (field === dividedBy?.field) return indexOf('by', dividedBy.sorts[0]);
  return indexOf(sorts.includes(field) ? 'by' : 'where', field);
}

/**
 * The indexes of a collection:
 * - one for replacing exactly what was read, which every MongoDB serves;
 * - one for each sort, led by the scope and any field that divides it, so that MongoDB merges its parts in order;
 * - one for each other filter, led by the scope;
 * - one for each look-up.
 *
 * Each index costs a write whenever its field changes, so that of a flag holds only the documents for which it is true: few are mostly suspended or late, and a
 * page of those that are not fills in the order of its sort.
 * @throws where a collection would need more indexes than MongoDB keeps
 */
export function indexesOf(spec: CollectionSpec): IndexDescription[] {
  const scope = `fields.${spec.scope}`;
  const filters = spec.filters.filter((field) => !spec.sorts.includes(field) && field !== spec.dividedBy?.field);
  const indexes: IndexDescription[] = [
    ...(spec.writtenOnce ? [] : [{ key: { _id: 1, position: 1 } as const, unique: true, name: 'as-read' }]),
    ...spec.sorts.map((field) => sortIndex(spec, scope, field)),
    ...filters.map((field) => whereIndex(spec, scope, field)),
    ...(spec.lookups ?? []).map((field) => ({ key: { [`fields.${field}`]: 1, position: -1 } as const, name: indexOf('of', field) })),
  ];
  if (indexes.length + 1 > mostIndexes)
    throw new Error(
      `${spec.name} would have ${indexes.length + 1} indexes, and MongoDB keeps ${mostIndexes} of a collection: declare fewer sorts and filters`,
    );
  return indexes;
}

function sortIndex({ dividedBy }: CollectionSpec, scope: string, field: string): IndexDescription {
  const part = dividedBy?.sorts.includes(field) && { [`fields.${dividedBy.field}`]: 1 as const };
  return { key: { [scope]: 1, ...part, [`fields.${field}`]: 1, _id: 1 }, name: indexOf('by', field) };
}

function whereIndex(spec: CollectionSpec, scope: string, field: string): IndexDescription {
  const value = `fields.${field}`;
  const isTrue = kindOf(spec, field) === 'flag' && { partialFilterExpression: { [value]: sortable('flag', true) } };
  return { key: { [scope]: 1, [value]: 1 }, name: indexOf('where', field), ...isTrue };
}
