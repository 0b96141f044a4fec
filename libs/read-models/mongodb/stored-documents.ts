/** Documents as MongoDB stores them, and the questions that find them. */
import { type AnyBulkWriteOperation, type Filter } from 'mongodb';
import {
  absent,
  bodyIn,
  checkPart,
  fieldIn,
  kindOf,
  membersIn,
  partsOf,
  searchable,
  sortable,
  valuesOf,
  type Bound,
  type Sortable,
} from '../find.js';
import {
  type CollectionSpec,
  type Conditions,
  type Document,
  type JsonObject,
  type Range,
  type Value,
  type Write,
  type WrittenDocument,
} from '../ports.js';
import { timed } from './reading-time.js';

/** A document as it is stored: its declared fields beside the body, in forms that sort; a set is the list of its members. */
export type Stored = {
  _id: string;
  position: number;
  body: JsonObject | string;
  internal?: JsonObject;
  fields: Record<string, Sortable | string[]>;
  searched?: string;
};

/** What is read of a stored document. */
export type Shown = Pick<Stored, '_id' | 'position' | 'body' | 'internal'>;

export const shown = { ...timed, projection: { position: 1, body: 1, internal: 1 } };

/** The batch size for `documents` documents: one request and one answer, with no cursor left open. */
export const atOnce = (documents: number) => documents + 1;

function storedOf(spec: CollectionSpec, document: WrittenDocument): Stored {
  const { key, position, body, internal } = document;
  const fields = Object.fromEntries(
    Object.entries(spec.fields).map(([field, kind]) => {
      const value = sortable(kind, fieldIn(document, field));
      return [field, kind === 'set' ? membersIn(String(value)) : value];
    }),
  );
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
  const comparable = (value: Sortable | string[] = '') => (typeof value === 'object' ? sortable('set', value) : value);
  return [...Object.keys(spec.fields).map((field) => comparable(fields[field])), ...(spec.search === undefined ? [] : [searched])];
}

export function operationOf(spec: CollectionSpec, { document, replaces }: Write): AnyBulkWriteOperation<Stored> {
  checkPart(spec, document);
  const stored = storedOf(spec, document);
  if (replaces === undefined) return { insertOne: { document: stored } };
  const { _id, ...replacement } = stored;
  return { replaceOne: { filter: { _id, position: replaces }, replacement } };
}

export function documentOf({ _id, position, body, internal }: Shown): Document {
  return { key: _id, position, body: typeof body === 'string' ? bodyIn(body) : body, ...(internal && { internal }) };
}

/** A condition on one stored field. */
export type Condition = { readonly on: string; readonly filter: Filter<Stored> };

/** The filter of all conditions together. */
export function allOf(conditions: readonly Condition[]): Filter<Stored> {
  return { $and: conditions.map(({ filter }) => filter) };
}

/** The conditions of a query, without its page. */
export function conditionsOf(spec: CollectionSpec, { scope, equals = {}, within = {}, search }: Conditions): Condition[] {
  return [
    on(spec.scope, scope),
    ...Object.entries(equals).map(([field, wanted]) => on(field, oneOf(spec, field, valuesOf(wanted)))),
    ...Object.entries(within).map(([field, range]) => on(field, inRange(spec, field, range))),
    ...(search === undefined ? [] : [{ on: 'searched', filter: { searched: { $regex: escaped(searchable(search)) } } }]),
  ];
}

/** The condition on the field that divides the index of a sort, with which that index is read; `undefined` where nothing divides it. */
export function inParts(spec: CollectionSpec, sort: string, conditions: Conditions): Condition | undefined {
  const parts = partsOf(spec, sort, conditions);
  return parts && on(parts.field, oneOf(spec, parts.field, parts.values));
}

/** The conditions that a document lies beyond a bound of the sort field. */
export function beyond(sort: string, past: '$gt' | '$lt', bound: Bound): Condition[] {
  const { value } = bound;
  if (bound.equal === 'none') return [on(sort, { [past]: value })];
  const from = on(sort, { [`${past}e`]: value });
  if (bound.equal === 'all') return [from];
  // The first says where in the index the page begins, so that what lies before is not gone through.
  return [from, { on: from.on, filter: { $or: [{ [from.on]: { [past]: value } }, { _id: { [past]: bound.key } }] } }];
}

function on(field: string, wanted: object | Sortable): Condition {
  const name = `fields.${field}`;
  return { on: name, filter: { [name]: wanted } };
}

function oneOf(spec: CollectionSpec, field: string, values: readonly Value[]): object | Sortable {
  const kind = kindOf(spec, field);
  const [first, ...others] = values.map((value) => (kind === 'set' ? String(value) : sortable(kind, value)));
  if (first === undefined) return { $in: [] };
  return others.length === 0 ? first : { $in: [first, ...others] };
}

function inRange(spec: CollectionSpec, field: string, { from, to }: Range): object {
  const kind = kindOf(spec, field);
  return {
    ...(from === undefined ? { $gt: absent[kind] } : { $gte: sortable(kind, from) }),
    ...(to !== undefined && { $lte: sortable(kind, to) }),
  };
}

/** A text as a regular expression that matches it alone. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
