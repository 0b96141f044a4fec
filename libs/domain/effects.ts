/**
 * The effects of every event, declared once. The processor's state, the read models, totals now and as of a past day, and reports all fold these effects.
 * None of them derives sums, status, terms or years from the type of an event.
 */
import type { CarriedCommitments, CommitmentChange } from './commitments/open.js';
import type { DrawnFrom } from './commitments/events.js';
import type { InitiativeTerms } from './lifecycle/commands.js';
import type { DomainEvent, EventOf } from './events.js';
import type { SourceKind } from './papers/source.js';
import type { ApprovalRule, Thresholds } from './requests/approvals.js';
import { statuses, type FiscalYear, type IndicatorRule, type IsoDate, type Money, type Status, type Texts } from './vocabulary.js';

/** The change that an event makes to the sums of one fiscal year, in minor units. A correction is negative. */
export type SumsChange = {
  readonly fiscalYear: FiscalYear;
  /** Only the programme's sums change by it, also if the event belongs to an initiative. */
  readonly appropriated?: Money;
  readonly funded?: Money;
  /** Σ spending − reversals. */
  readonly spent?: Money;
  readonly returned?: Money;
  /** Promised to suppliers and not yet spent: Σ open commitments. */
  readonly committed?: Money;
};
/** The changes that an event makes to the sums, each of another fiscal year. The first is the one that the event is about. */
export type SumsChanges = readonly [SumsChange, ...SumsChange[]];

/** Everything that an event changes. An absent field means no change. */
export type Effects = {
  /** Sums of fiscal years: of the programme, and of the initiative if the event belongs to one. */
  readonly sums?: SumsChanges;
  /** The kind of the source that the money of the sums comes from. */
  readonly source?: SourceKind;
  /** What is left of a commitment of the initiative. */
  readonly commitment?: CommitmentChange;
  /** Commitments that go to another fiscal year with their money. */
  readonly carried?: CarriedCommitments;
  /** The step that the initiative takes. Its status is the furthest of its steps (ADR 8). */
  readonly step?: Status;
  /** The initiative's terms from this event on. */
  readonly terms?: Readonly<Partial<InitiativeTerms>>;
  /** The programme's terms from this event on. */
  readonly programme?: {
    readonly title?: Texts;
    readonly establishedOn?: IsoDate;
    readonly approvals?: readonly ApprovalRule[];
    readonly thresholds?: Thresholds;
    readonly indicators?: IndicatorRule;
    /** The position that its last statement is of. */
    readonly statement?: number;
  };
  readonly suspended?: boolean;
  /** Whether a fiscal year is closed from this event on. */
  readonly year?: { readonly fiscalYear: FiscalYear; readonly closed: boolean };
};

const none: Effects = {};

