/** Every total a decision looks at, each with its one definition. Amounts are minor units. */
import { refuse } from './refusal.js';
import type { Initiative, Programme, YearState } from './state.js';
import { largestAmount, type FiscalYear, type Money, type Sums, type SumsByYear, type YearRule } from './vocabulary.js';

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
  let total = noSums;
  for (const { funded, spent, returned } of Object.values(years))
    total = { funded: total.funded + funded, spent: total.spent + spent, returned: total.returned + returned };
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
/** The sums a movement of a fiscal year is measured against: that year's where years are annual, all years' where they are not. */
export function basis(initiative: Initiative, rule: YearRule, year: FiscalYear): Sums {
  return rule === 'annual' ? sumsOf(initiative, year) : totalOf(initiative.years);
}
/** What an initiative can still spend when it spends in a fiscal year. */
export function spendable(initiative: Initiative, rule: YearRule, year: FiscalYear): Money {
  return unspent(basis(initiative, rule, year));
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

/** How the basis of a check is called in a refusal. */
export function basisInWords(rule: YearRule, year: FiscalYear): string {
  return rule === 'annual' ? `of ${year}` : 'over all years';
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
  let all = 0n;
  for (const sums of Object.values(programme.fiscalYears)) all += sums[kind];
  refuseBeyondDigits([all, yearOf(programme, year)[kind], sumsOf(initiative, year)[kind]], change);
}

/** @throws {Refusal} `amount-too-large` where any of the totals, changed, has more than 18 digits */
export function refuseBeyondDigits(totals: readonly Money[], change: Money): void {
  if (totals.some((total) => total > largestAmount - change || total < -largestAmount - change))
    refuse('amount-too-large', `no total has more than 18 digits; a change of ${change} would make one that has`, { requested: change });
}
