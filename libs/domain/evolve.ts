import { countedAfter, deliveredBy } from './delivery/evolve.js';
import { sumsOf, unspent, yearOf } from './money/available.js';
import { withCarriedCommitments, withCommitmentChange, type CommitmentChange } from './commitments/open.js';
import { amountMoved, effectsOf, furthest, type Effects, type SumsChange } from './effects.js';
import type { DomainEvent, EventOf, InitiativeEvent, ProgrammeEvent, ProgrammeEventType } from './events.js';
import { isMovement, movementsOf } from './money/movements.js';
import { contentOf } from './papers/references.js';
import type { Initiative, Movement, Programme, Request, Situation, YearState } from './state.js';
import { amendedTerms } from './lifecycle/terms.js';
import type { FiscalYear, IsoDate, Money, Sums } from './vocabulary.js';

/**
 * The state for decisions after an event: applies the event's {@link effectsOf effects}. Never throws. Only a damaged history has an event that refers to
 * something unknown; such an event changes nothing.
 */
export function evolve(situation: Situation, event: DomainEvent): Situation {
  if (event.type === 'ProgrammeEstablished') return { ...situation, programme: established(event) };
  if (event.type === 'InitiativeProposed') return { ...situation, initiative: proposed(event) };
  const effects = effectsOf(event);
  return event.initiative === undefined ? afterProgrammeEvent(situation, event, effects) : afterInitiativeEvent(situation, event, effects);
}

