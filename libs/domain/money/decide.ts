/** Decisions on an initiative's funding, spending and returns. Amounts are minor units. */
import { automaticReturns } from './automatic-returns.js';
import {
  basis,
  basisInWords,
  beside,
  least,
  refuseTooLarge,
  returnable,
  reversible,
  roomInAppropriation,
  spendable,
  sumsOf,
  yearOf,
} from './available.js';
import { drawnFrom, givenBackTo } from '../commitments/decide.js';
import type { DrawnFrom } from '../commitments/events.js';
import { fiscalYearOf } from '../calendar.js';
import { refuseWithoutIndicator } from '../delivery/decide.js';
import { refuseBeforeFunding } from '../dates.js';
import { becoming, happened, unchanged, type InitiativeDecision } from '../lifecycle/decide.js';
import { refuseClosedYear } from '../programme/decide.js';
import type { EventOf } from '../events.js';
import type { CorrectionFlags, Posting } from './events.js';
import { evolve } from '../evolve.js';
import { refuse } from '../refusal.js';
import { partyOf, sameHand } from '../separation-of-duties.js';
import { hasEnded, onceFunded, onceSpent, refuseSuspended, refuseWrongStatus, wrongStatus } from '../lifecycle/status.js';
import type { FiscalYear, Money } from '../vocabulary.js';

export function fund(decision: InitiativeDecision<'FundInitiative'>): EventOf<'InitiativeFunded'>[] {
  const { command, initiative } = decision;
  const { fiscalYear, amount } = command.data;
  refuseWrongStatus('FundInitiative', initiative);
  refuseUnaffordable(decision, fiscalYear, amount);
  const context: Posting = { ...becoming(initiative, onceFunded(initiative.status)), fiscalYear };
  return [{ type: 'InitiativeFunded', ...happened(decision), data: command.data, context }];
}

/** An increase follows the rules of funding; a decrease takes nothing that is spent or returned already. */
export function adjustFunding(decision: InitiativeDecision<'AdjustFunding'>): EventOf<'FundingAdjusted'>[] {
  const { command, programme, initiative, origin, occurredOn } = decision;
  const { change } = command.data;
  const fiscalYear = origin?.fiscalYear ?? fiscalYearOf(occurredOn);
  refuseWrongStatus('AdjustFunding', initiative);
  if (change > 0n) refuseUnaffordable(decision, fiscalYear, change);
  else {
    refuseClosedYear(programme, fiscalYear);
    // A named funding gives back only unspent money of its own year, so that no year's appropriation regains more room than the law gave it.
    const available = origin
      ? least(origin.net, returnable(initiative, programme.years, fiscalYear))
      : spendable(initiative, programme.years, fiscalYear);
    if (available + change < 0n) {
      const { inWords, figures } = beside(basis(initiative.years, programme.years, fiscalYear));
      refuse(
        'funding-below-spending',
        `funding never falls below what was spent or returned: ${available} ${basisInWords(programme.years, fiscalYear)} can be taken back${inWords}, and ${-change} was requested`,
        { available, requested: -change, ...figures },
      );
    }
    refuseTooLarge(programme, initiative, fiscalYear, 'funded', change);
  }
  const statusAfter = change > 0n ? onceFunded(initiative.status) : initiative.status;
  const context = { ...becoming(initiative, statusAfter), fiscalYear, ...(origin?.source && { source: origin.source }) };
  return [{ type: 'FundingAdjusted', ...happened(decision), data: command.data, context }];
}

/** The rules for funding an initiative out of a year's appropriation. */
function refuseUnaffordable(
  { command, programme, initiative }: InitiativeDecision<'FundInitiative'> | InitiativeDecision<'AdjustFunding'>,
  fiscalYear: FiscalYear,
  amount: Money,
): void {
  refuseSuspended(initiative);
  if (sameHand(command.actor, initiative.proposedBy)) refuse('separation-of-duties', `who proposed ${initiative.code} does not fund it`);
  refuseWithoutIndicator(programme, initiative);
  refuseClosedYear(programme, fiscalYear);
  if (programme.ceiling === 'enforced') {
    const available = roomInAppropriation(yearOf(programme, fiscalYear));
    if (available - amount < 0n)
      refuse(
        'appropriation-exceeded',
        `funding never exceeds the appropriation: ${available} of ${fiscalYear} is left to give, and ${amount} was requested`,
        { available, requested: amount },
      );
  }
  refuseTooLarge(programme, initiative, fiscalYear, 'funded', amount);
}

