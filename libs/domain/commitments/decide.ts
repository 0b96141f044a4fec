/** Decisions on an initiative's commitments. Amounts are minor units. */
import { fiscalYearOf } from '../calendar.js';
import { refuseBeforeFunding } from '../dates.js';
import type { EventOf } from '../events.js';
import { happened, unchanged, type InitiativeDecision } from '../lifecycle/decide.js';
import { hasEnded, refuseSuspended, refuseWrongStatus } from '../lifecycle/status.js';
import { basis, basisInWords, beside, spendable } from '../money/available.js';
import type { Posting } from '../money/events.js';
import { refuseClosedYear } from '../programme/decide.js';
import { refuse } from '../refusal.js';
import type { Initiative, Movement, Programme } from '../state.js';
import type { FiscalYear, IsoDate, Money } from '../vocabulary.js';
import type { DrawnFrom } from './events.js';
import { mostOpenCommitments, openCommitment, openCommitments } from './open.js';

/** A contract takes only what is free. It belongs to the fiscal year of its day. */
export function makeCommitment(decision: InitiativeDecision<'MakeCommitment'>): EventOf<'CommitmentMade'>[] {
  const { command, initiative, occurredOn } = decision;
  const { commitmentId, amount, plannedEnd } = command.data;
  const fiscalYear = fiscalYearOf(occurredOn);
  refuseWrongStatus('MakeCommitment', initiative);
  refuseBeforeFunding(occurredOn, initiative);
  refuseEndBefore(occurredOn, plannedEnd);
  refuseUncovered(decision, fiscalYear, amount);
  refuseTooMany(initiative, commitmentId);
  return [{ type: 'CommitmentMade', ...happened(decision), data: command.data, context: posting(initiative, fiscalYear) }];
}

/** An increase follows the rules of making it; a decrease takes nothing that was drawn already. */
export function changeCommitment(decision: InitiativeDecision<'ChangeCommitment'>): EventOf<'CommitmentChanged'>[] {
  const { command, initiative, origin, occurredOn } = decision;
  const { commitmentId, change = 0n, plannedEnd } = command.data;
  refuseWrongStatus('ChangeCommitment', initiative);
  const { left, fiscalYear } = commitmentIn(initiative, commitmentId, origin);
  refuseEndBefore(occurredOn, plannedEnd);
  if (change > 0n) {
    refuseUncovered(decision, fiscalYear, change);
    refuseTooMany(initiative, commitmentId);
  }
  if (left + change < 0n)
    refuse(
      'commitment-below-spending',
      `a commitment never falls below what was drawn from it: ${commitmentId} can be cut by ${left}, and ${-change} was requested`,
      { available: left, requested: -change },
    );
  return [{ type: 'CommitmentChanged', ...happened(decision), data: command.data, context: posting(initiative, fiscalYear) }];
}

/** What is open comes free, and nothing reopens the commitment. One that is fully drawn may be released too: then a reversal gives nothing back to it. */
export function releaseCommitment(decision: InitiativeDecision<'ReleaseCommitment'>): EventOf<'CommitmentReleased'>[] {
  const { command, initiative, origin } = decision;
  const { commitmentId, reason } = command.data;
  refuseWrongStatus('ReleaseCommitment', initiative);
  const { left, fiscalYear } = commitmentIn(initiative, commitmentId, origin);
  const data = { commitmentId, amount: left, reason };
  return [{ type: 'CommitmentReleased', ...happened(decision), data, context: posting(initiative, fiscalYear) }];
}

/**
 * The commitment that a spending is drawn from, for its event. In an annual programme a drawing is of the commitment's own year.
 * @throws {Refusal} `commitment-released`, `commitment-exceeded`
 */
