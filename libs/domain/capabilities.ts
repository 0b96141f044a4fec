/** Every command of the ledger: who may send it, when it is possible, which event it becomes, and which refusals it may get. */
import type { CommandData, CommandType, InitiativeCommandType, ProgrammeCommandType } from './commands.js';
import type { DeliveryCommandData } from './delivery/commands.js';
import type { EventType } from './events.js';
import { approvable } from './requests/approvals.js';
import type { Role, Status } from './vocabulary.js';

/** The field of a command, and of its event, that names a movement of money of each kind. */
export const movementIds = {
  appropriation: 'fiscalYear',
  'appropriation-adjustment': 'adjustmentId',
  funding: 'fundingId',
  adjustment: 'adjustmentId',
  transaction: 'transactionId',
  reversal: 'reversalId',
  return: 'returnId',
  commitment: 'commitmentId',
  'commitment-change': 'changeId',
  transfer: 'transferId',
  'carry-over': 'carryOverId',
} as const;
/** Each movement of money has a permanent id, unique among its kind in its initiative (for the first two kinds, in its programme). */
export type MovementKind = keyof typeof movementIds;
export const movementKinds = keysOf(movementIds);

/** The field of a command, and of its event, that names a thing of delivery of each kind. */
export const deliveryIds = { milestone: 'milestoneId', assessment: 'assessmentId', indicator: 'indicatorId', result: 'resultId' } as const;
/** Each has a permanent id too, unique among its kind in its initiative. */
export type DeliveryKind = keyof typeof deliveryIds;
export const deliveryKinds = keysOf(deliveryIds);

/** What has a permanent id. */
export const keptIds = { ...movementIds, ...deliveryIds } as const;
export type KeptKind = keyof typeof keptIds;

/** The kinds of what is kept for which a command has a field. */
type KindIn<T extends CommandType> = {
  [K in KeptKind]: (typeof keptIds)[K] extends keyof CommandData[T] ? K : never;
}[KeptKind];

type Capability<T extends CommandType> = {
  /** The roles that may send it. A ministry sends commands only to its own initiatives. */
  readonly by: readonly Role[];
  /** The initiative's statuses in which it is possible. */
  readonly in?: readonly Status[];
  readonly notWhileSuspended?: true;
  /** The movement of money, or the thing of delivery, that it records. */
  readonly brings?: KindIn<T>;
  /** The movement of money that it corrects, changes or draws from, or the thing of delivery that it is about. */
  readonly corrects?: KindIn<T>;
  readonly event: EventType;
  /** Its refusal codes, beside those of every command. */
  readonly refusals: readonly string[];
};

const beforeAnEnd = ['proposed', 'funded', 'spending', 'finalizing'] as const;
const withMoney = ['funded', 'spending', 'finalizing'] as const;
const requestRefusals = ['unknown-request', 'request-ended', 'request-expired'] as const;

