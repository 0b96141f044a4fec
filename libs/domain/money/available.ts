/** Every total a decision looks at, each with its one definition. Amounts are minor units. */
import { refuse } from '../refusal.js';
import type { Initiative, Programme, YearState } from '../state.js';
import { largestAmount, type FiscalYear, type Money, type Sums, type SumsByYear, type YearRule } from '../vocabulary.js';

/** A fiscal year in which nothing has happened yet. */
export const emptyYear: YearState = { funded: 0n, spent: 0n, returned: 0n, initiativesWithOpenFunds: 0, closed: false };
/** Sums of a fiscal year in which nothing has moved yet. */
export const noSums: Sums = { funded: 0n, spent: 0n, returned: 0n };

export function yearOf(programme: Programme, year: FiscalYear): YearState {
  return programme.fiscalYears[year] ?? emptyYear;
}
export function sumsOf(initiative: Initiative, year: FiscalYear): Sums {
  return initiative.years[year] ?? noSums;
}
/** Over all fiscal years. */
export function totalOf(years: SumsByYear): Sums {
  const total = { funded: 0n, spent: 0n, returned: 0n };
  for (const { funded, spent, returned } of Object.values(years)) {
    total.funded += funded;
    total.spent += spent;
    total.returned += returned;
  }
  return total;
}

/** Funded and neither returned nor spent. */
export function unspent({ funded, spent, returned }: Sums): Money {
  return funded - returned - spent;
}
/** What the appropriation of a year must cover: funding less what came back while the year was open. */
export function committed(year: YearState): Money {
  return year.funded - year.returned;
}
/** What a year's appropriation still has to give. */
export function roomInAppropriation(year: YearState): Money {
  return (year.appropriated ?? 0n) - committed(year);
}
/** The sums that a movement of a fiscal year is measured against: those of that year where years are annual, of all years where they are not. */
export function basis(years: SumsByYear, rule: YearRule, year: FiscalYear): Sums {
  return rule === 'annual' ? (years[year] ?? noSums) : totalOf(years);
}
/** How the {@link basis} of a fiscal year is called in a refusal. */
export function basisInWords(rule: YearRule, year: FiscalYear): string {
  return rule === 'annual' ? `of ${year}` : 'over all years';
}
/** Every {@link basis} of some years, each once, with a year that it is of: what holds of each movement's basis holds of all of them. */
export function bases(years: SumsByYear, rule: YearRule): { sums: Sums; year: FiscalYear }[] {
  const measured = Object.keys(years).map(Number);
  return (rule === 'annual' ? measured : measured.slice(0, 1)).map((year) => ({ sums: basis(years, rule, year), year }));
}
/** What an initiative can still spend when it spends in a fiscal year. */
export function spendable({ years }: Initiative, rule: YearRule, year: FiscalYear): Money {
  return unspent(basis(years, rule, year));
}
/** What of an initiative's spending can be reversed when the reversal posts to a fiscal year. */
export function reversible({ years }: Initiative, rule: YearRule, year: FiscalYear): Money {
  return basis(years, rule, year).spent;
}
/** What an initiative can give back of a fiscal year's money. */
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

/** The programme's total of a kind, over all fiscal years. */
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
 * Refuses a movement that would carry a total beyond 18 digits: the year's and the programme's, and the initiative's of that year.
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

/** @throws {Refusal} `amount-too-large` where any of the totals, changed, has more than 18 digits */
export function refuseBeyondDigits(totals: readonly Money[], change: Money): void {
  if (totals.some((total) => isBeyondDigits(total + change)))
    refuse('amount-too-large', `no total has more than 18 digits; a change of ${change} would make one that has`, { requested: change });
}

/** Whether a total has more than 18 digits. */
export function isBeyondDigits(total: Money): boolean {
  return total > largestAmount || total < -largestAmount;
}
