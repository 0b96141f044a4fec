/**
 * What is added up, for a programme or for one of its authorities. A tally is a sum of small changes, so the same change counts for the totals as they
 * are and, kept by date, for the totals as they had been. Amounts are minor units.
 */
import { statuses, type FiscalYear, type IsoDate, type Money, type Status } from '../domain/vocabulary.js';

/** How many initiatives have a status; absent is none. */
export type Counts = Readonly<Partial<Record<Status, number>>>;
/** One fiscal year; an absent amount is nothing. */
export type YearTally = {
  readonly appropriated?: Money;
  readonly funded?: Money;
  readonly spent?: Money;
  readonly returned?: Money;
  /** The day the year was closed, once it is. */
  readonly closedOn?: IsoDate;
  /** Of the initiatives that money of this year was given to or taken from. */
  readonly counts?: Counts;
};
/** A sum of changes, or one change. */
export type Tally = {
  readonly byYear?: Readonly<Record<FiscalYear, YearTally>>;
  readonly counts?: Counts;
  /** A programme's own version: the highest counts. */
  readonly version?: number;
  /** An authority's name: the one recorded last counts. */
  readonly name?: { readonly text: string; readonly position: number };
};

const amounts = ['appropriated', 'funded', 'spent', 'returned'] as const;

/** Both together. The order does not matter. */
export function plus(one: Tally, other: Tally): Tally {
  const byYear = one.byYear && other.byYear ? plusYears(one.byYear, other.byYear) : (one.byYear ?? other.byYear);
  const counts = plusCounts(one.counts, other.counts);
  const version = Math.max(one.version ?? 0, other.version ?? 0);
  const name = (one.name?.position ?? 0) >= (other.name?.position ?? 0) ? one.name : other.name;
  return { ...(byYear && { byYear }), ...(counts && { counts }), ...(version > 0 && { version }), ...(name && { name }) };
}

/** What takes a tally of money and counts back. */
export function negated({ byYear, counts }: Tally): Tally {
  return {
    ...(byYear && { byYear: Object.fromEntries(Object.entries(byYear).map(([year, tally]) => [year, negatedYear(tally)])) }),
    ...(counts && { counts: negatedCounts(counts) }),
  };
}

function plusYears(one: Readonly<Record<FiscalYear, YearTally>>, other: Readonly<Record<FiscalYear, YearTally>>) {
  const sum: Record<FiscalYear, YearTally> = { ...one };
  for (const [key, tally] of Object.entries(other)) {
    const before = one[Number(key)];
    sum[Number(key)] = before ? plusYear(before, tally) : tally;
  }
  return sum;
}

function plusYear(one: YearTally, other: YearTally): YearTally {
  const sum: { -readonly [K in keyof YearTally]: YearTally[K] } = { ...one };
  for (const amount of amounts) {
    const more = other[amount];
    if (more !== undefined) sum[amount] = (sum[amount] ?? 0n) + more;
  }
  if (other.closedOn !== undefined) sum.closedOn = other.closedOn;
  const counts = plusCounts(one.counts, other.counts);
  if (counts) sum.counts = counts;
  return sum;
}

function negatedYear(year: YearTally): YearTally {
  const negative: { -readonly [K in keyof YearTally]: YearTally[K] } = {};
  for (const amount of amounts) {
    const value = year[amount];
    if (value !== undefined) negative[amount] = -value;
  }
  if (year.counts) negative.counts = negatedCounts(year.counts);
  return negative;
}

function plusCounts(one: Counts | undefined, other: Counts | undefined): Counts | undefined {
  if (!one || !other) return one ?? other;
  const sum: { [S in Status]?: number } = {};
  for (const status of statuses) {
    const count = (one[status] ?? 0) + (other[status] ?? 0);
    if (count !== 0) sum[status] = count;
  }
  return sum;
}

function negatedCounts(counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).map(([status, count]) => [status, -count]));
}

type CountsBody = { [S in Status]?: number };
type YearBody = { appropriated?: string; funded?: string; spent?: string; returned?: string; closedOn?: string; counts?: CountsBody };
/** A {@link Tally} as it stands in a document: amounts are decimal strings. */
export type TallyBody = {
  byYear?: { [year: string]: YearBody };
  counts?: CountsBody;
  version?: number;
  name?: { text: string; position: number };
};

export function tallyToBody({ byYear, counts, version, name }: Tally): TallyBody {
  return {
    ...(byYear && { byYear: Object.fromEntries(Object.entries(byYear).map(([year, tally]) => [year, yearToBody(tally)])) }),
    ...(counts && { counts: { ...counts } }),
    ...(version !== undefined && { version }),
    ...(name && { name: { ...name } }),
  };
}

export function tallyFromBody({ byYear, counts, version, name }: TallyBody): Tally {
  return {
    ...(byYear && { byYear: Object.fromEntries(Object.entries(byYear).map(([year, tally]) => [year, yearFromBody(tally)])) }),
    ...(counts && { counts }),
    ...(version !== undefined && { version }),
    ...(name && { name }),
  };
}

function yearToBody({ closedOn, counts, ...year }: YearTally): YearBody {
  const body: YearBody = { ...(closedOn !== undefined && { closedOn }), ...(counts && { counts: { ...counts } }) };
  for (const amount of amounts) {
    const value = year[amount];
    if (value !== undefined) body[amount] = value.toString();
  }
  return body;
}

function yearFromBody({ closedOn, counts, ...body }: YearBody): YearTally {
  const year: { -readonly [K in keyof YearTally]: YearTally[K] } = {
    ...(closedOn !== undefined && { closedOn }),
    ...(counts && { counts }),
  };
  for (const amount of amounts) {
    const value = body[amount];
    if (value !== undefined) year[amount] = BigInt(value);
  }
  return year;
}
