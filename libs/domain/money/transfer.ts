/** Transfers of funding between initiatives of a programme. Amounts are minor units. */
import { basis, beside, refuseBeyondDigits, returnable, sumsOf } from './available.js';
import { refuseWithoutIndicator } from '../delivery/decide.js';
import { refuseBefore, refuseBeforeFunding } from '../dates.js';
import type { EventOf } from '../events.js';
import { becoming, happened, unchanged, type InitiativeDecision } from '../lifecycle/decide.js';
import { hasEnded, onceFunded, refuseSuspended, refuseWrongStatus } from '../lifecycle/status.js';
import { refuseClosedYear } from '../programme/decide.js';
import { refuse } from '../refusal.js';
import { sameHand } from '../separation-of-duties.js';
import type { Initiative } from '../state.js';

/**
 * Moves funding of one fiscal year to another initiative. The giver gives what it could return; the taker takes as if funded, but no appropriation changes.
 * @returns the giver's event and the taker's, for one append: a transfer happens in both histories or in neither
 */
export function transferFunding(decision: InitiativeDecision<'TransferFunding'>): EventOf<'FundingTransferred'>[] {
  const { command, programme, initiative: giver, occurredOn } = decision;
  const { transferId, to, fiscalYear, amount, legalBasis } = command.data;
  const taker = takerOf(decision);
  refuseWrongStatus('TransferFunding', giver);
  refuseBeforeFunding(occurredOn, giver);
  refuseTaking(decision, taker);
  refuseClosedYear(programme, fiscalYear);
  const available = returnable(giver, programme.years, fiscalYear);
  if (available - amount < 0n) {
    const { inWords, figures } = beside(basis(giver.years, programme.years, fiscalYear));
    refuse(
      'transfer-exceeds-unspent',
      `only what is unspent is transferred: ${available} of ${fiscalYear} is left in ${giver.code}${inWords}, and ${amount} was requested`,
      { available, requested: amount, ...figures },
    );
  }
  refuseBeyondDigits([sumsOf(taker, fiscalYear).funded], amount);
  return [
    { type: 'FundingTransferred', ...happened(decision), data: command.data, context: { ...unchanged(giver), fiscalYear } },
    {
      type: 'FundingTransferred',
      programme: command.programme,
      initiative: to,
      version: taker.version + 1,
      occurredOn,
      actor: command.actor,
      data: { transferId, from: giver.code, fiscalYear, amount, legalBasis },
      context: { ...becoming(taker, onceFunded(taker.status)), fiscalYear },
    },
  ];
}

/** @throws {Refusal} `transfer-to-itself`, `unknown-taker` */
function takerOf({ command, initiative: giver, taker }: InitiativeDecision<'TransferFunding'>): Initiative {
  const { to } = command.data;
  if (to === giver.code) refuse('transfer-to-itself', `${to} gives and takes; a transfer names another initiative that takes`);
  if (!taker) refuse('unknown-taker', `${command.programme} has no initiative ${to} to take the money; a ministry proposes it first`);
  return taker;
}

/** The rules of the taker. @throws {Refusal} `wrong-status`, `initiative-suspended`, `separation-of-duties`, `indicator-missing`, `date-out-of-order` */
function refuseTaking({ command, programme, occurredOn }: InitiativeDecision<'TransferFunding'>, taker: Initiative): void {
  if (hasEnded(taker)) refuse('wrong-status', `${taker.code} is ${taker.status} and takes no money; the taker of a transfer has not ended`);
  refuseSuspended(taker);
  if (sameHand(command.actor, taker.proposedBy)) refuse('separation-of-duties', `who proposed ${taker.code} does not fund it`);
  refuseWithoutIndicator(programme, taker);
  refuseBefore(occurredOn, `the proposal of ${taker.code}`, taker.proposedOn);
}
