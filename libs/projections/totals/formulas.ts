/**
 * The formulas of figures, each said once: views show a formula's value, and explanations list the records whose effects add up to it. An amount is added
 * or subtracted.
 */
import type { Money } from '../../domain/vocabulary.js';
import { amounts, type YearTotals } from './totals.js';

/** A sum that totals keep for each fiscal year. */
export type Amount = (typeof amounts)[number];
/** The amounts that make up a figure, each with its sign. */
export type Formula = { readonly [A in Amount]?: 1n | -1n };

/** What the law appropriated and nobody used: of an open year it is available, of a closed one it has lapsed. */
export const unused: Formula = { appropriated: 1n, funded: -1n, returned: 1n };
/** What initiatives keep of their funding. */
export const kept: Formula = { funded: 1n, returned: -1n };
/** What initiatives have left of their funding. */
export const unspent: Formula = { ...kept, spent: -1n };
/** What initiatives can still spend without drawing from a commitment. */
export const free: Formula = { ...unspent, committed: -1n };

/** The value of a formula over fiscal years. */
export function valueOf(formula: Formula, years: readonly YearTotals[]): Money {
  return termsOf(formula).reduce((value, [amount, sign]) => value + sign * sumOf(years, amount), 0n);
}

/** The amounts of a formula with their signs. */
export function termsOf(formula: Formula): readonly (readonly [Amount, 1n | -1n])[] {
  return amounts.flatMap((amount) => {
    const sign = formula[amount];
    return sign === undefined ? [] : [[amount, sign] as const];
  });
}

/** An amount summed over fiscal years. */
export function sumOf(years: readonly YearTotals[], amount: Amount): Money {
  return years.reduce((sum, year) => sum + (year[amount] ?? 0n), 0n);
}
