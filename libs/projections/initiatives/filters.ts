/**
 * The filters of lists of initiatives, each declared once: a line here is a field to compare, a query parameter of every such list, and its description in
 * OpenAPI. The field itself is declared in `collection.ts`.
 */
import { statuses } from '../../domain/vocabulary.js';

/** What a filter's value may be: one of some words, any text, or a flag. */
export type FilterKind = { readonly description: string } & (
  { readonly kind: 'one-of'; readonly values: readonly string[] } | { readonly kind: 'text' } | { readonly kind: 'flag' }
);

const declared = {
  status: { kind: 'one-of', values: statuses, description: 'Only initiatives with this status.' },
  authority: { kind: 'text', description: 'Only initiatives of this authority.' },
  region: { kind: 'text', description: 'Only initiatives in this region, as it is written.' },
  suspended: { kind: 'flag', description: 'Only suspended initiatives (`true`), or only others (`false`).' },
} as const satisfies Readonly<Record<string, FilterKind>>;

export type FilterName = keyof typeof declared;
export const initiativeFilters: Readonly<Record<FilterName, FilterKind>> = declared;
export const filterNames = Object.keys(declared).filter((name): name is FilterName => Object.hasOwn(declared, name));

type ValueOf<F> = F extends { kind: 'flag' } ? boolean : F extends { kind: 'one-of'; values: readonly (infer V)[] } ? V : string;
/** The values to compare, and a text that the code or a title holds. */
export type InitiativeFilter = { readonly [N in FilterName]?: ValueOf<(typeof declared)[N]> } & { readonly q?: string };

/** A filter's value from text; `undefined` if the text is none. */
export function filterValue(name: FilterName, text: string): string | boolean | undefined {
  const filter = initiativeFilters[name];
  if (filter.kind === 'flag') return text === 'true' || text === 'false' ? text === 'true' : undefined;
  return filter.kind === 'text' || filter.values.includes(text) ? text : undefined;
}
/** What a filter's value may be, in words. */
export function valuesInWords(name: FilterName): string {
  const filter = initiativeFilters[name];
  return filter.kind === 'one-of' ? `one of ${filter.values.join(', ')}` : filter.kind === 'flag' ? 'true or false' : 'a text';
}
