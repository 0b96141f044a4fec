/** The rules that all adapters share: which queries are allowed, how values sort, and what a cursor holds. */
import { createHash } from 'node:crypto';
import {
  BadCursor,
  UndeclaredField,
  type CollectionSpec,
  type Conditions,
  type Document,
  type Json,
  type JsonObject,
  type Query,
  type ShownDocument,
  type Value,
  type WrittenDocument,
} from './ports.js';

/** A field's value in the form that adapters compare; money is text that sorts by value. */
export type Sortable = string | number;
type Kind = CollectionSpec['fields'][string];

/** Stands for a field that a document does not have; it sorts before every value. */
export const absent: Readonly<Record<Kind, Sortable>> = {
  text: '',
  money: '',
  integer: Number.MIN_SAFE_INTEGER,
  number: Number.MIN_SAFE_INTEGER,
  flag: -1,
  set: '',
};

const moneyDigits = 24;
/** A negative amount is written as this number plus the amount, so that texts sort by value. */
const moneyBase = 10n ** BigInt(moneyDigits);

/** Encloses each member of a set in its text. */
const separator = '\n';
/** The part of a set's text that shows that it contains a value. */
export function memberOf(value: Value): string {
  return `${separator}${value}${separator}`;
}
/** The members of a set, from its text. */
export function membersIn(text: string): string[] {
  return text === '' ? [] : text.slice(1, -1).split(separator);
}
/** The values of which a document must have one. */
export function valuesOf(wanted: Value | readonly Value[]): readonly Value[] {
  return typeof wanted === 'object' ? wanted : [wanted];
}

/** Converts a field's value to the form that sorts as its kind does. */
export function sortable(kind: Kind, value: Json | undefined): Sortable {
  if (kind === 'set') return Array.isArray(value) && value.length > 0 ? memberOf(value.map(String).join(separator)) : absent.set;
  if (value === undefined || value === null || typeof value === 'object') return absent[kind];
  switch (kind) {
    case 'money': {
      const amount = BigInt(String(value));
      return amount < 0n ? `-${String(moneyBase + amount).padStart(moneyDigits, '0')}` : String(amount).padStart(moneyDigits + 1, '0');
    }
    case 'flag':
      return value === true ? 1 : 0;
    case 'integer':
    case 'number':
      return Number(value);
    case 'text':
      return String(value);
  }
}

/** A document's value of a declared field. */
export function fieldIn({ body, internal }: Pick<WrittenDocument, 'body' | 'internal'>, field: string): Json | undefined {
  return (typeof body === 'string' ? undefined : body[field]) ?? internal?.[field];
}

/** The values of a document that queries compare: `comparedBy` of a scanned document. */
export function comparedValues({ fields, search }: CollectionSpec, document: Pick<WrittenDocument, 'body' | 'internal'>): Sortable[] {
  const values = Object.entries(fields).map(([field, kind]) => sortable(kind, fieldIn(document, field)));
  if (search !== undefined) values.push(searchable(String(sortable('text', fieldIn(document, search)))));
  return values;
}

