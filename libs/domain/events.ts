import type { InitiativeTerms, ProgrammeCommandData } from './commands.js';
import type { Actor, FiscalYear, IsoDate, Money, Nothing, Status, SumsByYear, Texts } from './vocabulary.js';

/** What every event of an initiative tells its readers, so that none has to look anything up. */
export type Standing = {
  /** The authority that runs the initiative once this event has happened. */
  authority: string;
  /** `null` before the proposal. */
  statusBefore: Status | null;
  statusAfter: Status;
};
/** A movement of money belongs to one fiscal year of its initiative. */
export type Posting = Standing & { fiscalYear: FiscalYear };
/** A correction made by finance in a closed year or after the initiative's end. */
export type CorrectionFlags = { priorYear?: true; afterEnd?: true };

/** `data` is what was decided upon, `context` what readers need to fold it. */
export type ProgrammeEvents = {
  ProgrammeEstablished: { data: ProgrammeCommandData['EstablishProgramme']; context: Nothing };
  AppropriationGranted: { data: ProgrammeCommandData['GrantAppropriation']; context: { fiscalYear: FiscalYear } };
  AppropriationAdjusted: { data: ProgrammeCommandData['AdjustAppropriation']; context: { fiscalYear: FiscalYear } };
  FiscalYearClosed: { data: ProgrammeCommandData['CloseFiscalYear']; context: { fiscalYear: FiscalYear } };
  FiscalYearReopened: { data: ProgrammeCommandData['ReopenFiscalYear']; context: { fiscalYear: FiscalYear } };
  /** What changes, as it is from now on: the title in all its languages. */
  ProgrammeAmended: { data: { title?: Texts; establishedOn?: IsoDate; reason: string }; context: Nothing };
};

export type InitiativeEvents = {
  InitiativeProposed: { data: InitiativeTerms; context: Standing };
  /** What changes, as it is from now on: the title in all its languages. When the authority changes, the sums that move with the initiative come along. */
  InitiativeAmended: {
    data: Partial<InitiativeTerms> & { reason: string };
    context: Standing & { moved?: { from: string; sums: SumsByYear } };
  };
  InitiativeFunded: { data: { fundingId: string; fiscalYear: FiscalYear; amount: Money }; context: Posting };
  FundingAdjusted: { data: { adjustmentId: string; fundingId?: string; change: Money; reason: string }; context: Posting };
  SpendingRecorded: { data: { transactionId: string; amount: Money; payee?: string; description?: string }; context: Posting };
  SpendingReversed: {
    data: { reversalId: string; transactionId?: string; amount: Money; reason: string };
    context: Posting & CorrectionFlags;
  };
  /** Without a `returnId` where the ledger itself returns: on cancelling, and after a correction. */
  FundsReturned: {
    data: { returnId?: string; fiscalYear: FiscalYear; amount: Money; reason?: string };
    context: Posting & CorrectionFlags & { automatic?: true };
  };
  FinalizationStarted: { data: Nothing; context: Standing };
  InitiativeFinalized: { data: { finalValue: Money }; context: Standing };
  InitiativeCancelled: { data: { reason: string; legalBasis: string }; context: Standing };
  InitiativeSuspended: { data: { reason: string; legalBasis?: string }; context: Standing };
  InitiativeResumed: { data: { reason: string; legalBasis?: string }; context: Standing };
};

export type ProgrammeEventType = keyof ProgrammeEvents;
export type InitiativeEventType = keyof InitiativeEvents;
export type EventType = ProgrammeEventType | InitiativeEventType;

type Happened = {
  programme: string;
  /** The event's place in its initiative's (or programme's) own history: 1, 2, 3, … */
  version: number;
  occurredOn: IsoDate;
  actor: Actor;
};

export type ProgrammeEvent = {
  [T in ProgrammeEventType]: Happened & { type: T; initiative?: never } & ProgrammeEvents[T];
}[ProgrammeEventType];
export type InitiativeEvent = {
  [T in InitiativeEventType]: Happened & { type: T; initiative: string } & InitiativeEvents[T];
}[InitiativeEventType];
/** Something that happened to a programme or an initiative, as decided and for ever. */
export type DomainEvent = ProgrammeEvent | InitiativeEvent;

/** The event of one type. */
export type EventOf<T extends EventType> = Extract<DomainEvent, { type: T }>;
/** An event that moves money of one fiscal year of an initiative. */
export type MoneyEvent = EventOf<'InitiativeFunded' | 'FundingAdjusted' | 'SpendingRecorded' | 'SpendingReversed' | 'FundsReturned'>;

export const eventTypes = [
  'ProgrammeEstablished',
  'AppropriationGranted',
  'AppropriationAdjusted',
  'FiscalYearClosed',
  'FiscalYearReopened',
  'ProgrammeAmended',
  'InitiativeProposed',
  'InitiativeAmended',
  'InitiativeFunded',
  'FundingAdjusted',
  'SpendingRecorded',
  'SpendingReversed',
  'FundsReturned',
  'FinalizationStarted',
  'InitiativeFinalized',
  'InitiativeCancelled',
  'InitiativeSuspended',
  'InitiativeResumed',
] as const satisfies readonly EventType[];
