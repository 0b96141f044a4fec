import type { InitiativeCommand } from './commands.js';
import { checkTotal, checkVersion, checkYearOpen } from './decide-programme.js';
import type { InitiativeEvent } from './events.js';
import { availableAppropriation, availableTo, fiscalYearOf, sumsOf, totalOf, unspentOf, yearOf } from './money.js';
import { checkOwn, isSameParty, partyOf } from './permissions.js';
import { refuse } from './refusal.js';
import { automaticReturns, type AutomaticReturn } from './returns.js';
import type { Initiative, Movement, Programme, Situation } from './state.js';
import { statusAfterFunding, statusAfterSpending, checkStatus } from './status.js';
import type { FiscalYear, IsoDate, Money, Status } from './vocabulary.js';

type Of<T extends InitiativeCommand['type']> = InitiativeCommand & { type: T };
type Frame = { programme: string; initiative: string; version: number; occurredOn: IsoDate; actor: InitiativeCommand['actor'] };

/** Decides a command to an initiative. @throws {Refusal} */
export function decideForInitiative(command: InitiativeCommand, situation: Situation, occurredOn: IsoDate): InitiativeEvent[] {
  const { programme, initiative, origin } = situation;
  if (!programme) return refuse('unknown-programme', `there is no programme ${command.programme}; an admin establishes it first`);
  const frame: Frame = {
    programme: programme.code,
    initiative: command.initiative,
    version: (initiative?.version ?? 0) + 1,
    occurredOn,
    actor: command.actor,
  };
  if (command.type === 'ProposeInitiative') return propose(command, initiative, frame);
  if (!initiative) return refuse('unknown-initiative', `${programme.code} has no initiative ${command.initiative}`);
  checkOwn(command, initiative);
  checkVersion(command.expectedVersion, initiative);
  if (occurredOn < initiative.proposedOn)
    refuse('date-out-of-order', `nothing is dated before the proposal of ${initiative.code} (${initiative.proposedOn}), not ${occurredOn}`);
  const { status } = initiative;
  checkStatus(command.type, initiative);
  const standing = (statusAfter: Status = status) => ({ authority: initiative.authority, statusBefore: status, statusAfter });
  switch (command.type) {
    case 'AmendInitiative':
      return amend(command, initiative, frame);
    case 'FundInitiative': {
      const { amount, fiscalYear } = command.data;
      checkFunding(command, programme, initiative, fiscalYear, amount);
      return [{ ...frame, type: 'InitiativeFunded', data: command.data, context: { ...standing(statusAfterFunding(status)), fiscalYear } }];
    }
    case 'AdjustFunding': {
      const fiscalYear = adjustedYear(command, origin, occurredOn);
      checkAdjustment(command, programme, initiative, fiscalYear, origin);
      return [{ ...frame, type: 'FundingAdjusted', data: command.data, context: { ...standing(), fiscalYear } }];
    }
    case 'RecordSpending': {
      const fiscalYear = fiscalYearOf(occurredOn);
      checkYearOpen(programme, fiscalYear);
      const available = availableTo(programme, initiative, fiscalYear);
      const { amount } = command.data;
      if (amount > available)
        refuse('funding-exceeded', `${available} is left ${basis(programme, fiscalYear)}; ${amount} was to be spent`, {
          available,
          requested: amount,
        });
      return [
        { ...frame, type: 'SpendingRecorded', data: command.data, context: { ...standing(statusAfterSpending(status)), fiscalYear } },
      ];
    }
    case 'ReverseSpending':
      return reverse(command, programme, initiative, origin, frame);
    case 'ReturnFunds': {
      const { fiscalYear, amount } = command.data;
      if (programme.years === 'annual') checkYearOpen(programme, fiscalYear);
      const available = returnable(programme, initiative, fiscalYear);
      if (amount > available)
        refuse('return-exceeds-unspent', `${available} of ${fiscalYear} can be returned; ${amount} was to be`, {
          available,
          requested: amount,
        });
      return [{ ...frame, type: 'FundsReturned', data: command.data, context: { ...standing(), fiscalYear } }];
    }
    case 'StartFinalizing':
      return [{ ...frame, type: 'FinalizationStarted', data: {}, context: standing('finalizing') }];
    case 'FinalizeInitiative':
      return finalize(command, programme, initiative, frame);
    case 'CancelInitiative': {
      const returns = automaticReturns(programme, initiative, unspentOf(totalOf(initiative)));
      const events = returnEvents(returns, initiative, frame, frame.version, {});
      return [
        ...events,
        {
          ...frame,
          version: frame.version + events.length,
          type: 'InitiativeCancelled',
          data: command.data,
          context: standing('cancelled'),
        },
      ];
    }
    case 'SuspendInitiative':
      return [{ ...frame, type: 'InitiativeSuspended', data: command.data, context: standing() }];
    case 'ResumeInitiative':
      return [{ ...frame, type: 'InitiativeResumed', data: command.data, context: standing() }];
  }
}

