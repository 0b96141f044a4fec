import type { DomainEvent, InitiativeEvent, ProgrammeEvent } from './events.js';
import { contentOf, movementsOf } from './movements.js';
import { sumsOf, unspentOf, yearOf } from './money.js';
import type { Initiative, Movement, Programme, Situation, YearState } from './state.js';
import type { FiscalYear, Money, Sums } from './vocabulary.js';

/**
 * What is so after an event. Total: it never throws, and an event of something unknown changes nothing.
 * `situation` holds what {@link movementsOf} names for the event; what the event doesn't touch comes back as it is.
 */
export function evolve(situation: Situation, event: DomainEvent): Situation {
  return event.initiative === undefined ? evolveProgramme(situation, event) : evolveInitiative(situation, event);
}

function evolveProgramme(situation: Situation, event: ProgrammeEvent): Situation {
  if (event.type === 'ProgrammeEstablished') {
    const { programme: code, version, occurredOn: establishedOn, data } = event;
    return { ...situation, programme: { code, version, establishedOn, ...data, fiscalYears: {} } };
  }
  const { programme } = situation;
  if (!programme) return situation;
  const { fiscalYear } = event.data;
  const year = yearOf(programme, fiscalYear);
  const withYear = (changed: YearState): Programme => ({
    ...programme,
    version: event.version,
    fiscalYears: { ...programme.fiscalYears, [fiscalYear]: changed },
  });
  switch (event.type) {
    case 'AppropriationGranted':
      return {
        ...situation,
        programme: withYear({ ...year, appropriated: event.data.amount, grantedOn: event.occurredOn }),
        ...newMovement(event, fiscalYear, event.data.amount),
      };
    case 'AppropriationAdjusted':
      return {
        ...situation,
        programme: withYear({ ...year, appropriated: (year.appropriated ?? 0n) + event.data.change }),
        ...newMovement(event, fiscalYear, event.data.change),
      };
    case 'FiscalYearClosed':
      return { ...situation, programme: withYear({ ...year, closed: true }) };
  }
}

function evolveInitiative(situation: Situation, event: InitiativeEvent): Situation {
  if (event.type === 'InitiativeProposed') return { ...situation, initiative: proposed(event) };
  const { programme, initiative } = situation;
  if (!programme || !initiative) return situation;
  const { version } = event;
  switch (event.type) {
    case 'InitiativeAmended': {
      const { authority = initiative.authority, plannedStart, plannedEnd } = event.data;
      const period = { ...(plannedStart !== undefined && { plannedStart }), ...(plannedEnd !== undefined && { plannedEnd }) };
      return { ...situation, initiative: { ...initiative, version, authority, ...period } };
    }
    case 'InitiativeFunded': {
      const { amount, fiscalYear } = event.data;
      const funded: Initiative =
        initiative.status === 'proposed' ? { ...initiative, version, status: 'funded' } : { ...initiative, version };
      return { ...situation, ...post(programme, funded, fiscalYear, { funded: amount }), ...newMovement(event, fiscalYear, amount) };
    }
    case 'FundingAdjusted': {
      const { fiscalYear } = event.context;
      const { change } = event.data;
      const posted = post(programme, { ...initiative, version }, fiscalYear, { funded: change });
      return { ...situation, ...posted, ...newMovement(event, fiscalYear, change), ...changedOrigin(situation, change) };
    }
    case 'SpendingRecorded': {
      const { fiscalYear } = event.context;
      const { amount } = event.data;
      const spending: Initiative =
        initiative.status === 'proposed' || initiative.status === 'funded'
          ? { ...initiative, version, status: 'spending' }
          : { ...initiative, version };
      return { ...situation, ...post(programme, spending, fiscalYear, { spent: amount }), ...newMovement(event, fiscalYear, amount) };
    }
    case 'SpendingReversed': {
      const { fiscalYear } = event.context;
      const { amount } = event.data;
      const posted = post(programme, { ...initiative, version }, fiscalYear, { spent: -amount });
      return { ...situation, ...posted, ...newMovement(event, fiscalYear, amount), ...changedOrigin(situation, -amount) };
    }
    case 'FundsReturned': {
      const { amount, fiscalYear } = event.data;
      return {
        ...situation,
        ...post(programme, { ...initiative, version }, fiscalYear, { returned: amount }),
        ...newMovement(event, fiscalYear, amount),
      };
    }
    case 'FinalizationStarted':
      return { ...situation, initiative: { ...factsOf(initiative), version, status: 'finalizing', finalizationStartedBy: event.actor } };
    case 'InitiativeFinalized':
      return { ...situation, initiative: { ...factsOf(initiative), version, status: 'finalized', suspended: false } };
    case 'InitiativeCancelled':
      return { ...situation, initiative: { ...factsOf(initiative), version, status: 'cancelled', suspended: false } };
    case 'InitiativeSuspended':
      return { ...situation, initiative: suspend(initiative, version, true) };
    case 'InitiativeResumed':
      return { ...situation, initiative: suspend(initiative, version, false) };
  }
}

function proposed(event: InitiativeEvent & { type: 'InitiativeProposed' }): Initiative {
  const { authority, plannedStart, plannedEnd } = event.data;
  return {
    programme: event.programme,
    code: event.initiative,
    version: event.version,
    status: 'proposed',
    suspended: false,
    authority,
    proposedOn: event.occurredOn,
    proposedBy: event.actor,
    ...(plannedStart !== undefined && { plannedStart }),
    ...(plannedEnd !== undefined && { plannedEnd }),
    years: {},
  };
}

function suspend(initiative: Initiative, version: number, suspended: boolean): Initiative {
  if (initiative.status === 'finalized' || initiative.status === 'cancelled') return initiative;
  return { ...initiative, version, suspended };
}

function factsOf(initiative: Initiative) {
  const { status: _status, finalizationStartedBy: _startedBy, ...facts } = initiative;
  return facts;
}

/** Adds to the sums of a fiscal year, of the initiative and of the programme alike. */
function post(
  programme: Programme,
  initiative: Initiative,
  fiscalYear: FiscalYear,
  change: Partial<Sums>,
): { programme: Programme; initiative: Initiative } {
  const { funded = 0n, spent = 0n, returned = 0n } = change;
  const before = sumsOf(initiative, fiscalYear);
  const after: Sums = { funded: before.funded + funded, spent: before.spent + spent, returned: before.returned + returned };
  const year = yearOf(programme, fiscalYear);
  const opened = Number(unspentOf(after) !== 0n) - Number(unspentOf(before) !== 0n);
  const changed: YearState = {
    ...year,
    funded: year.funded + funded,
    spent: year.spent + spent,
    returned: year.returned + (year.closed ? 0n : returned),
    initiativesWithOpenFunds: year.initiativesWithOpenFunds + opened,
  };
  return {
    programme: { ...programme, fiscalYears: { ...programme.fiscalYears, [fiscalYear]: changed } },
    initiative: { ...initiative, years: { ...initiative.years, [fiscalYear]: after } },
  };
}

function newMovement(event: DomainEvent, fiscalYear: FiscalYear, net: Money): { movement?: Movement } {
  const { movement } = movementsOf(event);
  return movement ? { movement: { ...movement, content: contentOf(event.data), occurredOn: event.occurredOn, fiscalYear, net } } : {};
}

function changedOrigin({ origin }: Situation, change: Money): { origin?: Movement } {
  return origin ? { origin: { ...origin, net: origin.net + change } } : {};
}
