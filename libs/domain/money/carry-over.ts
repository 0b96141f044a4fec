/** Carry-over of unspent money into the next fiscal year. Amounts are minor units. */
import { least, sumsOf, unspent, yearOf } from './available.js';
import type { EventOf } from '../events.js';
import { happened, unchanged, type InitiativeDecision } from '../lifecycle/decide.js';
import { refuseWrongStatus } from '../lifecycle/status.js';
import { refuseClosedYear } from '../programme/decide.js';
import { refuse } from '../refusal.js';

/**
 * Moves unspent money of an open year into the next, with the part of the appropriation that covers it. Without a ceiling an appropriation may be smaller
 * than the money, or there may be none: then what there is goes along, so no appropriation falls below zero.
 * No total can get too large: annual sums are never negative, so the programme's total bounds each year's.
 */
export function carryOver(decision: InitiativeDecision<'CarryOver'>): EventOf<'FundsCarriedOver'>[] {
  const { command, programme, initiative } = decision;
  const { fiscalYear, amount } = command.data;
  if (programme.years === 'multi-year')
    refuse(
      'carry-over-multi-year',
      `money of ${programme.code} is spent in any year, so there is nothing to carry from ${fiscalYear} over`,
    );
  refuseWrongStatus('CarryOver', initiative);
  refuseClosedYear(programme, fiscalYear);
  refuseClosedYear(programme, fiscalYear + 1);
  const available = unspent(sumsOf(initiative, fiscalYear));
  if (available - amount < 0n)
    refuse(
      'carry-over-exceeds-unspent',
      `only what is unspent is carried over: ${available} of ${fiscalYear} is left, and ${amount} was requested`,
      { available, requested: amount },
    );
  const appropriated = least(amount, yearOf(programme, fiscalYear).appropriated ?? 0n);
  return [
    {
      type: 'FundsCarriedOver',
      ...happened(decision),
      data: command.data,
      context: { ...unchanged(initiative), fiscalYear, appropriated },
    },
  ];
}
