/** The conditions of a query as SQL. */
import type { SQLInputValue } from 'node:sqlite';
import { absent, kindOf, memberOf, partsOf, searchable, sortable, valuesOf, type Bound } from '../find.js';
import type { CollectionSpec, Conditions, Range, Value } from '../ports.js';

/** A condition on one column, and the values of its parameters. */
export type Condition = { readonly column: string; readonly sql: string; readonly values: readonly SQLInputValue[] };

/** Holds the searched text in its {@link searchable} form. */
export const searchColumn = 'searched';

/** The column of a declared field: numbered, so that a field's name is never part of a statement. @throws {UndeclaredField} */
export function columnOf(spec: CollectionSpec, field: string): string {
  kindOf(spec, field);
  return `f${Object.keys(spec.fields).indexOf(field)}`;
}

/** All conditions of a query. */
export function conditionsOf(spec: CollectionSpec, conditions: Conditions): Condition[] {
  const { equals = {}, within = {}, search } = conditions;
  return [
    inScope(spec, conditions),
    ...Object.entries(equals).map(([field, wanted]) => oneOf(spec, field, valuesOf(wanted))),
    ...Object.entries(within).map(([field, range]) => inRange(spec, field, range)),
    ...(search === undefined ? [] : [{ column: searchColumn, sql: `instr(${searchColumn}, ?) > 0`, values: [searchable(search)] }]),
  ];
}

/** The condition on the scope. */
export function inScope(spec: CollectionSpec, { scope }: Conditions): Condition {
  const column = columnOf(spec, spec.scope);
  return { column, sql: `${column} = ?`, values: [scope] };
}

/** The condition on one filter of a query. */
export function filterOf(spec: CollectionSpec, { equals = {}, within = {} }: Conditions, field: string): Condition {
  const [wanted, range = {}] = [equals[field], within[field]];
  return wanted === undefined ? inRange(spec, field, range) : oneOf(spec, field, valuesOf(wanted));
}

/** The condition on the field that divides the index of a sort, with which that index is read; `undefined` where nothing divides it. */
export function inParts(spec: CollectionSpec, sort: string, conditions: Conditions): Condition | undefined {
  const parts = partsOf(spec, sort, conditions);
  return parts && oneOf(spec, parts.field, parts.values);
}
/** One condition for each part of a sort's index that is to be read. */
export function partConditions(spec: CollectionSpec, sort: string, conditions: Conditions): Condition[] | undefined {
  const parts = partsOf(spec, sort, conditions);
  return parts?.values.map((value) => oneOf(spec, parts.field, [value]));
}

/** The condition that a row lies beyond a bound of the sort column. */
export function beyond(table: string, sort: string, direction: '>' | '<', bound: Bound): Condition {
  if (bound.equal === 'beyond')
    return { column: sort, sql: `(${sort}, ${table}.key) ${direction} (?, ?)`, values: [bound.value, bound.key] };
  return { column: sort, sql: `${sort} ${direction}${bound.equal === 'all' ? '=' : ''} ?`, values: [bound.value] };
}

export function allOf(conditions: readonly Condition[]): string {
  return conditions.map(({ sql }) => sql).join(' AND ');
}
export function valuesIn(conditions: readonly Condition[]): SQLInputValue[] {
  return conditions.flatMap(({ values }) => values);
}

function oneOf(spec: CollectionSpec, field: string, wanted: readonly Value[]): Condition {
  const kind = kindOf(spec, field);
  const column = columnOf(spec, field);
  if (wanted.length === 0) return { column, sql: 'FALSE', values: [] };
  if (kind === 'set') return { column, sql: `(${wanted.map(() => `instr(${column}, ?) > 0`).join(' OR ')})`, values: wanted.map(memberOf) };
  const values = wanted.map((value) => sortable(kind, value));
  return { column, sql: values.length === 1 ? `${column} = ?` : `${column} IN (${values.map(() => '?').join(', ')})`, values };
}

function inRange(spec: CollectionSpec, field: string, { from, to }: Range): Condition {
  const kind = kindOf(spec, field);
  const column = columnOf(spec, field);
  // One lower bound: SQLite begins at the wider of two.
  const lower = from === undefined ? { sql: `${column} > ?`, value: absent[kind] } : { sql: `${column} >= ?`, value: sortable(kind, from) };
  if (to === undefined) return { column, sql: lower.sql, values: [lower.value] };
  return { column, sql: `${lower.sql} AND ${column} <= ?`, values: [lower.value, sortable(kind, to)] };
}
