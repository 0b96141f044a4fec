/** An initiative's document for readers, folded from its own events alone. */
import { dayIn, daysBetween, isTimeZone } from '../../domain/calendar.js';
import { effectsOf, furthest, type SumsChange } from '../../domain/effects.js';
import type { EventOf } from '../../domain/events.js';
import { amendedTerms } from '../../domain/lifecycle/terms.js';
import type { FiscalYear, IsoDate, Money, Status } from '../../domain/vocabulary.js';
import type { InitiativeTerms } from '../../domain/lifecycle/commands.js';
import { deliveryAfter, type DeliveryKept, type DeliveryView } from '../delivery/initiative-delivery.js';
import type { EventRecord } from '../../event-log/record.js';
import { toWire } from '../../event-log/record.js';

/** Money of one fiscal year of an initiative. */
export type InitiativeYear = {
  fiscalYear: FiscalYear;
  funded: string;
  spent: string;
  returned: string;
  /** funded − returned − spent. */ available: string;
  /** Σ open commitments. */ committed: string;
  /** available − committed. */ free: string;
};
/** The amount and period that were requested at the first funding. */
export type FirstApproved = { on: string; requestedAmount?: string; plannedStart?: string; plannedEnd?: string };
/** How it ended. */
export type Ending = { on: string; finalValue?: string; reason?: string; legalBasis?: string };

export type InitiativeView = DeliveryView & {
  programme: string;
  initiative: string;
  /** The version of its last event, for `If-Match`. */
  version: number;
  /** The position of its last event in its programme's history. */
  position: number;
  title: { [language: string]: string };
  authority: string;
  authorityName?: string;
  region?: string;
  sector?: string;
  requestedAmount?: string;
  plannedStart?: string;
  plannedEnd?: string;
  status: Status;
  suspended: boolean;
  proposedOn: string;
  firstApproved?: FirstApproved;
  firstSpentOn?: string;
  ended?: Ending;
  funded: string;
  /** Σ transfers received − given, which `funded` includes; absent if there was none. */
  transferred?: string;
  /** Σ spending − reversals. */
  spent: string;
  returned: string;
  /** funded − returned − spent. */
  available: string;
  /** Σ open commitments. */
  committed: string;
  /** What can be spent without drawing from a commitment: available − committed. */
  free: string;
  /** How many commitments were made. */
  commitments: number;
  /** spent ÷ (funded − returned), to four decimals; `null` if there is no funding. */
  absorption: number | null;
  fiscalYears: InitiativeYear[];
  /** Days from the occurrence of its entries to their recording. */
  lateness: { entries: number; averageDays: number; longestDays: number };
  lastOccurredOn: string;
  lastRecordedAt: string;
};

/** An initiative's view, the sum of its days of lateness, from which the next fold computes the average, and what is open of its delivery. */
export type InitiativeFold = { view: InitiativeView; daysLate: number; kept?: DeliveryKept };

/**
 * The initiative after an event. Events come in the order of their positions. Some may be left out, for example those dated after a day.
 * @param timeZone the programme's time zone, in which days are counted; UTC if this process does not know it
 */
export function foldInitiative(before: InitiativeFold | undefined, event: EventRecord, timeZone: string): InitiativeFold | undefined {
  if (event.initiative === undefined) return before;
  if (event.type === 'InitiativeProposed') return seen(proposed(event), 0, event, timeZone);
  if (!before) return undefined;
  const view = changed(before.view, event);
  const { view: delivery, kept } = deliveryAfter(before, event, view.absorption);
  return { ...seen({ ...view, ...delivery }, before.daysLate, event, timeZone), ...(kept && { kept }) };
}

function proposed(event: EventRecord & EventOf<'InitiativeProposed'>): InitiativeView {
  return {
    programme: event.programme,
    initiative: event.initiative,
    version: event.version,
    position: event.position,
    ...wireTerms(event.data),
    status: 'proposed',
    suspended: false,
    proposedOn: event.occurredOn,
    funded: '0',
    spent: '0',
    returned: '0',
    available: '0',
    committed: '0',
    free: '0',
    commitments: 0,
    absorption: null,
    fiscalYears: [],
    lateness: { entries: 0, averageDays: 0, longestDays: 0 },
    lastOccurredOn: event.occurredOn,
    lastRecordedAt: event.recordedAt,
  };
}

function changed(view: InitiativeView, event: EventRecord): InitiativeView {
  const { step, suspended, sums, terms } = effectsOf(event);
  const ended = view.ended ?? endingIn(event);
  let next: InitiativeView = {
    ...(terms ? amended(view, terms) : view),
    status: furthest(view.status, step),
    suspended: !ended && (suspended ?? view.suspended),
    ...(ended && { ended }),
  };
  if (sums) next = sums.reduce(posted, next);
  if (event.type === 'CommitmentMade') next = { ...next, commitments: next.commitments + 1 };
  if (step === 'funded') next = approved(next, event.occurredOn);
  if (event.type === 'FundingTransferred') next = { ...next, transferred: sum(next.transferred ?? '0', sums?.[0].funded) };
  if (event.type === 'SpendingRecorded') next = firstSpent(next, event.occurredOn);
  return next;
}

