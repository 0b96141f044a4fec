/**
 * Totals of a programme, or of one group of its initiatives. They are sums of small changes. The same change counts for today's totals and, kept by day,
 * for the totals of a past day. Amounts are minor units.
 */
import type { SumsChange } from '../../domain/effects.js';
import { statuses, type FiscalYear, type IsoDate, type Money, type Status } from '../../domain/vocabulary.js';

/** The number of initiatives in each status; an absent status counts as 0. */
export type Counts = { readonly [S in Status]?: number };
/** Totals of one fiscal year; an absent amount counts as 0. */
export type YearTotals = {
  readonly appropriated?: Money;
  readonly funded?: Money;
  readonly spent?: Money;
  readonly returned?: Money;
  /** Σ open commitments. */
  readonly committed?: Money;
  /** The day on which the year was closed, `null` after a reopening; the one recorded last counts. */
  readonly closing?: { readonly on: IsoDate | null; readonly position: number };
  /** Counts of the initiatives with movements of this year's money. */
  readonly counts?: Counts;
};
/** A sum of changes, or one change. */
export type Totals = {
  readonly byYear?: Readonly<Record<FiscalYear, YearTotals>>;
  readonly counts?: Counts;
  /** A programme's own version: the highest counts. */
  readonly version?: number;
  /** The name of a group, for example of an authority; the one recorded last counts. */
  readonly name?: { readonly text: string; readonly position: number };
};

/** The amounts of totals. */
export const amounts = ['appropriated', 'funded', 'spent', 'returned', 'committed'] as const satisfies readonly (keyof SumsChange)[];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type RunningYear = Mutable<Omit<YearTotals, 'counts'>> & { counts?: Mutable<Counts> };
/** Totals while changes are added to them. */
export type RunningTotals = Mutable<Omit<Totals, 'byYear' | 'counts'>> & {
  byYear?: Record<FiscalYear, RunningYear>;
  counts?: Mutable<Counts>;
};

/** Changes of sums as totals; those of one year are added up. */
export function totalsOf(changes: readonly SumsChange[]): Totals {
  const byYear: Record<FiscalYear, RunningYear> = {};
  for (const { fiscalYear, ...sums } of changes) addYear((byYear[fiscalYear] ??= {}), sums);
  return { byYear };
}

/** Adds a change. The order of changes does not matter. */
export function addTo(sum: RunningTotals, { byYear, counts, version, name }: Totals): void {
  if (byYear) {
    sum.byYear ??= {};
    for (const key of Object.keys(byYear)) {
      const year = Number(key);
      const change = byYear[year];
      if (change) addYear((sum.byYear[year] ??= {}), change);
    }
  }
  if (counts) sum.counts = withCounts(sum.counts, counts);
  if (version !== undefined && version > (sum.version ?? 0)) sum.version = version;
  if (name && name.position > (sum.name?.position ?? 0)) sum.name = name;
}

/** The sum of two totals. */
export function plus(one: Totals, other: Totals): Totals {
  const sum = running(one);
  addTo(sum, other);
  return sum;
}

/** A copy of totals that can be added to. */
export function running(totals: Totals): RunningTotals {
  const sum: RunningTotals = {};
  addTo(sum, totals);
  return sum;
}

/** The totals that undo the amounts and counts of others. */
export function negated({ byYear, counts }: Totals): Totals {
  return {
    ...(byYear && { byYear: mapped(byYear, negatedYear) }),
    ...(counts && { counts: mapped(counts, (count) => -count) }),
  };
}

function addYear(sum: RunningYear, change: YearTotals): void {
  for (const amount of amounts) {
    const more = change[amount];
    if (more !== undefined) sum[amount] = (sum[amount] ?? 0n) + more;
  }
  if (change.closing && change.closing.position > (sum.closing?.position ?? 0)) sum.closing = change.closing;
  if (change.counts) sum.counts = withCounts(sum.counts, change.counts);
}

function negatedYear(year: YearTotals): YearTotals {
  const negative: RunningYear = {};
  for (const amount of amounts) {
    const value = year[amount];
    if (value !== undefined) negative[amount] = -value;
  }
  if (year.counts) negative.counts = mapped(year.counts, (count) => -count);
  return negative;
}

function withCounts(sum: Mutable<Counts> | undefined, change: Counts): Mutable<Counts> {
  if (!sum) return { ...change };
  for (const status of statuses) {
    const count = (sum[status] ?? 0) + (change[status] ?? 0);
    if (count === 0) Reflect.deleteProperty(sum, status);
    else sum[status] = count;
  }
  return sum;
}

function mapped<V, W>(values: Readonly<Record<string, V>>, map: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}

type CountsBody = { [S in Status]?: number };
type YearBody = {
  appropriated?: string;
  funded?: string;
  spent?: string;
  returned?: string;
  committed?: string;
  closing?: { on: string | null; position: number };
  counts?: CountsBody;
};
/** {@link Totals} as a document holds them: amounts are decimal strings. */
export type TotalsBody = {
  byYear?: { [year: string]: YearBody };
  counts?: CountsBody;
  version?: number;
  name?: { text: string; position: number };
};

export function totalsToBody({ byYear, counts, version, name }: Totals): TotalsBody {
  return {
    ...(byYear && { byYear: mapped(byYear, yearToBody) }),
    ...(counts && { counts: { ...counts } }),
    ...(version !== undefined && { version }),
    ...(name && { name: { ...name } }),
  };
}

export function totalsFromBody({ byYear, counts, version, name }: TotalsBody): RunningTotals {
  return {
    ...(byYear && { byYear: mapped(byYear, yearFromBody) }),
    ...(counts && { counts: { ...counts } }),
    ...(version !== undefined && { version }),
    ...(name && { name }),
  };
}

function yearToBody({ closing, counts, ...sums }: YearTotals): YearBody {
  const body: YearBody = { ...(closing && { closing: { ...closing } }), ...(counts && { counts: { ...counts } }) };
  for (const amount of amounts) {
    const value = sums[amount];
    if (value !== undefined) body[amount] = value.toString();
  }
  return body;
}

function yearFromBody({ closing, counts, ...body }: YearBody): RunningYear {
  const year: RunningYear = { ...(closing && { closing: { ...closing } }), ...(counts && { counts: { ...counts } }) };
  for (const amount of amounts) {
    const value = body[amount];
    if (value !== undefined) year[amount] = BigInt(value);
  }
  return year;
}