/** The rule against overspending: a spending is drawn from a commitment, or takes only what is free. */
export function spend(decision: InitiativeDecision<'RecordSpending'>): EventOf<'SpendingRecorded'>[] {
  const { command, programme, initiative, origin: commitment, occurredOn } = decision;
  const { amount } = command.data;
  const fiscalYear = fiscalYearOf(occurredOn);
  refuseWrongStatus('RecordSpending', initiative);
  refuseSuspended(initiative);
  refuseClosedYear(programme, fiscalYear);
  refuseBeforeFunding(occurredOn, initiative);
  const drawn = commitment && drawnFrom(decision, commitment, fiscalYear);
  if (!drawn) refuseOverspending(decision, fiscalYear);
  refuseTooLarge(programme, initiative, fiscalYear, 'spent', amount);
  const context: Posting & DrawnFrom = { ...becoming(initiative, onceSpent(initiative.status)), fiscalYear, ...drawn };
  return [{ type: 'SpendingRecorded', ...happened(decision), data: command.data, context }];
}

function refuseOverspending({ command, programme, initiative }: InitiativeDecision<'RecordSpending'>, fiscalYear: FiscalYear): void {
  const { amount } = command.data;
  const available = spendable(initiative, programme.years, fiscalYear);
  if (available - amount >= 0n) return;
  const { inWords, figures } = beside(basis(initiative.years, programme.years, fiscalYear));
  refuse(
    'funding-exceeded',
    `spending never exceeds what was funded and not returned: ${available} ${basisInWords(programme.years, fiscalYear)} is left${inWords}, and ${amount} was requested`,
    { available, requested: amount, ...figures },
  );
}

/** Undoes spending. In a closed annual year and after the initiative's end, only finance does so, and the money freed is returned in the same append. */
export function reverse(decision: InitiativeDecision<'ReverseSpending'>): EventOf<'SpendingReversed' | 'FundsReturned'>[] {
  const { command, programme, initiative, origin, occurredOn } = decision;
  const { amount } = command.data;
  const fiscalYear = origin?.fiscalYear ?? fiscalYearOf(occurredOn);
  const byFinance = partyOf(command.actor).role === 'finance';
  const afterEnd = hasEnded(initiative);
  const priorYear = programme.years === 'annual' && yearOf(programme, fiscalYear).closed;
  refuseWrongStatus('ReverseSpending', initiative);
  if (afterEnd && !byFinance) wrongStatus('ReverseSpending', initiative);
  if (priorYear && !byFinance) refuse('fiscal-year-closed', `the fiscal year ${fiscalYear} is closed; finance alone corrects it`);

  const reversibleThere = reversible(initiative, programme.years, fiscalYear);
  const available = origin ? least(origin.net, reversibleThere) : reversibleThere;
  if (available - amount < 0n)
    refuse(
      'reversal-exceeds-spending',
      `reversals never exceed what was spent: ${available} can be reversed, and ${amount} was requested`,
      { available, requested: amount },
    );
  refuseTooLarge(programme, initiative, fiscalYear, 'spent', -amount);

  const context: Posting & CorrectionFlags & DrawnFrom = {
    ...unchanged(initiative),
    fiscalYear,
    ...(priorYear && { priorYear }),
    ...(afterEnd && { afterEnd }),
    ...(!priorYear && givenBackTo(decision, fiscalYear)),
  };
  const reversed: EventOf<'SpendingReversed'> = { type: 'SpendingReversed', ...happened(decision), data: command.data, context };
  if (!priorYear && !afterEnd) return [reversed];
  const { initiative: corrected } = evolve({ programme, initiative }, reversed);
  if (!corrected) return [reversed];
  // A closed annual year returns its own money; an ended initiative has no other money left.
  const years = priorYear ? { [fiscalYear]: sumsOf(corrected, fiscalYear) } : corrected.years;
  return [reversed, ...automaticReturns({ ...reversed, version: reversed.version + 1 }, programme.years, years)];
}

export function returnFunds(decision: InitiativeDecision<'ReturnFunds'>): EventOf<'FundsReturned'>[] {
  const { command, programme, initiative } = decision;
  const { fiscalYear, amount } = command.data;
  refuseWrongStatus('ReturnFunds', initiative);
  if (programme.years === 'annual') refuseClosedYear(programme, fiscalYear);
  const available = returnable(initiative, programme.years, fiscalYear);
  if (available - amount < 0n) {
    const { inWords, figures } = beside(basis(initiative.years, programme.years, fiscalYear));
    refuse(
      'return-exceeds-unspent',
      `only what is unspent is returned: ${available} of ${fiscalYear} is left${inWords}, and ${amount} was requested`,
      { available, requested: amount, ...figures },
    );
  }
  return [{ type: 'FundsReturned', ...happened(decision), data: command.data, context: { ...unchanged(initiative), fiscalYear } }];
}