function endingIn(event: EventRecord): Ending | undefined {
  if (event.type === 'InitiativeFinalized') return { on: event.occurredOn, finalValue: event.data.finalValue.toString() };
  return event.type === 'InitiativeCancelled' ? { on: event.occurredOn, ...event.data } : undefined;
}

function wireTerms({ title, authority, ...rest }: InitiativeTerms) {
  const { authorityName, requestedAmount, plannedStart, plannedEnd, region, sector } = toWire(rest);
  return {
    title: { ...title },
    authority,
    ...(authorityName !== undefined && { authorityName }),
    ...(region !== undefined && { region }),
    ...(sector !== undefined && { sector }),
    ...(requestedAmount !== undefined && { requestedAmount }),
    ...(plannedStart !== undefined && { plannedStart }),
    ...(plannedEnd !== undefined && { plannedEnd }),
  };
}

function amended(view: InitiativeView, amendment: Readonly<Partial<InitiativeTerms>>): InitiativeView {
  const { title, authority, authorityName, region, sector, requestedAmount, plannedStart, plannedEnd, ...rest } = view;
  const terms: InitiativeTerms = {
    title,
    authority,
    ...(authorityName !== undefined && { authorityName }),
    ...(region !== undefined && { region }),
    ...(sector !== undefined && { sector }),
    ...(requestedAmount !== undefined && { requestedAmount: BigInt(requestedAmount) }),
    ...(plannedStart !== undefined && { plannedStart }),
    ...(plannedEnd !== undefined && { plannedEnd }),
  };
  return { ...rest, ...wireTerms(amendedTerms(terms, amendment)) };
}

function approved(view: InitiativeView, on: IsoDate): InitiativeView {
  if (view.firstApproved) return view;
  const { requestedAmount, plannedStart, plannedEnd } = view;
  return {
    ...view,
    firstApproved: {
      on,
      ...(requestedAmount !== undefined && { requestedAmount }),
      ...(plannedStart !== undefined && { plannedStart }),
      ...(plannedEnd !== undefined && { plannedEnd }),
    },
  };
}

function firstSpent(view: InitiativeView, on: IsoDate): InitiativeView {
  return view.firstSpentOn !== undefined && view.firstSpentOn <= on ? view : { ...view, firstSpentOn: on };
}

/** The sums of an initiative, or of one of its fiscal years. */
export type SumTexts = Pick<InitiativeYear, 'funded' | 'spent' | 'returned' | 'available' | 'committed' | 'free'>;
const noSums: SumTexts = { funded: '0', spent: '0', returned: '0', available: '0', committed: '0', free: '0' };

function posted(view: InitiativeView, change: SumsChange): InitiativeView {
  const { fiscalYear } = change;
  const year = view.fiscalYears.find((one) => one.fiscalYear === fiscalYear);
  const years = [...view.fiscalYears.filter((one) => one.fiscalYear !== fiscalYear), { fiscalYear, ...plus(year ?? noSums, change) }].sort(
    (one, other) => one.fiscalYear - other.fiscalYear,
  );
  const sums = plus(view, change);
  return { ...view, ...sums, absorption: absorptionOf(sums), fiscalYears: years };
}

/** Exact at any size of the amounts. */
function absorptionOf({ funded, returned, spent }: Pick<SumTexts, 'funded' | 'returned' | 'spent'>): number | null {
  const net = BigInt(funded) - BigInt(returned);
  return net <= 0n ? null : Number((BigInt(spent) * 10_000n) / net) / 10_000;
}

/** A sum without a change keeps its text, which saves the conversion. */
function plus(before: SumTexts, { funded, spent, returned, committed }: SumsChange): SumTexts {
  const available = (funded ?? 0n) - (returned ?? 0n) - (spent ?? 0n);
  return {
    funded: sum(before.funded, funded),
    spent: sum(before.spent, spent),
    returned: sum(before.returned, returned),
    available: sum(before.available, available),
    committed: sum(before.committed, committed),
    free: sum(before.free, available - (committed ?? 0n)),
  };
}
function sum(text: string, added: Money | undefined): string {
  return added === undefined ? text : (BigInt(text) + added).toString();
}

/** The changes that every event makes, of any type. */
function seen(view: InitiativeView, daysLateBefore: number, event: EventRecord, timeZone: string): InitiativeFold {
  const late = Math.max(0, daysBetween(event.occurredOn, dayRecorded(event, timeZone)));
  const daysLate = daysLateBefore + late;
  const entries = view.lateness.entries + 1;
  return {
    view: {
      ...view,
      version: event.version,
      position: event.position,
      lateness: {
        entries,
        averageDays: Math.round((daysLate / entries) * 10) / 10,
        longestDays: Math.max(view.lateness.longestDays, late),
      },
      lastOccurredOn: view.lastOccurredOn > event.occurredOn ? view.lastOccurredOn : event.occurredOn,
      lastRecordedAt: event.recordedAt,
    },
    daysLate,
  };
}

/** UTC stands in for a zone that only newer processes know, so that the fold continues; newer processes fold a generation of their own. */
function dayRecorded({ recordedAt }: EventRecord, timeZone: string): IsoDate {
  return dayIn(isTimeZone(timeZone) ? timeZone : 'UTC', Date.parse(recordedAt));
}
