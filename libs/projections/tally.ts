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

type RunningCounts = { [S in Status]?: number };
type RunningYear = { -readonly [K in keyof YearTally]: K extends 'counts' ? RunningCounts : YearTally[K] };
/** A tally that is being added up. */
export type RunningTally = {
  byYear?: Record<FiscalYear, RunningYear>;
  counts?: RunningCounts;
  version?: number;
  name?: NonNullable<Tally['name']>;
};

/** Adds a change. The order of changes does not matter. */
export function addTo(sum: RunningTally, { byYear, counts, version, name }: Tally): void {
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

/** Both together. */
export function plus(one: Tally, other: Tally): Tally {
  const sum = running(one);
  addTo(sum, other);
  return sum;
}

/** The same tally, to be added to. */
export function running(tally: Tally): RunningTally {
  const sum: RunningTally = {};
  addTo(sum, tally);
  return sum;
}

/** What takes a tally of money and counts back. */
export function negated({ byYear, counts }: Tally): Tally {
  return {
    ...(byYear && { byYear: Object.fromEntries(Object.entries(byYear).map(([year, tally]) => [year, negatedYear(tally)])) }),
    ...(counts && { counts: negatedCounts(counts) }),
  };
}

function addYear(sum: RunningYear, change: YearTally): void {
  for (const amount of amounts) {
    const more = change[amount];
    if (more !== undefined) sum[amount] = (sum[amount] ?? 0n) + more;
  }
  if (change.closedOn !== undefined) sum.closedOn = change.closedOn;
  if (change.counts) sum.counts = withCounts(sum.counts, change.counts);
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

function withCounts(sum: RunningCounts | undefined, change: Counts): RunningCounts {
  if (!sum) return { ...change };
  for (const status of statuses) {
    const count = (sum[status] ?? 0) + (change[status] ?? 0);
    if (count === 0) Reflect.deleteProperty(sum, status);
    else sum[status] = count;
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

export function tallyFromBody({ byYear, counts, version, name }: TallyBody): RunningTally {
  return {
    ...(byYear && { byYear: Object.fromEntries(Object.entries(byYear).map(([year, tally]) => [year, yearFromBody(tally)])) }),
    ...(counts && { counts: { ...counts } }),
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

function yearFromBody({ closedOn, counts, ...body }: YearBody): RunningYear {
  const year: RunningYear = {
    ...(closedOn !== undefined && { closedOn }),
    ...(counts && { counts: { ...counts } }),
  };
  for (const amount of amounts) {
    const value = body[amount];
    if (value !== undefined) year[amount] = BigInt(value);
  }
  return year;
}
