import { absent, compareSortable, fieldIn, kindOf, memberOf, searchable, sortable, valuesOf } from './find.js';
import type { CollectionSpec, Conditions, Range, Value, WrittenDocument } from './ports.js';

type Held = Pick<WrittenDocument, 'body' | 'internal'>;

/** Whether a query with these conditions finds a document. @throws {UndeclaredField} */
export function matches(spec: CollectionSpec, { scope, equals = {}, within = {}, search }: Conditions, document: Held): boolean {
  return (
    fieldIn(document, spec.scope) === scope &&
    Object.entries(equals).every(([field, wanted]) => valuesOf(wanted).some((value) => hasValue(spec, field, value, document))) &&
    Object.entries(within).every(([field, range]) => isInRange(spec, field, range, document)) &&
    (search === undefined || searchable(String(sortable('text', fieldIn(document, spec.search ?? '')))).includes(searchable(search)))
  );
}

/** Whether the value of a document's field is in a range. @throws {UndeclaredField} */
export function isInRange(spec: CollectionSpec, field: string, { from, to }: Range, document: Held): boolean {
  const kind = kindOf(spec, field);
  const value = sortable(kind, fieldIn(document, field));
  return (
    value !== absent[kind] &&
    (from === undefined || compareSortable(value, sortable(kind, from)) >= 0) &&
    (to === undefined || compareSortable(value, sortable(kind, to)) <= 0)
  );
}

function hasValue(spec: CollectionSpec, field: string, wanted: Value, document: Held): boolean {
  const value = fieldIn(document, field);
  if (kindOf(spec, field) === 'set') return String(sortable('set', value)).includes(memberOf(wanted));
  return value === wanted;
}