export const programmeCapabilities = {
  EstablishProgramme: { by: ['admin'], event: 'ProgrammeEstablished', refusals: ['programme-exists'] },
  GrantAppropriation: {
    by: ['finance'],
    brings: 'appropriation',
    event: 'AppropriationGranted',
    refusals: ['appropriation-exists', 'fiscal-year-closed', 'amount-too-large'],
  },
  AdjustAppropriation: {
    by: ['finance'],
    brings: 'appropriation-adjustment',
    event: 'AppropriationAdjusted',
    refusals: [
      'appropriation-adjustment-exists',
      'unknown-appropriation',
      'appropriation-below-funding',
      'fiscal-year-closed',
      'amount-too-large',
    ],
  },
  CloseFiscalYear: {
    by: ['finance'],
    event: 'FiscalYearClosed',
    refusals: ['unknown-fiscal-year', 'fiscal-year-closed', 'fiscal-year-not-over', 'year-has-open-funds'],
  },
  ReopenFiscalYear: { by: ['finance'], event: 'FiscalYearReopened', refusals: ['fiscal-year-open', 'separation-of-duties'] },
  AmendProgramme: { by: ['admin'], event: 'ProgrammeAmended', refusals: ['nothing-to-amend', 'title-languages'] },
  // An approval may also be refused by every rule of the command that it would record.
  ApproveRequest: {
    by: ['ministry', 'finance', 'admin'],
    event: 'RequestApproved',
    refusals: [...requestRefusals, 'separation-of-duties'],
  },
  ReturnRequest: { by: ['ministry', 'finance', 'admin'], event: 'RequestReturned', refusals: [...requestRefusals, 'separation-of-duties'] },
  WithdrawRequest: { by: ['ministry', 'finance', 'admin'], event: 'RequestWithdrawn', refusals: requestRefusals },
  OrderStatement: { by: ['finance', 'auditor', 'admin'], event: 'StatementOrdered', refusals: ['statement-ordered'] },
  // The ledger sends it itself, as an admin.
  PublishStatement: { by: ['admin'], event: 'StatementPublished', refusals: ['statement-ahead', 'statement-exists'] },
} as const satisfies { [T in ProgrammeCommandType]: Capability<T> };

/** What an initiative delivers is reported after its end too, because benefits come late; nothing new is planned then. */
const afterFunding = [...withMoney, 'finalized', 'cancelled'] as const;
export const deliveryCapabilities = {
  PlanMilestone: {
    by: ['ministry'],
    in: beforeAnEnd,
    brings: 'milestone',
    event: 'MilestonePlanned',
    refusals: ['milestone-exists', 'limit-reached'],
  },
  ReforecastMilestone: {
    by: ['ministry'],
    in: beforeAnEnd,
    corrects: 'milestone',
    event: 'MilestoneReforecast',
    refusals: ['unknown-milestone', 'milestone-met', 'nothing-to-change', 'limit-reached'],
  },
  ReportMilestone: {
    by: ['ministry'],
    in: [...beforeAnEnd, 'finalized', 'cancelled'],
    corrects: 'milestone',
    event: 'MilestoneReported',
    refusals: ['unknown-milestone', 'nothing-to-change', 'limit-reached'],
  },
  ReportProgress: { by: ['ministry'], in: withMoney, event: 'ProgressReported', refusals: [] },
  AssessConfidence: {
    by: ['ministry', 'finance', 'auditor'],
    in: beforeAnEnd,
    brings: 'assessment',
    event: 'ConfidenceAssessed',
    refusals: ['assessment-exists'],
  },
  DefineIndicator: {
    by: ['ministry'],
    in: beforeAnEnd,
    brings: 'indicator',
    event: 'IndicatorDefined',
    refusals: ['indicator-exists', 'limit-reached'],
  },
  ReportResult: {
    by: ['ministry'],
    in: afterFunding,
    brings: 'result',
    corrects: 'indicator',
    event: 'ResultReported',
    refusals: ['result-exists', 'unknown-indicator'],
  },
  CorrectResult: {
    by: ['ministry'],
    in: afterFunding,
    corrects: 'result',
    event: 'ResultCorrected',
    refusals: ['unknown-result', 'nothing-to-change', 'limit-reached'],
  },
} as const satisfies { [T in keyof DeliveryCommandData]: Capability<T> & { readonly in: readonly Status[] } };

