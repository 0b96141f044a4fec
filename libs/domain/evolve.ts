import { noSums, sumsOf, unspent, yearOf } from './available.js';
import { canonicalText } from './canonical-text.js';
import type { DomainEvent, EventOf, InitiativeEvent, MoneyEvent } from './events.js';
import { movementsOf } from './movements.js';
import type { Initiative, Movement, Programme, Situation, YearState } from './state.js';
import { amendedTerms } from './terms.js';
import type { FiscalYear, Money, Status, Sums } from './vocabulary.js';

/**
 * What is known once an event has happened. Never fails: an event that refers to something unknown, as only a damaged history has,
 * leaves everything as it was.
 */
export function evolve(situation: Situation, event: DomainEvent): Situation {
  switch (event.type) {
    case 'ProgrammeEstablished':
      return { ...situation, programme: established(event) };
    case 'AppropriationGranted':
      return changedYear(moved(situation, event, event.data.fiscalYear, event.data.amount), event, {
        appropriated: event.data.amount,
        grantedOn: event.occurredOn,
      });
    case 'AppropriationAdjusted': {
      const before = situation.programme?.fiscalYears[event.data.fiscalYear]?.appropriated;
      if (before === undefined) return situation;
      return changedYear(moved(situation, event, event.data.fiscalYear, event.data.change), event, {
        appropriated: before + event.data.change,
      });
    }
    case 'FiscalYearClosed':
      return changedYear(situation, event, { closed: true });
    case 'InitiativeProposed':
      return { ...situation, initiative: proposed(event) };
    case 'InitiativeAmended':
      return changedInitiative(situation, (initiative) => ({
        ...initiative,
        version: event.version,
        terms: amendedTerms(initiative.terms, event.data),
      }));
    case 'InitiativeFunded':
      return posted(moved(situation, event, event.context.fiscalYear, event.data.amount), event, { funded: event.data.amount });
    case 'FundingAdjusted':
      return posted(corrected(moved(situation, event, event.context.fiscalYear, event.data.change), event, event.data.change), event, {
        funded: event.data.change,
      });
    case 'SpendingRecorded':
      return posted(moved(situation, event, event.context.fiscalYear, event.data.amount), event, { spent: event.data.amount });
    case 'SpendingReversed':
      return posted(corrected(moved(situation, event, event.context.fiscalYear, event.data.amount), event, -event.data.amount), event, {
        spent: -event.data.amount,
      });
    case 'FundsReturned':
      return posted(moved(situation, event, event.context.fiscalYear, event.data.amount), event, { returned: event.data.amount });
    case 'FinalizationStarted':
      return changedInitiative(situation, (initiative) => ({
        ...initiative,
        version: event.version,
        status: 'finalizing',
        finalizationStartedBy: event.actor,
      }));
    case 'InitiativeFinalized':
      return changedInitiative(situation, (initiative) => ended(initiative, event, 'finalized'));
    case 'InitiativeCancelled':
      return changedInitiative(situation, (initiative) => ended(initiative, event, 'cancelled'));
    case 'InitiativeSuspended':
      return changedInitiative(situation, (initiative) => suspension(initiative, event, true));
    case 'InitiativeResumed':
      return changedInitiative(situation, (initiative) => suspension(initiative, event, false));
  }
}

function established({ programme, version, occurredOn, data }: EventOf<'ProgrammeEstablished'>): Programme {
  const { title, currency, timeZone, ceiling, years } = data;
  return { code: programme, version, title, currency, timeZone, ceiling, years, establishedOn: occurredOn, fiscalYears: {} };
}

function proposed({ programme, initiative, version, occurredOn, actor, data }: EventOf<'InitiativeProposed'>): Initiative {
  return {
    programme,
    code: initiative,
    version,
    status: 'proposed',
    terms: data,
    proposedOn: occurredOn,
    proposedBy: actor,
    suspended: false,
    years: {},
  };
}

/** An initiative that ended is neither suspended nor waiting for somebody else's signature. */
function ended(initiative: Initiative, { version }: InitiativeEvent, status: 'finalized' | 'cancelled'): Initiative {
  const { programme, code, terms, proposedOn, proposedBy, years } = initiative;
  return { programme, code, version, status, terms, proposedOn, proposedBy, suspended: false, years };
}

function suspension(initiative: Initiative, { version }: InitiativeEvent, suspended: boolean): Initiative {
  if (initiative.status === 'finalized' || initiative.status === 'cancelled') return initiative;
  return { ...initiative, version, suspended };
}

function changedInitiative(situation: Situation, change: (initiative: Initiative) => Initiative): Situation {
  return situation.initiative ? { ...situation, initiative: change(situation.initiative) } : situation;
}

/** A fiscal year as an event of the programme itself leaves it. */
function changedYear(
  situation: Situation,
  { version, data }: EventOf<'AppropriationGranted' | 'AppropriationAdjusted' | 'FiscalYearClosed'>,
  change: Partial<YearState>,
): Situation {
  const { programme } = situation;
  if (!programme) return situation;
  const year = { ...yearOf(programme, data.fiscalYear), ...change };
  return { ...situation, programme: { ...withYear(programme, data.fiscalYear, year), version } };
}

function withYear(programme: Programme, fiscalYear: FiscalYear, year: YearState): Programme {
  return { ...programme, fiscalYears: { ...programme.fiscalYears, [fiscalYear]: year } };
}

/** Keeps a movement by its id, for ever. What the ledger itself returns has none. */
function moved(
  situation: Situation,
  event: MoneyEvent | EventOf<'AppropriationGranted' | 'AppropriationAdjusted'>,
  fiscalYear: FiscalYear,
  net: Money,
): Situation {
  const { movement: key } = movementsOf(event);
  if (!key) return situation;
  const movement: Movement = { ...key, content: canonicalText(event.data), occurredOn: event.occurredOn, fiscalYear, net };
  return { ...situation, movement };
}

/** What is left of the movement an event corrects. */
function corrected(situation: Situation, event: MoneyEvent, change: Money): Situation {
  if (!movementsOf(event).origin || !situation.origin) return situation;
  return { ...situation, origin: { ...situation.origin, net: situation.origin.net + change } };
}

/** Money moved in one fiscal year of an initiative, and of its programme. */
function posted(situation: Situation, event: MoneyEvent, change: Partial<Sums>): Situation {
  const { programme, initiative } = situation;
  if (!programme || !initiative) return situation;
  const { fiscalYear, statusAfter } = event.context;
  const { funded, spent, returned } = { ...noSums, ...change };
  const before = sumsOf(initiative, fiscalYear);
  const after: Sums = { funded: before.funded + funded, spent: before.spent + spent, returned: before.returned + returned };
  const year = yearOf(programme, fiscalYear);
  return {
    ...situation,
    programme: withYear(programme, fiscalYear, {
      ...year,
      funded: year.funded + funded,
      spent: year.spent + spent,
      returned: year.closed ? year.returned : year.returned + returned,
      initiativesWithOpenFunds: year.initiativesWithOpenFunds - openFunds(before) + openFunds(after),
    }),
    initiative: reached({ ...initiative, version: event.version, years: { ...initiative.years, [fiscalYear]: after } }, statusAfter),
  };
}

function openFunds(sums: Sums): 0 | 1 {
  return unspent(sums) === 0n ? 0 : 1;
}

/** Money carries an initiative as far as `spending`, never back. */
function reached(initiative: Initiative, status: Status): Initiative {
  if (initiative.status !== 'proposed' && initiative.status !== 'funded') return initiative;
  return status === 'funded' || status === 'spending' ? { ...initiative, status } : initiative;
}