/** The effects of an event; they depend on nothing recorded before it. Defined for every event, and never throws. */
export function effectsOf(event: DomainEvent): Effects {
  switch (event.type) {
    case 'ProgrammeEstablished':
      return none;
    case 'AppropriationGranted':
      return { sums: [{ fiscalYear: event.data.fiscalYear, appropriated: event.data.amount }], ...ofSource(event.data.source?.kind) };
    case 'AppropriationAdjusted':
      return { sums: [{ fiscalYear: event.data.fiscalYear, appropriated: event.data.change }], ...ofSource(event.context.source) };
    case 'FiscalYearClosed':
      return { year: { fiscalYear: event.data.fiscalYear, closed: true } };
    case 'FiscalYearReopened':
      return { year: { fiscalYear: event.data.fiscalYear, closed: false } };
    case 'ProgrammeAmended': {
      const { title, establishedOn, approvals, thresholds, indicators } = event.data;
      return {
        programme: {
          ...(title && { title }),
          ...(establishedOn !== undefined && { establishedOn }),
          ...(approvals && { approvals }),
          ...(thresholds && { thresholds }),
          ...(indicators && { indicators }),
        },
      };
    }
    case 'CommandSubmitted':
    case 'RequestApproved':
    case 'RequestReturned':
    case 'RequestWithdrawn':
    case 'StatementOrdered':
      return none;
    case 'StatementPublished':
      return { programme: { statement: event.data.position } };
    case 'InitiativeProposed':
      return { step: 'proposed', terms: event.data };
    case 'InitiativeAmended':
      return { terms: event.data };
    case 'InitiativeFunded':
      return {
        step: 'funded',
        sums: [{ fiscalYear: event.context.fiscalYear, funded: event.data.amount }],
        ...ofSource(event.data.source?.kind),
      };
    case 'FundingAdjusted': {
      const sums: SumsChanges = [{ fiscalYear: event.context.fiscalYear, funded: event.data.change }];
      const moved = { sums, ...ofSource(event.context.source) };
      return event.data.change > 0n ? { step: 'funded', ...moved } : moved;
    }
    case 'SpendingRecorded':
      return { step: 'spending', ...spent(event.context, event.data.amount) };
    case 'SpendingReversed':
      return spent(event.context, -event.data.amount);
    case 'FundsReturned':
      return { sums: [{ fiscalYear: event.context.fiscalYear, returned: event.data.amount }] };
    case 'CommitmentMade':
      return committed(event.data.commitmentId, event.context.fiscalYear, event.data.amount);
    case 'CommitmentChanged':
      return committed(event.data.commitmentId, event.context.fiscalYear, event.data.change ?? 0n);
    case 'CommitmentReleased':
      return committed(event.data.commitmentId, event.context.fiscalYear, -event.data.amount, { released: true });
    case 'FundingTransferred': {
      const { fiscalYear } = event.context;
      const { amount, to } = event.data;
      return to === undefined ? { step: 'funded', sums: [{ fiscalYear, funded: amount }] } : { sums: [{ fiscalYear, funded: -amount }] };
    }
    case 'FundsCarriedOver':
      return carriedOver(event);
    case 'FinalizationStarted':
      return { step: 'finalizing' };
    case 'InitiativeFinalized':
      return { step: 'finalized', suspended: false };
    case 'InitiativeCancelled':
      return { step: 'cancelled', suspended: false };
    case 'InitiativeSuspended':
      return { suspended: true };
    case 'InitiativeResumed':
      return { suspended: false };
    // Delivery changes no sum and no status; the state and the documents of delivery fold these events.
    case 'MilestonePlanned':
    case 'MilestoneReforecast':
    case 'MilestoneReported':
    case 'ProgressReported':
    case 'ConfidenceAssessed':
    case 'IndicatorDefined':
    case 'ResultReported':
    case 'ResultCorrected':
      return none;
  }
}

/** Money spent, or with a minus sign reversed. What is drawn from a commitment is committed no longer, in the year that it was committed in. */
function spent({ fiscalYear, commitment }: { fiscalYear: FiscalYear } & DrawnFrom, amount: Money): Pick<Effects, 'sums' | 'commitment'> {
  if (!commitment) return { sums: [{ fiscalYear, spent: amount }] };
  const drawn = { commitment: { ...commitment, change: -amount } };
  return commitment.fiscalYear === fiscalYear
    ? { ...drawn, sums: [{ fiscalYear, spent: amount, committed: -amount }] }
    : {
        ...drawn,
        sums: [
          { fiscalYear, spent: amount },
          { fiscalYear: commitment.fiscalYear, committed: -amount },
        ],
      };
}

function committed(id: string, fiscalYear: FiscalYear, change: Money, ended?: { released: true }): Pick<Effects, 'sums' | 'commitment'> {
  return { sums: [{ fiscalYear, committed: change }], commitment: { id, fiscalYear, change, ...ended } };
}

function ofSource(source: SourceKind | undefined): Pick<Effects, 'source'> {
  return source === undefined ? none : { source };
}

function carriedOver({ data, context }: EventOf<'FundsCarriedOver'>): Effects {
  const { fiscalYear, appropriated, committed, commitments = [] } = context;
  const into = fiscalYear + 1;
  const change = (year: FiscalYear, sign: 1n | -1n): SumsChange => ({
    fiscalYear: year,
    funded: sign * data.amount,
    ...(appropriated !== 0n && { appropriated: sign * appropriated }),
    ...(committed !== undefined && { committed: sign * committed }),
  });
  return { sums: [change(fiscalYear, -1n), change(into, 1n)], ...(commitments.length > 0 && { carried: { ids: commitments, into } }) };
}

/** The amount, with its sign, that an event moves, as lists show it, and the fiscal year of that money. */
export function amountMoved({ sums }: Effects): { fiscalYear: FiscalYear; amount: Money } | undefined {
  if (!sums) return undefined;
  const [{ fiscalYear, funded, spent, returned, appropriated, committed }] = sums;
  const amount = funded ?? spent ?? returned ?? appropriated ?? committed;
  return amount === undefined ? undefined : { fiscalYear, amount };
}

/** The status after a step. A step moves the status forward or leaves it. */
export function furthest(status: Status, step: Status | undefined): Status {
  return step !== undefined && statuses.indexOf(step) > statuses.indexOf(status) ? step : status;
}