export const initiativeCapabilities = {
  ProposeInitiative: { by: ['ministry'], event: 'InitiativeProposed', refusals: ['initiative-exists', 'period-out-of-order'] },
  AmendInitiative: {
    by: ['ministry', 'finance'],
    in: beforeAnEnd,
    event: 'InitiativeAmended',
    refusals: ['nothing-to-amend', 'title-languages', 'period-out-of-order'],
  },
  FundInitiative: {
    by: ['finance'],
    in: beforeAnEnd,
    notWhileSuspended: true,
    brings: 'funding',
    event: 'InitiativeFunded',
    refusals: [
      'funding-exists',
      'initiative-suspended',
      'separation-of-duties',
      'indicator-missing',
      'fiscal-year-closed',
      'appropriation-exceeded',
      'amount-too-large',
    ],
  },
  AdjustFunding: {
    by: ['finance'],
    in: beforeAnEnd,
    brings: 'adjustment',
    corrects: 'funding',
    event: 'FundingAdjusted',
    refusals: [
      'adjustment-exists',
      'unknown-funding',
      'initiative-suspended',
      'separation-of-duties',
      'indicator-missing',
      'fiscal-year-closed',
      'appropriation-exceeded',
      'funding-below-spending',
      'amount-too-large',
    ],
  },
  // Without a commitment, spending takes only what is free. Spending of a proposed initiative is always refused as `funding-exceeded`, which says more than `wrong-status`.
  RecordSpending: {
    by: ['ministry'],
    in: beforeAnEnd,
    notWhileSuspended: true,
    brings: 'transaction',
    corrects: 'commitment',
    event: 'SpendingRecorded',
    refusals: [
      'transaction-exists',
      'unknown-commitment',
      'initiative-suspended',
      'fiscal-year-closed',
      'commitment-released',
      'commitment-exceeded',
      'funding-exceeded',
      'amount-too-large',
    ],
  },
  // After the initiative's end, and in a closed annual year, only finance reverses.
  ReverseSpending: {
    by: ['ministry', 'finance'],
    in: [...withMoney, 'finalized', 'cancelled'],
    brings: 'reversal',
    corrects: 'transaction',
    event: 'SpendingReversed',
    refusals: ['reversal-exists', 'unknown-spending', 'fiscal-year-closed', 'reversal-exceeds-spending', 'amount-too-large'],
  },
  ReturnFunds: {
    by: ['ministry', 'finance'],
    in: withMoney,
    brings: 'return',
    event: 'FundsReturned',
    refusals: ['return-exists', 'fiscal-year-closed', 'return-exceeds-unspent'],
  },
  MakeCommitment: {
    by: ['ministry'],
    in: ['funded', 'spending'],
    notWhileSuspended: true,
    brings: 'commitment',
    event: 'CommitmentMade',
    refusals: [
      'commitment-exists',
      'period-out-of-order',
      'initiative-suspended',
      'fiscal-year-closed',
      'commitment-exceeds-funding',
      'too-many-commitments',
    ],
  },
  ChangeCommitment: {
    by: ['ministry'],
    in: withMoney,
    brings: 'commitment-change',
    corrects: 'commitment',
    event: 'CommitmentChanged',
    refusals: [
      'commitment-change-exists',
      'unknown-commitment',
      'commitment-released',
      'period-out-of-order',
      'initiative-suspended',
      'fiscal-year-closed',
      'commitment-exceeds-funding',
      'too-many-commitments',
      'commitment-below-spending',
    ],
  },
  ReleaseCommitment: {
    by: ['ministry', 'finance'],
    in: withMoney,
    corrects: 'commitment',
    event: 'CommitmentReleased',
    refusals: ['unknown-commitment', 'commitment-released'],
  },
  // The giver gives as it returns; the taker takes as it is funded, but out of no appropriation.
  TransferFunding: {
    by: ['finance'],
    in: withMoney,
    brings: 'transfer',
    event: 'FundingTransferred',
    refusals: [
      'transfer-exists',
      'transfer-to-itself',
      'unknown-taker',
      'initiative-suspended',
      'separation-of-duties',
      'indicator-missing',
      'fiscal-year-closed',
      'transfer-exceeds-unspent',
      'amount-too-large',
    ],
  },
  CarryOver: {
    by: ['finance'],
    in: withMoney,
    brings: 'carry-over',
    event: 'FundsCarriedOver',
    refusals: [
      'carry-over-exists',
      'carry-over-multi-year',
      'fiscal-year-closed',
      'carry-over-exceeds-unspent',
      'carry-over-splits-commitment',
    ],
  },
  StartFinalizing: {
    by: ['ministry'],
    in: ['funded', 'spending'],
    notWhileSuspended: true,
    event: 'FinalizationStarted',
    refusals: ['initiative-suspended'],
  },
  FinalizeInitiative: {
    by: ['finance'],
    in: ['finalizing'],
    notWhileSuspended: true,
    event: 'InitiativeFinalized',
    refusals: ['initiative-suspended', 'separation-of-duties', 'open-commitments', 'unspent-funds'],
  },
  CancelInitiative: { by: ['finance'], in: beforeAnEnd, event: 'InitiativeCancelled', refusals: [] },
  SuspendInitiative: { by: ['finance'], in: beforeAnEnd, notWhileSuspended: true, event: 'InitiativeSuspended', refusals: [] },
  ResumeInitiative: { by: ['finance'], in: beforeAnEnd, event: 'InitiativeResumed', refusals: [] },
  ...deliveryCapabilities,
} as const satisfies {
  [T in InitiativeCommandType]: Capability<T> & (T extends 'ProposeInitiative' ? object : { readonly in: readonly Status[] });
};