function propose(command: Of<'ProposeInitiative'>, existing: Initiative | undefined, frame: Frame): InitiativeEvent[] {
  const { data, initiative: code } = command;
  checkOwn(command, { authority: data.authority, code });
  if (existing)
    refuse('initiative-exists', `${code} was proposed on ${existing.proposedOn} by ${existing.authority}; codes are unique in a programme`);
  if (command.expectedVersion !== undefined && command.expectedVersion !== 0)
    refuse('version-mismatch', `${code} does not exist yet; there is no version ${command.expectedVersion}`);
  checkPeriod(data.plannedStart, data.plannedEnd);
  return [
    { ...frame, type: 'InitiativeProposed', data, context: { authority: data.authority, statusBefore: null, statusAfter: 'proposed' } },
  ];
}

function amend(command: Of<'AmendInitiative'>, initiative: Initiative, frame: Frame): InitiativeEvent[] {
  const { reason: _reason, ...changes } = command.data;
  if (Object.keys(changes).length === 0) refuse('nothing-to-amend', 'an amendment names at least one thing that changes');
  const { authority, authorityName, requestedAmount, plannedStart, plannedEnd } = changes;
  const forFinance = authority !== undefined || authorityName !== undefined || requestedAmount !== undefined;
  if (forFinance && partyOf(command.actor).role !== 'finance') refuse('forbidden', 'finance amends the authority and the requested amount');
  checkPeriod(plannedStart ?? initiative.plannedStart, plannedEnd ?? initiative.plannedEnd);
  const moves = authority !== undefined && authority !== initiative.authority;
  const { status } = initiative;
  return [
    {
      ...frame,
      type: 'InitiativeAmended',
      data: command.data,
      context: {
        authority: authority ?? initiative.authority,
        statusBefore: status,
        statusAfter: status,
        ...(moves && { moved: { from: initiative.authority, sums: initiative.years } }),
      },
    },
  ];
}

function checkPeriod(start: IsoDate | undefined, end: IsoDate | undefined): void {
  if (start !== undefined && end !== undefined && end < start)
    refuse('period-out-of-order', `the planned end ${end} is before the planned start ${start}`);
}

function checkFunding(
  command: InitiativeCommand,
  programme: Programme,
  initiative: Initiative,
  fiscalYear: FiscalYear,
  amount: Money,
): void {
  if (initiative.suspended) refuse('initiative-suspended', `${initiative.code} is suspended; it takes funding once it is resumed`);
  if (isSameParty(command.actor, initiative.proposedBy)) refuse('separation-of-duties', 'who proposed an initiative does not fund it');
  checkYearOpen(programme, fiscalYear);
  const available = availableAppropriation(yearOf(programme, fiscalYear));
  if (programme.ceiling === 'enforced' && amount > available)
    refuse('appropriation-exceeded', `${available} of the appropriation of ${fiscalYear} is left; ${amount} was asked for`, {
      available,
      requested: amount,
    });
  checkTotal(programme, amount);
}

function adjustedYear(command: Of<'AdjustFunding'>, origin: Movement | undefined, occurredOn: IsoDate): FiscalYear {
  const { fundingId } = command.data;
  if (fundingId === undefined) {
    if (command.actor.role !== 'admin') refuse('forbidden', 'an adjustment names the funding it adjusts; only an import may leave it out');
    return fiscalYearOf(occurredOn);
  }
  if (!origin) return refuse('unknown-funding', `${command.initiative} has no funding ${fundingId}`);
  if (occurredOn < origin.occurredOn)
    refuse('date-out-of-order', `an adjustment is not dated before the funding it adjusts (${origin.occurredOn}), not ${occurredOn}`);
  return origin.fiscalYear;
}

function checkAdjustment(
  command: Of<'AdjustFunding'>,
  programme: Programme,
  initiative: Initiative,
  fiscalYear: FiscalYear,
  origin: Movement | undefined,
): void {
  const { change } = command.data;
  if (change > 0n) {
    checkFunding(command, programme, initiative, fiscalYear, change);
    return;
  }
  checkYearOpen(programme, fiscalYear);
  const left = origin ? availableTo(programme, initiative, fiscalYear) : unspentOf(totalOf(initiative));
  const available = origin && origin.net < left ? origin.net : left;
  if (-change > available)
    refuse('funding-below-spending', `the funding can be lowered by at most ${available}; ${-change} was asked for`, {
      available,
      requested: -change,
    });
}

