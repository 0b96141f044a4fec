/** Decisions on an initiative's life, from its proposal to its end. */
import { automaticReleases } from '../commitments/automatic-releases.js';
import { openCommitments } from '../commitments/open.js';
import { automaticReturns } from '../money/automatic-returns.js';
import { totalOf, unspent } from '../money/available.js';
import type { CommandOf, InitiativeCommandType } from '../commands.js';
import type { EventOf, InitiativeEvent } from '../events.js';
import type { Standing } from './events.js';
import { refuse } from '../refusal.js';
import { isImport, partyOf, sameHand } from '../separation-of-duties.js';
import type { Initiative, Movement, Programme } from '../state.js';
import { refuseSuspended, refuseWrongStatus, wrongStatus } from './status.js';
import { amendedTerms, changedTerms, mergedTitle, refusePeriodOutOfOrder, termsOfFinance } from './terms.js';
import type { IsoDate, Status } from '../vocabulary.js';

/** A command to an existing initiative, and the state that its decision needs. */
export type InitiativeDecision<T extends InitiativeCommandType> = {
  readonly command: CommandOf<T>;
  readonly programme: Programme;
  readonly initiative: Initiative;
  /** The movement that the command refers to, if it names one. It exists. */
  readonly origin?: Movement;
  /** The commitment that the origin, a spending, was drawn from. */
  readonly commitment?: Movement;
  /** The initiative that takes the money of a transfer; absent if there is none by that code. */
  readonly taker?: Initiative;
  readonly occurredOn: IsoDate;
};

export function propose(command: CommandOf<'ProposeInitiative'>, occurredOn: IsoDate): EventOf<'InitiativeProposed'>[] {
  const { programme, initiative, actor, data } = command;
  refusePeriodOutOfOrder(data);
  const context: Standing = { authority: data.authority, statusBefore: null, statusAfter: 'proposed' };
  return [{ type: 'InitiativeProposed', programme, initiative, version: 1, occurredOn, actor, data, context }];
}

/**
 * A ministry amends the title, the planned period, the region and the sector; only finance changes the authority and the requested amount.
 * An import may send an amendment that changes nothing: its reason then keeps what has no field here, such as a status word unknown to the ledger.
 */
export function amend(decision: InitiativeDecision<'AmendInitiative'>): EventOf<'InitiativeAmended'>[] {
  const { command, initiative } = decision;
  const { terms, years } = initiative;
  refuseWrongStatus('AmendInitiative', initiative);
  const { title, ...said } = command.data;
  const data = title ? { ...said, title: mergedTitle(terms.title, title) } : said;
  const changed = changedTerms(terms, data);
  if (changed.length === 0 && !isImport(command.actor))
    refuse('nothing-to-amend', `${initiative.code} is as the command says already; an amendment names what changes`);
  const forFinance = changed.filter((name) => termsOfFinance.includes(name));
  if (partyOf(command.actor).role === 'ministry' && forFinance.length > 0)
    refuse('forbidden', `finance amends ${forFinance.join(', ')}; a ministry the title, the planned period, the region and the sector`);
  const amended = amendedTerms(terms, data);
  refusePeriodOutOfOrder(amended);
  const standing: Standing = { ...unchanged(initiative), authority: amended.authority };
  const context = amended.authority === terms.authority ? standing : { ...standing, moved: { from: terms.authority, sums: years } };
  return [{ type: 'InitiativeAmended', ...happened(decision), data, context }];
}

export function startFinalizing(decision: InitiativeDecision<'StartFinalizing'>): EventOf<'FinalizationStarted'>[] {
  const { initiative } = decision;
  refuseWrongStatus('StartFinalizing', initiative);
  refuseSuspended(initiative);
  return [{ type: 'FinalizationStarted', ...happened(decision), data: {}, context: becoming(initiative, 'finalizing') }];
}

/** Finance signs off an initiative that a ministry finalised, once nothing is unspent. */
export function finalize(decision: InitiativeDecision<'FinalizeInitiative'>): EventOf<'InitiativeFinalized'>[] {
  const { command, initiative } = decision;
  refuseWrongStatus('FinalizeInitiative', initiative);
  refuseSuspended(initiative);
  if (initiative.finalizationStartedBy && sameHand(command.actor, initiative.finalizationStartedBy))
    refuse('separation-of-duties', `who started finalising ${initiative.code} does not sign it off`);
  const open = openCommitments(initiative);
  const total = totalOf(initiative.years);
  if (open.length > 0) {
    const { committed = 0n } = total;
    refuse(
      'open-commitments',
      `an initiative is finalised once no commitment is open: ${initiative.code} has ${open.length} with ${committed} left, and each is drawn or released first`,
      { committed },
    );
  }
  const available = unspent(total);
  if (available !== 0n)
    refuse(
      'unspent-funds',
      `an initiative is finalised once nothing is left unspent: ${available} of ${initiative.code} is to be returned`,
      {
        available,
      },
    );
  return [
    { type: 'InitiativeFinalized', ...happened(decision), data: { finalValue: total.spent }, context: becoming(initiative, 'finalized') },
  ];
}

/** Open commitments are released first, then unspent money goes back, all in the same append. */
export function cancel(decision: InitiativeDecision<'CancelInitiative'>): InitiativeEvent[] {
  const { command, programme, initiative } = decision;
  refuseWrongStatus('CancelInitiative', initiative);
  const first = { ...happened(decision), context: unchanged(initiative) };
  const releases = automaticReleases(first, initiative);
  const firstReturn = { ...first, version: first.version + releases.length };
  const returns = automaticReturns(firstReturn, programme.years, initiative.years);
  const version = firstReturn.version + returns.length;
  return [
    ...releases,
    ...returns,
    { type: 'InitiativeCancelled', ...happened(decision), version, data: command.data, context: becoming(initiative, 'cancelled') },
  ];
}

export function suspend(decision: InitiativeDecision<'SuspendInitiative'>): EventOf<'InitiativeSuspended'>[] {
  const { command, initiative } = decision;
  refuseWrongStatus('SuspendInitiative', initiative);
  if (initiative.suspended) wrongStatus('SuspendInitiative', initiative);
  return [{ type: 'InitiativeSuspended', ...happened(decision), data: command.data, context: unchanged(initiative) }];
}

export function resume(decision: InitiativeDecision<'ResumeInitiative'>): EventOf<'InitiativeResumed'>[] {
  const { command, initiative } = decision;
  refuseWrongStatus('ResumeInitiative', initiative);
  if (!initiative.suspended) wrongStatus('ResumeInitiative', initiative);
  return [{ type: 'InitiativeResumed', ...happened(decision), data: command.data, context: unchanged(initiative) }];
}

/** The fields that the next event of an initiative shares with every event. */
export function happened({
  command,
  initiative,
  occurredOn,
}: Omit<InitiativeDecision<InitiativeCommandType>, 'programme' | 'origin' | 'commitment' | 'taker'>) {
  return {
    programme: command.programme,
    initiative: command.initiative,
    version: initiative.version + 1,
    occurredOn,
    actor: command.actor,
  };
}

/** The standing of an initiative after an event that moves it to a status. */
export function becoming({ terms, status }: Initiative, statusAfter: Status): Standing {
  return { authority: terms.authority, statusBefore: status, statusAfter };
}
/** The standing of an initiative after an event that leaves its status. */
export function unchanged(initiative: Initiative): Standing {
  return becoming(initiative, initiative.status);
}
