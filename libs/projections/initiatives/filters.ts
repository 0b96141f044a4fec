/**
 * The filters of lists of initiatives, each declared once: a line here is a field to compare, a query parameter of every such list, and its description in
 * OpenAPI. The field itself is declared in `collection.ts`.
 */
import { statuses } from '../../domain/vocabulary.js';
import { trusted } from '../../trusted/trusted.js';

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

/** The filter that texts ask for, by name; other names are ignored. `wrong` makes the error for a text that is no value of its filter. */
export function filterIn(
  sent: { readonly [name: string]: string | undefined },
  wrong: (name: FilterName, right: string) => Error,
): InitiativeFilter {
  const filter: { [K in FilterName]?: string | boolean } = {};
  for (const name of filterNames) {
    const text = sent[name];
    if (text === undefined) continue;
    const value = valueOf(initiativeFilters[name], text);
    if (value === undefined) throw wrong(name, valuesInWords(initiativeFilters[name]));
    filter[name] = value;
  }
  const { q } = sent;
  // Each value is of its filter's kind by now.
  return { ...trusted<InitiativeFilter>(filter), ...(q !== undefined && q !== '' && { q }) };
}

function valueOf(filter: FilterKind, text: string): string | boolean | undefined {
  if (filter.kind === 'flag') return text === 'true' || text === 'false' ? text === 'true' : undefined;
  return filter.kind === 'text' || filter.values.includes(text) ? text : undefined;
}
function valuesInWords(filter: FilterKind): string {
  if (filter.kind === 'one-of') return `one of ${filter.values.join(', ')}`;
  return filter.kind === 'flag' ? 'true or false' : 'a text';
}
