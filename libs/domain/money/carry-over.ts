/** Carry-over of unspent money into the next fiscal year. Amounts are minor units. */
import { free, least, sumsOf, unspent, yearOf } from './available.js';
import { oldestFirst, type OpenCommitment } from '../commitments/open.js';
import { refuseBefore, refuseBeforeFunding } from '../dates.js';
import type { EventOf } from '../events.js';
import { happened, unchanged, type InitiativeDecision } from '../lifecycle/decide.js';
import { refuseWrongStatus } from '../lifecycle/status.js';
import { refuseClosedYear } from '../programme/decide.js';
import { refuse } from '../refusal.js';
import type { Initiative } from '../state.js';
import type { FiscalYear, Money } from '../vocabulary.js';

/**
 * Moves unspent money of an open year into the next, with its commitments and the part of the appropriation that covers it. Without a ceiling an
 * appropriation may be smaller than the money, or there may be none: then what there is goes along, so no appropriation falls below zero.
 * No total can get too large: annual sums are never negative, so the programme's total bounds each year's.
 */
export function carryOver(decision: InitiativeDecision<'CarryOver'>): EventOf<'FundsCarriedOver'>[] {
  const { command, programme, initiative, occurredOn } = decision;
  const { fiscalYear, amount } = command.data;
  if (programme.years === 'multi-year')
    refuse(
      'carry-over-multi-year',
      `money of ${programme.code} is spent in any year, so there is nothing to carry from ${fiscalYear} over`,
    );
  refuseWrongStatus('CarryOver', initiative);
  refuseBeforeFunding(occurredOn, initiative);
  refuseClosedYear(programme, fiscalYear);
  refuseClosedYear(programme, fiscalYear + 1);
  const available = unspent(sumsOf(initiative, fiscalYear));
  if (available - amount < 0n)
    refuse(
      'carry-over-exceeds-unspent',
      `only what is unspent is carried over: ${available} of ${fiscalYear} is left, and ${amount} was requested`,
      { available, requested: amount },
    );
  const { commitments, committed } = goingAlong(initiative, fiscalYear, amount);
  for (const { id, on } of commitments) refuseBefore(occurredOn, `the commitment ${id}`, on);
  const appropriated = least(amount, yearOf(programme, fiscalYear).appropriated ?? 0n);
  const along = commitments.length > 0 ? { committed, commitments: commitments.map(({ id }) => id) } : {};
  const context = { ...unchanged(initiative), fiscalYear, appropriated, ...along };
  return [{ type: 'FundsCarriedOver', ...happened(decision), data: command.data, context }];
}

/**
 * The commitments that an amount of a year's money takes along: the oldest first, as many as it covers whole. The rest of it is free money.
 * @throws {Refusal} `carry-over-splits-commitment` the rest is more than is free, so it would take a part of a commitment
 */
function goingAlong(
  initiative: Initiative,
  fiscalYear: FiscalYear,
  amount: Money,
): { commitments: readonly OpenCommitment[]; committed: Money } {
  const ofYear = oldestFirst(initiative).filter((one) => one.fiscalYear === fiscalYear);
  let committed = 0n;
  let count = 0;
  for (const { left } of ofYear) {
    if (committed + left > amount) break;
    committed += left;
    count++;
  }
  const uncommitted = free(sumsOf(initiative, fiscalYear));
  const next = ofYear[count];
  if (next && amount - committed > uncommitted)
    refuse(
      'carry-over-splits-commitment',
      `a commitment is carried over whole, the oldest first: ${committed} in commitments and ${uncommitted} free of ${fiscalYear} go along before ${next.id}, which is of ${next.left}; ${amount} was requested`,
      { available: committed + uncommitted, requested: amount },
    );
  return { commitments: ofYear.slice(0, count), committed };
}