function reverse(
  command: Of<'ReverseSpending'>,
  programme: Programme,
  initiative: Initiative,
  origin: Movement | undefined,
  frame: Frame,
): InitiativeEvent[] {
  const { transactionId, amount } = command.data;
  if (transactionId === undefined && command.actor.role !== 'admin')
    refuse('forbidden', 'a reversal names the spending it reverses; only an import may leave it out');
  if (transactionId !== undefined && !origin) refuse('unknown-spending', `${initiative.code} has no spending ${transactionId}`);
  if (origin && frame.occurredOn < origin.occurredOn)
    refuse('date-out-of-order', `a reversal is not dated before the spending it reverses (${origin.occurredOn}), not ${frame.occurredOn}`);
  const fiscalYear = origin?.fiscalYear ?? fiscalYearOf(frame.occurredOn);
  const spent = (programme.years === 'annual' ? sumsOf(initiative, fiscalYear) : totalOf(initiative)).spent;
  const available = origin?.net ?? spent;
  if (amount > available)
    refuse('reversal-exceeds-spending', `${available} of the spending is left to reverse; ${amount} was to be`, {
      available,
      requested: amount,
    });

  const { status } = initiative;
  const priorYear = programme.years === 'annual' && yearOf(programme, fiscalYear).closed;
  const afterEnd = status === 'finalized' || status === 'cancelled';
  const flags = { ...(priorYear && { priorYear: true as const }), ...(afterEnd && { afterEnd: true as const }) };
  const context = { authority: initiative.authority, statusBefore: status, statusAfter: status, fiscalYear, ...flags };
  const reversed: InitiativeEvent = { ...frame, type: 'SpendingReversed', data: command.data, context };
  if (!priorYear && !afterEnd) return [reversed];

  if (partyOf(command.actor).role !== 'finance')
    refuse(
      afterEnd ? 'wrong-status' : 'fiscal-year-closed',
      afterEnd
        ? `${initiative.code} is ${status}; only finance corrects it now`
        : `the fiscal year ${fiscalYear} is closed; only finance corrects it now`,
    );
  const before = sumsOf(initiative, fiscalYear);
  const corrected: Initiative = {
    ...initiative,
    years: { ...initiative.years, [fiscalYear]: { ...before, spent: before.spent - amount } },
  };
  const returns = programme.years === 'annual' ? [{ fiscalYear, amount }] : automaticReturns(programme, corrected, amount);
  return [reversed, ...returnEvents(returns, initiative, frame, frame.version + 1, flags)];
}

function finalize(command: InitiativeCommand, programme: Programme, initiative: Initiative, frame: Frame): InitiativeEvent[] {
  if (initiative.finalizationStartedBy && isSameParty(command.actor, initiative.finalizationStartedBy))
    refuse('separation-of-duties', 'who started finalising an initiative does not finalise it');
  const unspent = automaticReturns(programme, initiative, unspentOf(totalOf(initiative))).reduce((sum, { amount }) => sum + amount, 0n);
  if (unspent > 0n)
    refuse('unspent-funds', `${unspent} is neither spent nor returned; it is returned before the initiative is finalised`, {
      available: unspent,
    });
  const { authority, status: statusBefore } = initiative;
  const finalValue = totalOf(initiative).spent;
  return [{ ...frame, type: 'InitiativeFinalized', data: { finalValue }, context: { authority, statusBefore, statusAfter: 'finalized' } }];
}

/** The ledger's own returns, one event a year. */
function returnEvents(
  returns: readonly AutomaticReturn[],
  { authority, status }: Initiative,
  frame: Frame,
  firstVersion: number,
  flags: { priorYear?: true; afterEnd?: true },
): InitiativeEvent[] {
  return returns.map(({ fiscalYear, amount }, index) => ({
    ...frame,
    version: firstVersion + index,
    type: 'FundsReturned',
    data: { fiscalYear, amount },
    context: { authority, statusBefore: status, statusAfter: status, fiscalYear, ...flags, automatic: true },
  }));
}

/** What of a year's money can be returned. */
function returnable(programme: Programme, initiative: Initiative, fiscalYear: FiscalYear): Money {
  const year = sumsOf(initiative, fiscalYear);
  if (programme.years === 'annual') return unspentOf(year);
  const left = unspentOf(totalOf(initiative));
  const ofYear = year.funded - year.returned;
  return left < ofYear ? left : ofYear;
}

function basis(programme: Programme, fiscalYear: FiscalYear): string {
  return programme.years === 'annual' ? `of ${fiscalYear}` : 'over all years';
}
