/** Documents as MongoDB stores them, and the questions that find them. */
import { type AnyBulkWriteOperation, type Filter } from 'mongodb';
import { absent, bodyIn, boundsOf, fieldIn, kindOf, memberOf, searchable, sortable, valuesOf, type Bound, type Sortable } from '../find.js';
import {
  type CollectionSpec,
  type Conditions,
  type Document,
  type JsonObject,
  type Query,
  type Range,
  type Value,
  type Write,
  type WrittenDocument,
} from '../ports.js';

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
  const { lower, upper } = boundsOf(spec, query);
  const conditions = conditionsOf(spec, query);
  if (lower) conditions.push(...beyond(sort, '$gt', lower));
  if (upper) conditions.push(...beyond(sort, '$lt', upper));
  return { $and: conditions };
}

/** The conditions of a query, without its page. */
export function conditionsOf(spec: CollectionSpec, { scope, equals = {}, within = {}, search }: Conditions): Filter<Stored>[] {
  return [
    { [`fields.${spec.scope}`]: scope },
    ...Object.entries(equals).map(([field, wanted]) => ({ [`fields.${field}`]: oneOf(spec, field, valuesOf(wanted)) })),
    ...Object.entries(within).map(([field, range]) => ({ [`fields.${field}`]: inRange(spec, field, range) })),
    ...(search === undefined ? [] : [{ searched: { $regex: escaped(searchable(search)) } }]),
  ];
}

function oneOf(spec: CollectionSpec, field: string, values: readonly Value[]): object | Sortable {
  const kind = kindOf(spec, field);
  if (values.length === 0) return { $in: [] };
  if (kind === 'set') return { $regex: values.map((value) => escaped(memberOf(value))).join('|') };
  const [first = '', ...others] = values.map((value) => sortable(kind, value));
  return others.length === 0 ? first : { $in: [first, ...others] };
}

function inRange(spec: CollectionSpec, field: string, { from, to }: Range): object {
  const kind = kindOf(spec, field);
  return {
    $gt: absent[kind],
    ...(from !== undefined && { $gte: sortable(kind, from) }),
    ...(to !== undefined && { $lte: sortable(kind, to) }),
  };
}

function beyond(sort: string, past: '$gt' | '$lt', bound: Bound): Filter<Stored>[] {
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