/** A field that divides the index of a sort, and those of its values that conditions allow. */
export type Parts = { readonly field: string; readonly values: readonly string[] };
/** The parts of the index of a sort that conditions allow; `undefined` where nothing divides it. */
export function partsOf({ dividedBy }: CollectionSpec, sort: string, { equals = {} }: Conditions): Parts | undefined {
  if (!dividedBy?.sorts.includes(sort)) return undefined;
  const { field, values } = dividedBy;
  const wanted = equals[field];
  return { field, values: wanted === undefined ? values : values.filter((value) => valuesOf(wanted).includes(value)) };
}
/** The filters of a query with which it may begin instead of its sort: what the index of the sort meets by itself needs no other. */
export function filtersBesideSort({ dividedBy }: CollectionSpec, { equals = {}, within = {}, sort }: Query): string[] {
  const met = [dividedBy?.sorts.includes(sort) ? dividedBy.field : undefined, equals[sort] === undefined ? sort : undefined];
  return Object.keys({ ...equals, ...within }).filter((field) => !met.includes(field));
}
/** Identifies, in one collection, the choice of the filter with which a query begins if it finds at most `most` documents. */
export function choiceOf({ scope, equals = {}, within = {}, sort }: Query, most: number): string {
  return JSON.stringify([scope, equals, within, sort, most]);
}
/** @throws {RangeError} a collection is divided by a field that is no text filter, or for a sort that it does not have */
export function checkDivision({ name, fields, filters, sorts, dividedBy }: CollectionSpec): void {
  if (dividedBy === undefined) return;
  const { field } = dividedBy;
  if (!filters.includes(field) || fields[field] !== 'text')
    throw new RangeError(`${name} is divided by ${field}, which must be one of its filters and a text`);
  const unknown = dividedBy.sorts.find((sort) => !sorts.includes(sort));
  if (unknown !== undefined) throw new RangeError(`${name} is divided for the sort ${unknown}, but its sorts are ${sorts.join(', ')}`);
}
/** @throws {RangeError} the document has none of the values that divide the indexes, so that no list would show it */
export function checkPart({ name, dividedBy }: CollectionSpec, document: Pick<WrittenDocument, 'key' | 'body' | 'internal'>): void {
  if (dividedBy === undefined) return;
  const value = fieldIn(document, dividedBy.field);
  if (!dividedBy.values.some((known) => known === value))
    throw new RangeError(
      `${name} ${document.key} has the ${dividedBy.field} ${JSON.stringify(value)}, but needs one of ${dividedBy.values.join(', ')}`,
    );
}

/** Parses the text of a body. */
export function bodyIn(text: string): JsonObject {
  const parsed: unknown = JSON.parse(text);
  if (!isObject(parsed)) throw new TypeError('a document of the read models is not a JSON object');
  return parsed;
}
function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Converts a document that is kept as an object to the form that readers get. */
export function shown({ version }: CollectionSpec, document: Document): ShownDocument {
  const { key, position, body } = document;
  return { key, version: version === undefined ? position : Number(fieldIn(document, version)), text: JSON.stringify(body) };
}

/**
 * Converts text to the form in which it is searched, close to Unicode's NFKC_Casefold (The Unicode Standard, section 3.13): it unifies composed and compatible
 * characters and upper and lower case, and drops invisible characters. One index serves all languages, so `i` with and without a dot is one letter.
 */
export function searchable(text: string): string {
  return (
    text
      .normalize('NFKC')
      // Upper case unifies ß with SS and ı with I; ẞ needs to become ß first.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      .replaceAll('ς', 'σ')
      .normalize('NFKC')
      .replaceAll(/i\u0307|\p{Default_Ignorable_Code_Point}/gu, (found) => (found.startsWith('i') ? 'i' : ''))
  );
}

/** @throws {UndeclaredField} */
export function checkQuery(spec: CollectionSpec, query: Query): void {
  const { sort } = query;
  if (!spec.sorts.includes(sort)) throw new UndeclaredField(`${spec.name} can't be sorted by ${sort}, but by ${spec.sorts.join(', ')}`);
  checkConditions(spec, query);
}

/** @throws {UndeclaredField} */
export function checkConditions(spec: CollectionSpec, { equals = {}, within = {}, search }: Conditions): void {
  for (const field of Object.keys({ ...equals, ...within }))
    if (!spec.filters.includes(field))
      throw new UndeclaredField(`${spec.name} can't be filtered by ${field}, but by ${spec.filters.join(', ')}`);
  if (search !== undefined && spec.search === undefined) throw new UndeclaredField(`${spec.name} has no field to search`);
}

/** @throws {UndeclaredField} */
export function checkLookup({ name, lookups = [] }: CollectionSpec, field: string): void {
  if (!lookups.includes(field)) throw new UndeclaredField(`${name} can't be looked up by ${field}`);
}

