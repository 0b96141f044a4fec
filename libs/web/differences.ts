/** What changed in a programme between two days: its totals, fiscal years, status counts and authorities on both, with the difference. Pure. */
import { statuses, type FiscalYear, type Status } from '../domain/vocabulary.js';
import type { FiscalYearView, GroupView, ProgrammeView, StatusCounts } from '../projections/totals/views.js';

/** A programme as of one day; `programme` is absent if it did not exist. */
export type OneDay = {
  readonly programme?: ProgrammeView | undefined;
  readonly years: readonly FiscalYearView[];
  readonly authorities: readonly GroupView[];
};

/** An amount of minor units on both days, and how much it grew. All are `null` if the programme has no ceiling and so no such amount. */
export type AmountChange<Name extends string = string> = {
  readonly name: Name;
  readonly from: string | null;
  readonly to: string | null;
  readonly change: string | null;
};
export type CountChange = { readonly status: Status; readonly from: number; readonly to: number; readonly change: number };
/** Shares of what was appropriated; `change` is in percentage points ÷ 100. `null` if nothing was appropriated. */
export type ShareChange = { readonly from: number | null; readonly to: number | null; readonly change: number | null };

export type TotalName = (typeof totalNames)[number];
export type YearName = (typeof yearNames)[number];
export type AuthorityName = (typeof authorityNames)[number];
const totalNames = ['appropriated', 'funded', 'spent', 'committed', 'returned', 'available', 'lapsed'] as const;
const yearNames = ['appropriated', 'funded', 'spent', 'committed', 'returned', 'available', 'lapsed'] as const;
const authorityNames = ['funded', 'spent', 'committed', 'returned', 'available'] as const;

export type Differences = {
  readonly totals: readonly AmountChange<TotalName>[];
  readonly absorption: ShareChange;
  readonly counts: readonly CountChange[];
  /** Fiscal years in which something changed, with every amount that did; the others are named in `sameYears`. */
  readonly years: readonly {
    readonly fiscalYear: FiscalYear;
    readonly closed: boolean;
    readonly changes: readonly AmountChange<YearName>[];
  }[];
  readonly sameYears: readonly FiscalYear[];
  /** Authorities of whose initiatives something changed, the greatest change of spending first. */
  readonly authorities: readonly {
    readonly authority: string;
    readonly name: string | null;
    readonly changes: readonly AmountChange<AuthorityName>[];
  }[];
  /** How many authorities are left out because nothing changed. */
  readonly sameAuthorities: number;
};

/** The differences from one day to another. A programme, year or authority that one day does not have counts as zero there. */
export function differencesOf(from: OneDay, to: OneDay): Differences {
  const years = pairs(from.years, to.years, ({ fiscalYear }) => fiscalYear).map(([before, after, fiscalYear]) => ({
    fiscalYear,
    closed: (before?.closedOn ?? null) === null && after !== undefined && after.closedOn !== null,
    changes: changesOf(yearNames, before, after).filter(isChange),
  }));
  const authorities = pairs(from.authorities, to.authorities, ({ value }) => value).map(([before, after, authority]) => ({
    authority,
    name: after?.name ?? before?.name ?? null,
    changes: changesOf(authorityNames, before, after).filter(isChange),
  }));
  const changedYears = years.filter(({ closed, changes }) => closed || changes.length > 0);
  const changedAuthorities = authorities.filter(({ changes }) => changes.length > 0);
  return {
    totals: changesOf(totalNames, from.programme, to.programme),
    absorption: shareChange(from.programme?.absorption ?? null, to.programme?.absorption ?? null),
    counts: statuses.map((status) => countChange(status, from.programme?.initiatives, to.programme?.initiatives)),
    years: changedYears,
    sameYears: years.filter((year) => !changedYears.includes(year)).map(({ fiscalYear }) => fiscalYear),
    authorities: changedAuthorities.toSorted((one, other) => spentChange(other.changes) - spentChange(one.changes)),
    sameAuthorities: authorities.length - changedAuthorities.length,
  };
}

/** Items of both days by their key, in the order of the later day; those that only the earlier one has come last. */
function pairs<T, K>(from: readonly T[], to: readonly T[], keyOf: (item: T) => K): [before: T | undefined, after: T | undefined, key: K][] {
  const keys = new Set([...to, ...from].map(keyOf));
  const [before, after] = [from, to].map((items) => new Map(items.map((item) => [keyOf(item), item])));
  return [...keys].map((key) => [before?.get(key), after?.get(key), key]);
}

type Amounts<N extends string> = Readonly<Record<N, string | null>>;
function changesOf<N extends string>(names: readonly N[], from: Amounts<N> | undefined, to: Amounts<N> | undefined): AmountChange<N>[] {
  const without = (name: N) => (to ?? from)?.[name] === null;
  return names.map((name) => {
    if (without(name)) return { name, from: null, to: null, change: null };
    const [before, after] = [from?.[name] ?? '0', to?.[name] ?? '0'];
    return { name, from: before, to: after, change: (BigInt(after) - BigInt(before)).toString() };
  });
}

function isChange({ change }: AmountChange): boolean {
  return change !== null && change !== '0';
}

function countChange(status: Status, from: StatusCounts | undefined, to: StatusCounts | undefined): CountChange {
  const [before, after] = [from?.[status] ?? 0, to?.[status] ?? 0];
  return { status, from: before, to: after, change: after - before };
}

function shareChange(from: number | null, to: number | null): ShareChange {
  return { from, to, change: from === null || to === null ? null : to - from };
}

function spentChange(changes: readonly AmountChange[]): number {
  return Math.abs(Number(changes.find(({ name }) => name === 'spent')?.change ?? '0'));
}
