/**
 * The filters of lists of initiatives, each declared once: a line here is a field to compare, a query parameter of every such list, and its description in
 * OpenAPI. The field itself is declared in `collection.ts`.
 */
import { dayAfter, isIsoDate } from '../../domain/calendar.js';
import { statuses, type IsoDate } from '../../domain/vocabulary.js';
import { valuesOf } from '../../read-models/find.js';
import type { Conditions, Range, Value } from '../../read-models/ports.js';
import { trusted } from '../../trusted/trusted.js';
import type { Thresholds } from '../../domain/requests/approvals.js';
import { conditionsOfNotice, initiativeNotices } from '../notices/kinds.js';

/** What a filter's values may be. `one-of` and `text` may have several values; an initiative then needs one of them. */
export type FilterKind = { readonly description: string } & (
  { readonly kind: 'one-of' | 'word'; readonly values: readonly string[] } | { readonly kind: 'text' | 'flag' | 'year' | 'share' | 'day' }
);

const declared = {
  status: { kind: 'one-of', values: statuses, description: 'Only initiatives with one of these statuses.' },
  authority: { kind: 'text', description: 'Only initiatives of one of these authorities.' },
  region: { kind: 'text', description: 'Only initiatives in one of these regions, as they are written.' },
  sector: { kind: 'text', description: 'Only initiatives of one of these sectors, as codes of COFOG.' },
  suspended: { kind: 'flag', description: 'Only suspended initiatives (`true`), or only others (`false`).' },
  fiscalYear: { kind: 'year', description: 'Only initiatives with movements of this fiscal year’s money.' },
  openFunds: { kind: 'year', description: 'Only initiatives with money of this fiscal year that is neither spent nor returned.' },
  absorptionAtLeast: { kind: 'share', description: 'Only initiatives that have spent at least this share of their funding, such as 0.85.' },
  plannedEndBefore: { kind: 'day', description: 'Only initiatives with a planned end before this day.' },
  silentSince: { kind: 'day', description: 'Only initiatives without a record since this day (UTC).' },
  notice: { kind: 'word', values: initiativeNotices, description: 'Only initiatives with this notice.' },
} as const satisfies Readonly<Record<string, FilterKind>>;

export type FilterName = keyof typeof declared;
export const initiativeFilters: Readonly<Record<FilterName, FilterKind>> = declared;
export const filterNames = Object.keys(declared).filter((name): name is FilterName => Object.hasOwn(declared, name));

/** The most values of one filter. */
const mostValues = 50;
/** The most characters of a value, as of a region, and of a searched text, as of a title. */
export const longestValue = 200;
const longestSearch = 500;

/** Whether a filter may have several values. */
export function mayRepeat(name: FilterName): boolean {
  return initiativeFilters[name].kind === 'one-of' || initiativeFilters[name].kind === 'text';
}

type ValueOf<F> = F extends { kind: 'one-of'; values: readonly (infer V)[] }
  ? readonly V[]
  : F extends { kind: 'word'; values: readonly (infer V)[] }
    ? V
    : F extends { kind: 'text' }
      ? readonly string[]
      : F extends { kind: 'flag' }
        ? boolean
        : F extends { kind: 'day' }
          ? IsoDate
          : number;
/** The values to compare, and a text that the code or a title holds. */
export type InitiativeFilter = { readonly [N in FilterName]?: ValueOf<(typeof declared)[N]> } & { readonly q?: string };