export function drawnFrom(
  { command, programme, initiative }: InitiativeDecision<'RecordSpending'>,
  commitment: Movement,
  spentIn: FiscalYear,
): DrawnFrom {
  const { id } = commitment;
  const { amount } = command.data;
  const { left, fiscalYear } = commitmentIn(initiative, id, commitment);
  if (isOtherYear(programme, spentIn, fiscalYear))
    refuse(
      'commitment-exceeded',
      `annual money is drawn in the year of its commitment: ${id} is of ${fiscalYear}, and the spending of ${spentIn}`,
      { available: 0n, requested: amount },
    );
  if (left - amount < 0n)
    refuse('commitment-exceeded', `drawings never exceed the commitment: ${left} of ${id} is open, and ${amount} was requested`, {
      available: left,
      requested: amount,
    });
  return { commitment: { id, fiscalYear } };
}

/**
 * The commitment that a reversal gives back to, for its event: the one that the spending was drawn from, unless that is released, the money goes back
 * anyway, the commitment's money is of another annual year by now, or it would be open again beside too many others. Money that came back is always recorded;
 * what is given back to no commitment is free.
 */
export function givenBackTo(
  { programme, initiative, commitment }: Pick<InitiativeDecision<'ReverseSpending'>, 'programme' | 'initiative' | 'commitment'>,
  reversedIn: FiscalYear,
): DrawnFrom {
  if (!commitment || commitment.released || hasEnded(initiative)) return {};
  const { id } = commitment;
  const fiscalYear = openCommitment(initiative, id)?.fiscalYear ?? commitment.fiscalYear;
  if (isOtherYear(programme, reversedIn, fiscalYear) || wouldBeTooMany(initiative, id)) return {};
  return { commitment: { id, fiscalYear } };
}

function isOtherYear(programme: Programme, one: FiscalYear, other: FiscalYear): boolean {
  return programme.years === 'annual' && one !== other;
}

/** What is left of a commitment, and its year. @throws {Refusal} `unknown-commitment`, `commitment-released` */
function commitmentIn(initiative: Initiative, id: string, known: Movement | undefined): { left: Money; fiscalYear: FiscalYear } {
  const open = openCommitment(initiative, id);
  if (open) return open;
  if (!known) refuse('unknown-commitment', `${initiative.code} has no commitment ${id}`);
  if (known.released)
    refuse(
      'commitment-released',
      `the commitment ${id} was released: nothing is drawn from it or changed in it; a new contract is a new one`,
    );
  return { left: 0n, fiscalYear: known.fiscalYear };
}

/** @throws {Refusal} `initiative-suspended`, `fiscal-year-closed`, `commitment-exceeds-funding` */
function refuseUncovered(
  { programme, initiative }: Pick<InitiativeDecision<'MakeCommitment'>, 'programme' | 'initiative'>,
  fiscalYear: FiscalYear,
  amount: Money,
): void {
  refuseSuspended(initiative);
  refuseClosedYear(programme, fiscalYear);
  const { years } = programme;
  const available = spendable(initiative, years, fiscalYear);
  if (available - amount >= 0n) return;
  const { inWords, figures } = beside(basis(initiative.years, years, fiscalYear));
  refuse(
    'commitment-exceeds-funding',
    `commitments never exceed what is free: ${available} ${basisInWords(years, fiscalYear)} is left${inWords}, and ${amount} was requested`,
    { available, requested: amount, ...figures },
  );
}

/** Whether the commitment would be open beside as many others as may be. */
function wouldBeTooMany(initiative: Initiative, id: string): boolean {
  return openCommitments(initiative).length >= mostOpenCommitments && !openCommitment(initiative, id);
}

/** @throws {Refusal} `too-many-commitments` */
function refuseTooMany(initiative: Initiative, id: string): void {
  if (!wouldBeTooMany(initiative, id)) return;
  refuse(
    'too-many-commitments',
    `an initiative has at most ${mostOpenCommitments} commitments open at a time, and ${initiative.code} has as many; release those that are over`,
  );
}

/** @throws {Refusal} `period-out-of-order` */
function refuseEndBefore(occurredOn: IsoDate, plannedEnd: IsoDate | undefined): void {
  if (plannedEnd !== undefined && plannedEnd < occurredOn)
    refuse('period-out-of-order', `a contract ends on the day of the command or later: ${plannedEnd} is before ${occurredOn}`);
}

function posting(initiative: Initiative, fiscalYear: FiscalYear): Posting {
  return { ...unchanged(initiative), fiscalYear };
}
