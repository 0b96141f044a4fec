import { atLeastZero, least, totalOf, unspent } from './available.js';
import type { EventOf } from '../events.js';
import type { CorrectionFlags } from './events.js';
import type { Standing } from '../lifecycle/events.js';
import type { Actor, FiscalYear, IsoDate, Money, SumsByYear, YearRule } from '../vocabulary.js';

type FirstReturn = {
  readonly programme: string;
  readonly initiative: string;
  /** Of the first return. */
  readonly version: number;
  readonly occurredOn: IsoDate;
  readonly actor: Actor;
  readonly context: Standing & CorrectionFlags;
};

/**
 * The returns that the ledger itself makes so that nothing is left unspent: one event per fiscal year, newest first.
 * Annual money goes back to its own year; multi-year money to any year that still has funding, up to that funding.
 */
export function automaticReturns(first: FirstReturn, rule: YearRule, years: SumsByYear): EventOf<'FundsReturned'>[] {
  return sharesOf(rule, years).map(({ fiscalYear, amount }, index) => ({
    ...first,
    type: 'FundsReturned',
    version: first.version + index,
    data: { fiscalYear, amount },
    context: { ...first.context, fiscalYear, automatic: true },
  }));
}

function sharesOf(rule: YearRule, years: SumsByYear): { fiscalYear: FiscalYear; amount: Money }[] {
  let left = unspent(totalOf(years));
  const shares = [];
  for (const [year, sums] of Object.entries(years).reverse()) {
    const most = rule === 'annual' ? unspent(sums) : sums.funded - sums.returned;
    const amount = least(left, atLeastZero(most));
    if (amount === 0n) continue;
    shares.push({ fiscalYear: Number(year), amount });
    left -= amount;
  }
  return shares;
}
