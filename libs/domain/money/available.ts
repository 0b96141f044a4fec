/** The definitions of all totals that decisions use. Amounts are minor units. */
import { refuse, type RefusalFigures } from '../refusal.js';
import type { Initiative, Programme, YearState } from '../state.js';
import { largestAmount, type FiscalYear, type Money, type Sums, type SumsByYear, type YearRule } from '../vocabulary.js';

/** A fiscal year without events. */
export const emptyYear: YearState = { funded: 0n, spent: 0n, returned: 0n, initiativesWithOpenFunds: 0, closed: false };
/** Sums of a fiscal year without movements. */
export const noSums: Sums = { funded: 0n, spent: 0n, returned: 0n };

export function yearOf(programme: Programme, year: FiscalYear): YearState {
  return programme.fiscalYears[year] ?? emptyYear;
}
export function sumsOf(initiative: Initiative, year: FiscalYear): Sums {
  return initiative.years[year] ?? noSums;
}
/** Sums over all fiscal years. */
export function totalOf(years: SumsByYear): Sums {
  const total = { funded: 0n, spent: 0n, returned: 0n };
  let committed = 0n;
  for (const year of Object.values(years)) {
    total.funded += year.funded;
    total.spent += year.spent;
    total.returned += year.returned;
    committed += year.committed ?? 0n;
  }
  return committed === 0n ? total : { ...total, committed };
}

/** Money that is funded and neither returned nor spent. */
export function unspent({ funded, spent, returned }: Sums): Money {
  return funded - returned - spent;
}
/** Money that is unspent and promised to nobody. */
export function free(sums: Sums): Money {
  return unspent(sums) - (sums.committed ?? 0n);
}
/** What a refusal says of committed money beside what is free; nothing if nothing is committed. */
export function beside({ committed = 0n }: Sums): { inWords: string; figures: RefusalFigures } {
  return committed === 0n ? { inWords: '', figures: {} } : { inWords: ` beside ${committed} committed`, figures: { committed } };
}
/** The amount that a year's appropriation must cover: funding less returns made while the year was open. */
export function outstandingFunding(year: YearState): Money {
  return year.funded - year.returned;
}
/** The part of a year's appropriation that can still be funded. */
export function roomInAppropriation(year: YearState): Money {
  return (year.appropriated ?? 0n) - outstandingFunding(year);
}
/** The sums that limit a movement in a fiscal year: the sums of that year if the rule is annual, else those of all years. */
export function basis(years: SumsByYear, rule: YearRule, year: FiscalYear): Sums {
  return rule === 'annual' ? (years[year] ?? noSums) : totalOf(years);
}
/** The name of a fiscal year's {@link basis} in a refusal. */
export function basisInWords(rule: YearRule, year: FiscalYear): string {
  return rule === 'annual' ? `of ${year}` : 'over all years';
}
/** Every distinct {@link basis} of the years, each with one of its years. An invariant checked on these holds for every movement's basis. */
export function bases(years: SumsByYear, rule: YearRule): { sums: Sums; year: FiscalYear }[] {
  const measured = Object.keys(years).map(Number);
  return (rule === 'annual' ? measured : measured.slice(0, 1)).map((year) => ({ sums: basis(years, rule, year), year }));
}
/** The amount that is free: what an initiative can still spend in a fiscal year without drawing from a commitment. */
export function spendable({ years }: Initiative, rule: YearRule, year: FiscalYear): Money {
  return free(basis(years, rule, year));
}
/** The amount of an initiative's spending that a reversal posted to a fiscal year can undo. */
export function reversible({ years }: Initiative, rule: YearRule, year: FiscalYear): Money {
  return basis(years, rule, year).spent;
}
/** The amount of a fiscal year's money that an initiative can return. */
export function returnable(initiative: Initiative, rule: YearRule, year: FiscalYear): Money {
  const { funded, returned } = sumsOf(initiative, year);
  return atLeastZero(least(spendable(initiative, rule, year), funded - returned));
}

export function least(one: Money, other: Money): Money {
  return one < other ? one : other;
}
export function atLeastZero(amount: Money): Money {
  return amount < 0n ? 0n : amount;
}

/** A programme's total of one kind, over all fiscal years. */
export function totalIn({ fiscalYears }: Programme, kind: keyof ProgrammeTotals): Money {
  return totalsIn(fiscalYears)[kind];
}
/** Totals over all fiscal years of a programme. */
export type ProgrammeTotals = { appropriated: Money; funded: Money; spent: Money };
export function totalsIn(fiscalYears: Programme['fiscalYears']): ProgrammeTotals {
  const total = { appropriated: 0n, funded: 0n, spent: 0n };
  for (const { appropriated, funded, spent } of Object.values(fiscalYears)) {
    if (appropriated !== undefined) total.appropriated += appropriated;
    total.funded += funded;
    total.spent += spent;
  }
  return total;
}

/**
 * Refuses a movement that would give a total more than 18 digits: the year's, the programme's, or the initiative's of that year.
 * An initiative's total over all years is never negative, so the programme's bounds it.
 * @throws {Refusal} `amount-too-large`
 */
export function refuseTooLarge(
  programme: Programme,
  initiative: Initiative,
  year: FiscalYear,
  kind: 'funded' | 'spent',
  change: Money,
): void {
  refuseBeyondDigits([totalIn(programme, kind), yearOf(programme, year)[kind], sumsOf(initiative, year)[kind]], change);
}

/** @throws {Refusal} `amount-too-large` if the change gives any of the totals more than 18 digits */
export function refuseBeyondDigits(totals: readonly Money[], change: Money): void {
  if (totals.some((total) => isBeyondDigits(total + change)))
    refuse('amount-too-large', `no total has more than 18 digits; a change of ${change} would make one that has`, { requested: change });
}

/** Whether a total has more than 18 digits. */
export function isBeyondDigits(total: Money): boolean {
  return total > largestAmount || total < -largestAmount;
}
