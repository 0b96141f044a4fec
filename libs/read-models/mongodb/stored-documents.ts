/** Documents as MongoDB stores them, and the questions that find them. */
import { type AnyBulkWriteOperation, type Filter } from 'mongodb';
import { bodyIn, boundsOf, fieldIn, kindOf, searchable, sortable, type Bound, type Sortable } from '../find.js';
import { type CollectionSpec, type Document, type JsonObject, type Query, type Write, type WrittenDocument } from '../ports.js';

/** A document as it is stored: its declared fields beside the body, in forms that sort. */
export type Stored = {
  _id: string;
  position: number;
  body: JsonObject | string;
  internal?: JsonObject;
  fields: Record<string, Sortable>;
  searched?: string;
};

/** What is read of a stored document. */
export type Shown = Pick<Stored, '_id' | 'position' | 'body' | 'internal'>;

export const shown = { projection: { position: 1, body: 1, internal: 1 } };

/** The batch size for `documents` documents: one request and one answer, with no cursor left open. */
export const atOnce = (documents: number) => documents + 1;

function storedOf(spec: CollectionSpec, document: WrittenDocument): Stored {
  const { key, position, body, internal } = document;
  const fields = Object.fromEntries(Object.entries(spec.fields).map(([field, kind]) => [field, sortable(kind, fieldIn(document, field))]));
  return {
    _id: key,
    position,
    body,
    ...(internal && { internal }),
    fields,
    ...(spec.search !== undefined && { searched: searchable(String(sortable('text', fieldIn(document, spec.search)))) }),
  };
}

/** Stored values in the order of {@link comparedValues}. */
export function comparedIn(spec: CollectionSpec, { fields, searched = '' }: Stored): Sortable[] {
  return [...Object.keys(spec.fields).map((field) => fields[field] ?? ''), ...(spec.search === undefined ? [] : [searched])];
}

export function operationOf(spec: CollectionSpec, { document, replaces }: Write): AnyBulkWriteOperation<Stored> {
  const stored = storedOf(spec, document);
  if (replaces === undefined) return { insertOne: { document: stored } };
  const { _id, ...replacement } = stored;
  return { replaceOne: { filter: { _id, position: replaces }, replacement } };
}

export function documentOf({ _id, position, body, internal }: Shown): Document {
  return { key: _id, position, body: typeof body === 'string' ? bodyIn(body) : body, ...(internal && { internal }) };
}

export function filterOf(spec: CollectionSpec, query: Query): Filter<Stored> {
  const sort = `fields.${query.sort}`;
  const { search } = query;
  const { lower, upper } = boundsOf(spec, query);
  const conditions: Filter<Stored>[] = [
    { [`fields.${spec.scope}`]: query.scope },
    ...Object.entries(query.equals ?? {}).map(([field, value]) => ({ [`fields.${field}`]: sortable(kindOf(spec, field), value) })),
  ];
  if (lower) conditions.push(...within(sort, '$gt', lower));
  if (upper) conditions.push(...within(sort, '$lt', upper));
  if (search !== undefined) conditions.push({ searched: { $regex: escaped(searchable(search)) } });
  return { $and: conditions };
}

function within(sort: string, past: '$gt' | '$lt', bound: Bound): Filter<Stored>[] {
  const { value } = bound;
  if (bound.equal === 'none') return [{ [sort]: { [past]: value } }];
  if (bound.equal === 'all') return [{ [sort]: { [`${past}e`]: value } }];
  // The first says where in the index the page begins, so that what lies before is not gone through.
  return [{ [sort]: { [`${past}e`]: value } }, { $or: [{ [sort]: { [past]: value } }, { _id: { [past]: bound.key } }] }];
}

/** A text as a regular expression that matches it alone. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
