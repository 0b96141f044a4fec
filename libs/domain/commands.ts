import type { Actor, Ceiling, FiscalYear, IsoDate, Money, Nothing, TextChanges, Texts, YearRule } from './vocabulary.js';

/** What may be said of an initiative when it is proposed, and amended later. */
export type InitiativeTerms = {
  title: Texts;
  authority: string;
  authorityName?: string;
  requestedAmount?: Money;
  plannedStart?: IsoDate;
  plannedEnd?: IsoDate;
  region?: string;
};

/** The data of every command to a programme. */
export type ProgrammeCommandData = {
  EstablishProgramme: { title: Texts; currency: string; timeZone: string; ceiling: Ceiling; years: YearRule };
  GrantAppropriation: { fiscalYear: FiscalYear; amount: Money; legalBasis: string };
  AdjustAppropriation: { fiscalYear: FiscalYear; adjustmentId: string; change: Money; legalBasis: string };
  CloseFiscalYear: { fiscalYear: FiscalYear };
  ReopenFiscalYear: { fiscalYear: FiscalYear; reason: string; legalBasis: string };
  /** The title is merged by language; the establishment moves back, never forward. */
  AmendProgramme: { title?: TextChanges; establishedOn?: IsoDate; reason: string };
};

/** The data of every command to an initiative. */
export type InitiativeCommandData = {
  ProposeInitiative: InitiativeTerms;
  /** The title is merged by language. */
  AmendInitiative: Partial<Omit<InitiativeTerms, 'title'>> & { title?: TextChanges; reason: string };
  FundInitiative: { fundingId: string; fiscalYear: FiscalYear; amount: Money };
  /** Without a funding only in an import: it then posts to the year of `occurredOn`. */
  AdjustFunding: { adjustmentId: string; fundingId?: string; change: Money; reason: string };
  RecordSpending: { transactionId: string; amount: Money; payee?: string; description?: string };
  /** Without a transaction only in an import. */
  ReverseSpending: { reversalId: string; transactionId?: string; amount: Money; reason: string };
  ReturnFunds: { returnId: string; fiscalYear: FiscalYear; amount: Money; reason?: string };
  StartFinalizing: Nothing;
  FinalizeInitiative: Nothing;
  CancelInitiative: { reason: string; legalBasis: string };
  SuspendInitiative: { reason: string; legalBasis?: string };
  ResumeInitiative: { reason: string; legalBasis?: string };
};

export type ProgrammeCommandType = keyof ProgrammeCommandData;
export type InitiativeCommandType = keyof InitiativeCommandData;
export type CommandType = ProgrammeCommandType | InitiativeCommandType;
export type CommandData = ProgrammeCommandData & InitiativeCommandData;

/** What every command carries beside its own data. */
export type CommandEnvelope = {
  /** Unique for the sender's organisation within a programme; the `Idempotency-Key`. */
  commandId: string;
  actor: Actor;
  /** The day it happened, in the programme's time zone; today where absent. */
  occurredOn?: IsoDate;
  /** The version the sender saw; another one is refused as `version-mismatch`. */
  expectedVersion?: number;
  correlationId?: string;
};

export type ProgrammeCommand = {
  [T in ProgrammeCommandType]: CommandEnvelope & { type: T; programme: string; initiative?: never; data: ProgrammeCommandData[T] };
}[ProgrammeCommandType];
export type InitiativeCommand = {
  [T in InitiativeCommandType]: CommandEnvelope & { type: T; programme: string; initiative: string; data: InitiativeCommandData[T] };
}[InitiativeCommandType];
/** A request to change the ledger. It becomes events, or a refusal. */
export type Command = ProgrammeCommand | InitiativeCommand;

/** The command of one type. */
export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>;

/** Commands to a programme itself; every other command names an initiative. */
export const programmeCommandTypes = [
  'EstablishProgramme',
  'GrantAppropriation',
  'AdjustAppropriation',
  'CloseFiscalYear',
  'ReopenFiscalYear',
  'AmendProgramme',
] as const satisfies readonly ProgrammeCommandType[];
export const initiativeCommandTypes = [
  'ProposeInitiative',
  'AmendInitiative',
  'FundInitiative',
  'AdjustFunding',
  'RecordSpending',
  'ReverseSpending',
  'ReturnFunds',
  'StartFinalizing',
  'FinalizeInitiative',
  'CancelInitiative',
  'SuspendInitiative',
  'ResumeInitiative',
] as const satisfies readonly InitiativeCommandType[];