/** The filter that texts ask for, by name; other names are ignored. `wrong` makes the error for a text that is no value of its filter. */
export function filterIn(
  sent: { readonly [name: string]: string | readonly string[] | undefined },
  wrong: (name: FilterName | 'q', right: string) => Error,
): InitiativeFilter {
  const filter: { [K in FilterName]?: Value | readonly Value[] } = {};
  for (const name of filterNames) {
    const texts = [sent[name] ?? []].flat();
    if (texts.length === 0) continue;
    const values = texts.map((text) => valueOf(initiativeFilters[name], text));
    const [first] = values;
    if (first === undefined || values.includes(undefined)) throw wrong(name, valuesInWords(initiativeFilters[name]));
    if (values.length > 1 && !mayRepeat(name)) throw wrong(name, 'given once');
    if (values.length > mostValues) throw wrong(name, `at most ${mostValues} values`);
    filter[name] = mayRepeat(name) ? [...new Set(values.filter((value) => value !== undefined))] : first;
  }
  const [q = ''] = [sent['q'] ?? []].flat();
  if (q.length > longestSearch) throw wrong('q', `at most ${longestSearch} characters`);
  // Each value is of its filter's kind by now.
  return { ...trusted<InitiativeFilter>(filter), ...(q !== '' && { q }) };
}

/** Conditions on the documents of initiatives. */
export type FilterConditions = Pick<Conditions, 'equals' | 'within' | 'search'>;

/** The conditions that a filter sets. Notices depend on `today`, the day in the programme's time zone, and on the programme's thresholds. */
export function conditionsOf(filter: InitiativeFilter, today: IsoDate, thresholds: Thresholds): FilterConditions {
  const { q, notice, absorptionAtLeast, plannedEndBefore, silentSince, fiscalYear, openFunds, ...equals } = filter;
  const noticed = notice === undefined ? {} : conditionsOfNotice(notice, today, thresholds);
  return {
    equals: bothOf(noticed.equals, {
      ...equals,
      ...(fiscalYear !== undefined && { years: fiscalYear }),
      ...(openFunds !== undefined && { openYears: openFunds }),
    }),
    within: rangesOf(noticed.within, {
      ...(absorptionAtLeast !== undefined && { absorption: { from: absorptionAtLeast } }),
      ...(plannedEndBefore !== undefined && { plannedEnd: { to: dayAfter(plannedEndBefore, -1) } }),
      ...(silentSince !== undefined && { lastRecordedAt: { to: silentSince } }),
    }),
    ...(q !== undefined && { search: q }),
  };
}

type Equals = NonNullable<Conditions['equals']>;
type Ranges = NonNullable<Conditions['within']>;

/** Values that both conditions allow. */
function bothOf(one: Equals = {}, other: Equals): Equals {
  const both: { [field: string]: Value | readonly Value[] } = { ...one };
  for (const [field, wanted] of Object.entries(other)) {
    const known = one[field];
    both[field] = known === undefined ? wanted : valuesOf(wanted).filter((value) => valuesOf(known).includes(value));
  }
  return both;
}
/** Ranges that lie within both. */
function rangesOf(one: Ranges = {}, other: Ranges): Ranges {
  const both: { [field: string]: Range } = { ...one };
  for (const [field, range] of Object.entries(other)) {
    const known = one[field];
    const from = [known?.from, range.from]
      .filter((bound) => bound !== undefined)
      .sort()
      .at(-1);
    const [to] = [known?.to, range.to].filter((bound) => bound !== undefined).sort();
    both[field] = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  }
  return both;
}

function valueOf(filter: FilterKind, text: string): Value | undefined {
  switch (filter.kind) {
    case 'text':
      return text === '' || text.length > longestValue ? undefined : text;
    case 'one-of':
    case 'word':
      return filter.values.includes(text) ? text : undefined;
    case 'flag':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'year':
      return /^[1-9]\d{3}$/.test(text) ? Number(text) : undefined;
    case 'share':
      return /^\d{1,3}(\.\d{1,4})?$/.test(text) ? Number(text) : undefined;
    case 'day':
      return isIsoDate(text) ? text : undefined;
  }
}
function valuesInWords(filter: FilterKind): string {
  switch (filter.kind) {
    case 'text':
      return `a text of 1 to ${longestValue} characters`;
    case 'one-of':
    case 'word':
      return `one of ${filter.values.join(', ')}`;
    case 'flag':
      return 'true or false';
    case 'year':
      return 'a year, such as 2024';
    case 'share':
      return 'a share with at most four decimals, such as 0.85';
    case 'day':
      return 'a day that exists, written YYYY-MM-DD';
  }
}