function established(event: EventOf<'ProgrammeEstablished'>): Programme {
  const { programme, version, occurredOn, data } = event;
  const { title, currency, timeZone, ceiling, years, approvals, thresholds, indicators } = data;
  const terms = {
    ...{ title, currency, timeZone, ceiling, years, establishedOn: occurredOn },
    ...(approvals && { approvals }),
    ...(thresholds && { thresholds }),
    ...(indicators && { indicators }),
  };
  return { code: programme, version, ...terms, established: { content: contentOf(event), occurredOn }, fiscalYears: {} };
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

function afterProgrammeEvent(situation: Situation, event: ProgrammeEvent, effects: Effects): Situation {
  const { sums: changes, year, programme: said } = effects;
  const { programme } = situation;
  if (!programme) return situation;
  const next = withOrder({ ...programme, ...said, version: event.version }, event, situation.head ?? 0);
  const request = requestAfter(situation, event);
  if (request) return { ...situation, programme: next, request };
  if (year) return { ...situation, programme: year.closed ? closed(next, year.fiscalYear, event) : reopened(next, year.fiscalYear) };
  if (!changes) return { ...situation, programme: next };
  const [sums] = changes;
  const { appropriated, grantedOn } = yearOf(programme, sums.fiscalYear);
  if (event.type === 'AppropriationAdjusted' && appropriated === undefined) return situation;
  const change = {
    appropriated: (appropriated ?? 0n) + (sums.appropriated ?? 0n),
    grantedOn: grantedOn ?? event.occurredOn,
    ...(effects.source && { source: effects.source }),
  };
  return withMovements({ ...situation, programme: withYear(next, sums.fiscalYear, change) }, event, effects);
}

/** The programme with its open order of a statement. @param head the position of the record before the event */
function withOrder(programme: Programme, event: ProgrammeEvent, head: number): Programme {
  if (event.type === 'StatementOrdered') return { ...programme, ordered: head + 1 };
  const { ordered, ...others } = programme;
  return event.type === 'StatementPublished' && ordered !== undefined && event.data.position >= ordered ? others : programme;
}

/** The request that an event begins or ends; `undefined` if it is of none, or of one that is unknown. */
function requestAfter({ request }: Situation, event: ProgrammeEvent): Request | undefined {
  if (event.type === 'CommandSubmitted') {
    const { requestId: id, command, role, expiresOn } = event.data;
    return { programme: event.programme, id, submittedBy: event.actor, submittedOn: event.occurredOn, role, expiresOn, command };
  }
  const as = endings[event.type];
  return as && request ? ended(request, as, event.occurredOn) : undefined;
}
const endings: { readonly [T in ProgrammeEventType]?: NonNullable<Request['ended']>['as'] } = {
  RequestApproved: 'approved',
  RequestReturned: 'returned',
  RequestWithdrawn: 'withdrawn',
};

function ended(
  { programme, id, submittedBy, submittedOn, role, expiresOn }: Request,
  as: NonNullable<Request['ended']>['as'],
  on: IsoDate,
): Request {
  return { programme, id, submittedBy, submittedOn, role, expiresOn, ended: { as, on } };
}

function closed(programme: Programme, fiscalYear: FiscalYear, { actor, occurredOn }: ProgrammeEvent): Programme {
  return withYear(programme, fiscalYear, { closed: true, closing: { by: actor, on: occurredOn } });
}

/** Returns since the closing count from now on as returns in an open year. */
function reopened(programme: Programme, fiscalYear: FiscalYear): Programme {
  const { closing: _, returnedSinceClosing = 0n, ...year } = yearOf(programme, fiscalYear);
  const open = { ...year, closed: false, returned: year.returned + returnedSinceClosing };
  return { ...programme, fiscalYears: { ...programme.fiscalYears, [fiscalYear]: open } };
}

function afterInitiativeEvent(situation: Situation, event: InitiativeEvent, effects: Effects): Situation {
  const { initiative } = situation;
  if (!initiative) return situation;
  const { sums, terms, commitment, carried } = effects;
  const standing = standingAfter(initiative, event, effects);
  const stayed = carried ? withCarriedCommitments(standing, carried) : standing;
  const next = commitment ? withCommitmentChange(stayed, commitment, madeOn(situation, event)) : stayed;
  if (sums) return withMovements(situation.programme ? sums.reduce(posted, { ...situation, initiative: next }) : situation, event, effects);
  return {
    ...situation,
    ...deliveredBy(event, situation.origin),
    initiative: terms ? { ...next, terms: amendedTerms(next.terms, terms) } : next,
  };
}

/** The initiative after an event, with its old sums. Only a finalizing one names who started that; an ended one is never suspended. */
function standingAfter(initiative: Initiative, event: InitiativeEvent, { step, suspended }: Effects): Initiative {
  const { type, version, actor } = event;
  const { finalizationStartedBy, ...former } = initiative;
  const delivery = countedAfter(former.delivery, event);
  const before = delivery ? { ...former, delivery } : former;
  const facts = step === 'funded' ? { ...before, fundedOn: earliest(before.fundedOn, event.occurredOn) } : before;
  const status = furthest(initiative.status, step);
  if (status === 'finalized' || status === 'cancelled') return { ...facts, version, status, suspended: false };
  const live = { ...facts, version, suspended: suspended ?? initiative.suspended };
  if (status !== 'finalizing') return { ...live, status };
  return { ...live, status, finalizationStartedBy: type === 'FinalizationStarted' ? actor : (finalizationStartedBy ?? actor) };
}

/** The day on which the commitment was made that an event changes. */
function madeOn({ origin, commitment }: Situation, { occurredOn }: InitiativeEvent): IsoDate {
  return (commitment ?? (origin?.kind === 'commitment' ? origin : undefined))?.occurredOn ?? occurredOn;
}

function earliest(known: IsoDate | undefined, on: IsoDate): IsoDate {
  return known !== undefined && known < on ? known : on;
}

/** Posts a movement of money to one fiscal year of an initiative and of its programme; a part of the year's appropriation may go with it. */
function posted(situation: Situation, change: SumsChange): Situation {
  const { programme, initiative } = situation;
  if (!programme || !initiative) return situation;
  const { fiscalYear, funded = 0n, spent = 0n, returned = 0n, committed = 0n, appropriated } = change;
  const before = sumsOf(initiative, fiscalYear);
  const sums: Sums = { funded: before.funded + funded, spent: before.spent + spent, returned: before.returned + returned };
  const after = withCommitted(sums, before.committed, committed);
  const year = yearOf(programme, fiscalYear);
  const yearAfter: YearState = {
    ...year,
    funded: year.funded + funded,
    spent: year.spent + spent,
    ...(appropriated !== undefined && { appropriated: (year.appropriated ?? 0n) + appropriated }),
    ...(year.closed ? { returnedSinceClosing: (year.returnedSinceClosing ?? 0n) + returned } : { returned: year.returned + returned }),
    initiativesWithOpenFunds: year.initiativesWithOpenFunds - openFunds(before) + openFunds(after),
  };
  return {
    ...situation,
    programme: {
      ...programme,
      fiscalYears: { ...programme.fiscalYears, [fiscalYear]: withCommitted(yearAfter, year.committed, committed) },
    },
    initiative: { ...initiative, years: { ...initiative.years, [fiscalYear]: after } },
  };
}

/** Zero is left out, so that a state without commitments has no word of them. */
function withCommitted<S extends { readonly committed?: Money }>(sums: S, before = 0n, change: Money): S | Omit<S, 'committed'> {
  const committed = before + change;
  if (committed !== 0n) return { ...sums, committed };
  if (sums.committed === undefined) return sums;
  const { committed: _, ...others } = sums;
  return others;
}

function withYear(programme: Programme, fiscalYear: FiscalYear, change: Partial<YearState>): Programme {
  return { ...programme, fiscalYears: { ...programme.fiscalYears, [fiscalYear]: { ...yearOf(programme, fiscalYear), ...change } } };
}

function openFunds(sums: Sums): 0 | 1 {
  return unspent(sums) === 0n ? 0 : 1;
}

/**
 * Keeps the movement that an event records, and changes the one it corrects and the commitment that it draws from or gives back to. An automatic return or
 * release has no id, so it is not kept as a movement.
 */
function withMovements(situation: Situation, event: DomainEvent, effects: Effects): Situation {
  const { movement: key, origin: corrected } = movementsOf(event);
  const moved = amountMoved(effects);
  if (!moved || (!key && !corrected) || (key && !isMovement(key))) return situation;
  const { origin, commitment } = situation;
  const reopened = commitment && effects.commitment && { commitment: afterChange(commitment, effects.commitment) };
  const after = {
    ...situation,
    ...(corrected && origin && isMovement(origin) && { origin: correctedBy(origin, effects, moved.amount) }),
    ...reopened,
  };
  if (!key) return after;
  const net = event.type === 'SpendingReversed' ? -moved.amount : moved.amount;
  const drawnFrom = event.type === 'SpendingRecorded' ? event.data.commitmentId : undefined;
  const movement: Movement = {
    ...key,
    content: contentOf(event),
    occurredOn: event.occurredOn,
    fiscalYear: moved.fiscalYear,
    net,
    ...(drawnFrom !== undefined && { commitmentId: drawnFrom }),
    ...(event.type === 'InitiativeFunded' && effects.source && { source: effects.source }),
  };
  return { ...after, movement };
}

function correctedBy(origin: Movement, { commitment }: Effects, change: Money): Movement {
  return origin.kind === 'commitment' && commitment ? afterChange(origin, commitment) : { ...origin, net: origin.net + change };
}

function afterChange(commitment: Movement, { fiscalYear, change, released }: CommitmentChange): Movement {
  return { ...commitment, fiscalYear, net: commitment.net + change, ...(released && { released }) };
}