/** The kind of a declared field. @throws {UndeclaredField} */
export function kindOf(spec: CollectionSpec, field: string): Kind {
  const kind = spec.fields[field];
  if (kind === undefined) throw new UndeclaredField(`${spec.name} has no field ${field}`);
  return kind;
}

/** The last document of a page in the order of its query: the next page begins after it. */
export type Position = { value: Sortable; key: string };

/** Identifies a query without its page. */
function shapeOf(
  spec: CollectionSpec,
  { scope, question, equals = {}, within = {}, range = {}, search = '', sort, descending = false }: Query,
): string {
  const byField = ([one]: [string, unknown], [other]: [string, unknown]) => (one < other ? -1 : 1);
  const filtered = [Object.entries(equals).sort(byField), Object.entries(within).sort(byField)];
  const conditions = question === undefined ? [...filtered, range.from ?? null, range.to ?? null, search] : [question];
  const asked = [spec.name, scope, ...conditions, sort, descending];
  return createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 12);
}

/** The position of a document in the order of a query. */
export function positionOf(spec: CollectionSpec, { sort }: Query, document: Document): Position {
  return { value: sortable(kindOf(spec, sort), fieldIn(document, sort)), key: document.key };
}

export function cursorAfter(spec: CollectionSpec, query: Query, { value, key }: Position): string {
  return Buffer.from(JSON.stringify([shapeOf(spec, query), value, key])).toString('base64url');
}

/** @throws {BadCursor} */
export function positionIn(spec: CollectionSpec, query: Query): Position | undefined {
  if (query.cursor === undefined) return undefined;
  const bad = new BadCursor('the cursor is not one of an earlier answer to this query');
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(query.cursor, 'base64url').toString());
  } catch {
    throw bad;
  }
  const parts: unknown[] = Array.isArray(parsed) ? parsed : [];
  const [shape, value, key] = parts;
  if (shape !== shapeOf(spec, query) || typeof key !== 'string') throw bad;
  if (typeof value !== 'string' && typeof value !== 'number') throw bad;
  return { value, key };
}

/** Compares values as every adapter does: numbers by size, text by code point. */
export function compareSortable(one: Sortable, other: Sortable): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)));
}

/** One end of a query's results. `equal` says which documents with exactly this value are results: all, none, or those beyond a key. */
export type Bound =
  { value: Sortable; equal: 'all' } | { value: Sortable; equal: 'none' } | { value: Sortable; equal: 'beyond'; key: string };
const tightness = { all: 0, beyond: 1, none: 2 } as const;

/**
 * The ends of a query's ranges of its sort field and of its cursor. Each end is one bound: a database that gets two may begin at the wider one, and read
 * everything between them for each page. @throws {BadCursor}
 */
export function boundsOf(spec: CollectionSpec, query: Query): { lower?: Bound; upper?: Bound } {
  const { range, within = {}, sort, descending = false } = query;
  const kind = kindOf(spec, query.sort);
  const after = positionIn(spec, query);
  const cursor: Bound[] = after ? [{ ...after, equal: 'beyond' }] : [];
  const lower: Bound[] = descending ? [] : cursor;
  const upper: Bound[] = descending ? cursor : [];
  for (const one of [range, within[sort]]) {
    if (one) lower.push({ value: absent[kind], equal: 'none' });
    if (one?.from !== undefined) lower.push({ value: sortable(kind, one.from), equal: 'all' });
    if (one?.to !== undefined) upper.push({ value: sortable(kind, one.to), equal: 'all' });
  }
  const tightest = (bounds: readonly Bound[], direction: 1 | -1) =>
    bounds.toSorted((a, b) => direction * compareSortable(a.value, b.value) || tightness[a.equal] - tightness[b.equal]).at(-1);
  const [first, last] = [tightest(lower, 1), tightest(upper, -1)];
  return { ...(first && { lower: first }), ...(last && { upper: last }) };
}