export const capabilities: { readonly [T in CommandType]: Capability<T> } = { ...programmeCapabilities, ...initiativeCapabilities };

/** Refusal codes of every command. */
export const commonRefusals = [
  'forbidden',
  'unknown-programme',
  'version-mismatch',
  'command-id-reused',
  'date-out-of-order',
  'undecidable',
  'clock-behind',
] as const;
/** Refusal codes of every command to an existing initiative. */
export const initiativeRefusals = ['unknown-initiative', 'wrong-status'] as const;

/** Every refusal code of the ledger. Codes are stable: callers program against them. */
export type RefusalCode =
  | (typeof commonRefusals)[number]
  | (typeof initiativeRefusals)[number]
  | (typeof programmeCapabilities)[ProgrammeCommandType]['refusals'][number]
  | (typeof initiativeCapabilities)[InitiativeCommandType]['refusals'][number];
export const refusalCodes: readonly RefusalCode[] = [
  ...new Set([
    ...commonRefusals,
    ...initiativeRefusals,
    ...Object.values(programmeCapabilities).flatMap(({ refusals }) => refusals),
    ...Object.values(initiativeCapabilities).flatMap(({ refusals }) => refusals),
  ]),
];

/** Every refusal code of a type of command. */
export function refusalsOf(type: CommandType): readonly string[] {
  const held = type === 'ApproveRequest' ? keysOf(approvable).flatMap(refusalsOf) : [];
  const own = [...commonRefusals, ...(capabilities[type].in ? initiativeRefusals : []), ...capabilities[type].refusals];
  return [...new Set([...own, ...held])];
}

/** Whether a command records or corrects a movement of money. */
export function movesMoney(type: CommandType): boolean {
  const { brings, corrects } = capabilities[type];
  return [brings, corrects].some((kind) => kind !== undefined && Object.hasOwn(movementIds, kind));
}

/** In the order of their commands; the last is of any command that waits for a second person. */
export const eventTypes: readonly EventType[] = [...Object.values(capabilities).map(({ event }) => event), 'CommandSubmitted'];

/** Commands to a programme; every other command names an initiative. */
export const programmeCommandTypes = keysOf(programmeCapabilities);
export const initiativeCommandTypes = keysOf(initiativeCapabilities);
/** Those of them about what an initiative delivers. */
export const deliveryCommandTypes = keysOf(deliveryCapabilities);

/** The keys of an object that never gets more of them; the type of `Object.keys` can't express that. */
function keysOf<T extends object>(table: T): readonly (keyof T & string)[] {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return Object.keys(table) as (keyof T & string)[];
}
