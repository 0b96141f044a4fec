/** Where money stands in what goes out as JSON, by type: there it is a decimal string, and every other text stays the text it is. */
import type { CommandData, CommandType } from './commands.js';
import type { EventType, InitiativeEvents, ProgrammeEvents } from './events.js';
import type { YearState } from './state.js';
import type { Sums } from './vocabulary.js';

/** The fields of a type that hold money. */
type MoneyIn<T> = {
  [K in keyof T]-?: [Exclude<T[K], undefined>] extends [never] ? never : [Exclude<T[K], undefined>] extends [bigint] ? K : never;
}[keyof T];
/** Each of them, and nothing else. */
type AllMoneyIn<T> = Readonly<Record<MoneyIn<T>, true>>;
type EventData<T extends EventType> = (ProgrammeEvents & InitiativeEvents)[T]['data'];

const none = {};
const amount = { amount: true } as const;
const change = { change: true } as const;
const requestedAmount = { requestedAmount: true } as const;

/** In the data of every event. */
export const moneyInEvents: { readonly [T in EventType]: AllMoneyIn<EventData<T>> } = {
  ProgrammeEstablished: none,
  AppropriationGranted: amount,
  AppropriationAdjusted: change,
  FiscalYearClosed: none,
  FiscalYearReopened: none,
  ProgrammeAmended: none,
  InitiativeProposed: requestedAmount,
  InitiativeAmended: requestedAmount,
  InitiativeFunded: amount,
  FundingAdjusted: change,
  SpendingRecorded: amount,
  SpendingReversed: amount,
  FundsReturned: amount,
  FinalizationStarted: none,
  InitiativeFinalized: { finalValue: true },
  InitiativeCancelled: none,
  InitiativeSuspended: none,
  InitiativeResumed: none,
};

/** In the data of every command. */
export const moneyInCommands: { readonly [T in CommandType]: AllMoneyIn<CommandData[T]> } = {
  EstablishProgramme: none,
  GrantAppropriation: amount,
  AdjustAppropriation: change,
  CloseFiscalYear: none,
  ReopenFiscalYear: none,
  AmendProgramme: none,
  ProposeInitiative: requestedAmount,
  AmendInitiative: requestedAmount,
  FundInitiative: amount,
  AdjustFunding: change,
  RecordSpending: amount,
  ReverseSpending: amount,
  ReturnFunds: amount,
  StartFinalizing: none,
  FinalizeInitiative: none,
  CancelInitiative: none,
  SuspendInitiative: none,
  ResumeInitiative: none,
};

/** In the terms of an initiative. */
export const moneyInTerms = requestedAmount;
/** In the sums of a fiscal year of an initiative, and in what is known of one of a programme. */
export const moneyInSums: AllMoneyIn<Sums> = { funded: true, spent: true, returned: true };
export const moneyInYears: AllMoneyIn<YearState> = { ...moneyInSums, appropriated: true, returnedSinceClosing: true };
