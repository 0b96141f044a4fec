import { sumsOf, unspentOf } from './money.js';
import type { Initiative, Programme } from './state.js';
import type { FiscalYear, Money } from './vocabulary.js';

export type AutomaticReturn = { readonly fiscalYear: FiscalYear; readonly amount: Money };

/**
 * How the ledger itself returns up to `unspent`: newest year first, of each what is left of it (annual) or at most what was funded and not returned
 * (multi-year). Nothing where nothing is left.
 */
export function automaticReturns(programme: Programme, initiative: Initiative, unspent: Money): AutomaticReturn[] {
  const returns: AutomaticReturn[] = [];
  let rest = unspent;
  const years = Object.keys(initiative.years)
    .map(Number)
    .sort((a, b) => b - a);
  for (const fiscalYear of years) {
    const sums = sumsOf(initiative, fiscalYear);
    const ofYear = programme.years === 'annual' ? unspentOf(sums) : sums.funded - sums.returned;
    const amount = ofYear < rest ? ofYear : rest;
    if (amount <= 0n) continue;
    returns.push({ fiscalYear, amount });
    rest -= amount;
  }
  return returns;
}
