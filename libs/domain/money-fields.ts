/** The money fields of JSON output, by type. JSON writes money as a decimal string; every other text stays as it is. */
import type { CommandData, CommandType } from './commands.js';
import type { OpenCommitment } from './commitments/open.js';
import type { EventType, InitiativeEvents, ProgrammeEvents } from './events.js';
import type { ApprovalRule } from './requests/approvals.js';
import type { YearState } from './state.js';
import type { Sums } from './vocabulary.js';

/** The fields of a type that hold money. */
type MoneyIn<T> = {
  [K in keyof T]-?: [Exclude<T[K], undefined>] extends [never] ? never : [Exclude<T[K], undefined>] extends [bigint] ? K : never;
}[keyof T];
/** All money fields of a type, and no others. */
type AllMoneyIn<T> = Readonly<Record<MoneyIn<T>, true>>;
type EventData = { [T in EventType]: (ProgrammeEvents & InitiativeEvents)[T]['data'] };

const amount = { amount: true } as const;
const change = { change: true } as const;
const requestedAmount = { requestedAmount: true } as const;

type WithMoney<D> = { [T in keyof D]: MoneyIn<D[T]> extends never ? never : T }[keyof D];

const inEvents: { readonly [T in WithMoney<EventData>]: AllMoneyIn<EventData[T]> } = {
  AppropriationGranted: amount,
  AppropriationAdjusted: change,
  InitiativeProposed: requestedAmount,
  InitiativeAmended: requestedAmount,
  InitiativeFunded: amount,
  FundingAdjusted: change,
  SpendingRecorded: amount,
  SpendingReversed: amount,
  FundsReturned: amount,
  CommitmentMade: amount,
  CommitmentChanged: change,
  CommitmentReleased: amount,
  FundingTransferred: amount,
  FundsCarriedOver: amount,
  InitiativeFinalized: { finalValue: true },
};

const inCommands: { readonly [T in WithMoney<CommandData>]: AllMoneyIn<CommandData[T]> } = {
  GrantAppropriation: amount,
  AdjustAppropriation: change,
  ProposeInitiative: requestedAmount,
  AmendInitiative: requestedAmount,
  FundInitiative: amount,
  AdjustFunding: change,
  RecordSpending: amount,
  ReverseSpending: amount,
  ReturnFunds: amount,
  MakeCommitment: amount,
  ChangeCommitment: change,
  TransferFunding: amount,
  CarryOver: amount,
};

/** Names of fields that hold money. */
export type MoneyFields = Readonly<Record<string, true>>;
/** In the data of an event; absent if its type has none. */
export const moneyInEvents: { readonly [T in EventType]?: MoneyFields } = inEvents;
/** In the data of a command; absent if its type has none. */
export const moneyInCommands: { readonly [T in CommandType]?: MoneyFields } = inCommands;
/** In the context of a carry-over. */
export const moneyInCarryOver: AllMoneyIn<InitiativeEvents['FundsCarriedOver']['context']> = { appropriated: true, committed: true };
/** In each of the approvals of a programme. */
export const moneyInApprovals: AllMoneyIn<ApprovalRule> = { above: true };
/** In the terms of an initiative. */
export const moneyInTerms = requestedAmount;
/** In the sums of an initiative's fiscal year, and in the state of a programme's fiscal year. */
export const moneyInSums: AllMoneyIn<Sums> = { funded: true, spent: true, returned: true, committed: true };
/** In an open commitment of an initiative. */
export const moneyInCommitments: AllMoneyIn<OpenCommitment> = { left: true };
export const moneyInYears: AllMoneyIn<YearState> = { ...moneyInSums, appropriated: true, returnedSinceClosing: true };
