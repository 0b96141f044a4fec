/** The data of every command as a class. The compiler checks it against the domain's type; OpenAPI and validation derive from its decorators. */
import { commitmentChangeKinds, type CommitmentChangeKind } from '../../domain/commitments/commands.js';
import type { CommandData, CommandType } from '../../domain/commands.js';
import {
  milestoneKinds,
  milestoneStatuses,
  ratings,
  type MilestoneKind,
  type MilestoneStatus,
  type Rating,
  type Target,
} from '../../domain/delivery/commands.js';
import {
  ceilings,
  indicatorRules,
  yearRules,
  type Ceiling,
  type Decimal,
  type FiscalYear,
  type IndicatorRule,
  type IsoDate,
  type Money,
  type TextChanges,
  type Texts,
  type YearRule,
} from '../../domain/vocabulary.js';
import { statementDefinitions, type StatementDefinition } from '../../domain/statements/commands.js';
import type { MoneySource } from '../../domain/papers/source.js';
import { SectorField } from '../paper-fields.js';
import { SourceField } from '../source-field.js';
import type { ApprovalRule, Thresholds } from '../../domain/requests/approvals.js';
import { ApprovalsField, ThresholdsField } from '../approval-fields.js';
import {
  ChangeField,
  CodeField,
  CountField,
  CurrencyField,
  DateField,
  DecimalField,
  FiscalYearField,
  HashField,
  IdField,
  MoneyField,
  OneOfField,
  PercentField,
  TargetsField,
  TextField,
  TimeZoneField,
  TitleChangesField,
  TitleField,
} from '../fields.js';

type Data<T extends CommandType> = CommandData[T];

const reasonOf = (what: string) => ({ description: `Why ${what}.`, example: 'Decision of the budget commission', longest: 2_000 });
const legalBasis = {
  description: 'The law, decree or decision that is its legal basis.',
  example: 'Budget law 2024, article 12',
  longest: 1_000,
};
const title = {
  description: 'By language tag (BCP 47), in at least one language.',
  example: { ky: 'Электрондук нотариус', ru: 'Электронный нотариат', en: 'E-notary' },
};
const fiscalYear = { description: 'A calendar year in the programme’s time zone.', example: 2024 };
const source = { description: 'Where the money comes from.', example: { kind: 'budget' }, optional: true };

const indicators = {
  values: indicatorRules,
  description: 'Whether an initiative must have an indicator before its first funding; optional if absent.',
  example: 'optional',
  optional: true,
};

export class EstablishProgrammeBody implements Data<'EstablishProgramme'> {
  @TitleField(title) title!: Texts;
  @CurrencyField({ description: 'ISO 4217; every amount of the programme is in its minor units.', example: 'KGS' }) currency!: string;
  @TimeZoneField({ description: 'IANA name. It determines the day and the fiscal year of every event.', example: 'Asia/Bishkek' })
  timeZone!: string;
  @OneOfField({ values: ceilings, description: 'Whether appropriations limit funding.', example: 'enforced' }) ceiling!: Ceiling;
  @OneOfField({ values: yearRules, description: 'Whether money must be spent or returned in its own fiscal year.', example: 'annual' })
  years!: YearRule;
  @ApprovalsField() approvals?: readonly ApprovalRule[];
  @ThresholdsField() thresholds?: Thresholds;
  @OneOfField(indicators) indicators?: IndicatorRule;
}

export class GrantAppropriationBody implements Data<'GrantAppropriation'> {
  @FiscalYearField(fiscalYear) fiscalYear!: FiscalYear;
  @MoneyField({ description: 'The amount appropriated for the year, in minor units.', example: '60000000000' }) amount!: Money;
  @SourceField(source) source?: MoneySource;
  @TextField(legalBasis) legalBasis!: string;
}

export class AdjustAppropriationBody implements Data<'AdjustAppropriation'> {
  @FiscalYearField({ ...fiscalYear, inAddress: true }) fiscalYear!: FiscalYear;
  @IdField({ description: 'Unique among the programme’s adjustments of appropriations.', example: 'B-2024-1' }) adjustmentId!: string;
  @ChangeField({ description: 'The change of the appropriation, in minor units.', example: '-500000000' }) change!: Money;
  @TextField(legalBasis) legalBasis!: string;
}

export class CloseFiscalYearBody implements Data<'CloseFiscalYear'> {
  @FiscalYearField({ ...fiscalYear, inAddress: true }) fiscalYear!: FiscalYear;
}

export class ReopenFiscalYearBody implements Data<'ReopenFiscalYear'> {
  @FiscalYearField({ ...fiscalYear, inAddress: true }) fiscalYear!: FiscalYear;
  @TextField(reasonOf('it is reopened')) reason!: string;
  @TextField(legalBasis) legalBasis!: string;
}

export class OrderStatementBody implements Data<'OrderStatement'> {
  @TextField({ ...reasonOf('it is ordered'), optional: true }) reason?: string;
}

export class PublishStatementBody implements Data<'PublishStatement'> {
  @CountField({ description: 'The position to which the documents are folded.', example: 1 }) position!: number;
  @CountField({ description: 'The number of documents.', example: 1 }) size!: number;
  @HashField({
    description: 'The root of the Merkle tree over the documents, in hex.',
    example: 'bd4fe5a8f0b1c7d29e3a6f8b0c1d2e3f405162738495a6b7c8d9eafb0c1d2e3f',
  })
  root!: string;
  @OneOfField({ values: statementDefinitions, description: 'What a document is.', example: 'sums-1' }) definition!: StatementDefinition;
}

const titleChanges = {
  description: 'By language tag (BCP 47): a text sets a language, null removes it; at least one language stays.',
  example: { en: 'E-notary' },
  optional: true,
};
export class AmendProgrammeBody implements Data<'AmendProgramme'> {
  @TitleChangesField(titleChanges) title?: TextChanges;
  @DateField({ description: 'A day before the present day of establishment.', example: '2018-12-17', optional: true })
  establishedOn?: IsoDate;
  @ApprovalsField() approvals?: readonly ApprovalRule[];
  @ThresholdsField() thresholds?: Thresholds;
  @OneOfField({ ...indicators, description: 'Whether an initiative must have an indicator before its first funding.' })
  indicators?: IndicatorRule;
  @TextField(reasonOf('it changes')) reason!: string;
}

const requestId = { description: 'The request’s id, as its receipt says.', example: 'R-17', inAddress: true };
export class ApproveRequestBody implements Data<'ApproveRequest'> {
  @IdField(requestId) requestId!: string;
  @TextField({ ...reasonOf('it is approved'), optional: true }) reason?: string;
}
export class ReturnRequestBody implements Data<'ReturnRequest'> {
  @IdField(requestId) requestId!: string;
  @TextField(reasonOf('it is returned')) reason!: string;
}
export class WithdrawRequestBody implements Data<'WithdrawRequest'> {
  @IdField(requestId) requestId!: string;
}

const authority = { description: 'The public body that runs the initiative.', example: 'ministry-of-justice' };
const authorityName = {
  description: 'The authority’s name for people.',
  example: 'Ministry of Justice',
  longest: 500,
  optional: true,
};
const requestedAmount = { description: 'The requested amount, in minor units.', example: '80000000', optional: true };
const plannedStart = { description: 'The first planned day.', example: '2024-02-01', optional: true };
const plannedEnd = { description: 'The last planned day.', example: '2024-11-30', optional: true };
const region = { description: 'The region in which it takes place.', example: 'Chuy', longest: 200, optional: true };
const sector = { description: 'The function of government that it serves, a code of COFOG.', example: '04.6', optional: true };

export class ProposeInitiativeBody implements Data<'ProposeInitiative'> {
  @TitleField(title) title!: Texts;
  @CodeField(authority) authority!: string;
  @TextField(authorityName) authorityName?: string;
  @MoneyField(requestedAmount) requestedAmount?: Money;
  @DateField(plannedStart) plannedStart?: IsoDate;
  @DateField(plannedEnd) plannedEnd?: IsoDate;
  @TextField(region) region?: string;
  @SectorField(sector) sector?: string;
}

export class AmendInitiativeBody implements Data<'AmendInitiative'> {
  @TitleChangesField(titleChanges) title?: TextChanges;
  @CodeField({ ...authority, optional: true }) authority?: string;
  @TextField(authorityName) authorityName?: string;
  @MoneyField(requestedAmount) requestedAmount?: Money;
  @DateField(plannedStart) plannedStart?: IsoDate;
  @DateField(plannedEnd) plannedEnd?: IsoDate;
  @TextField(region) region?: string;
  @SectorField(sector) sector?: string;
  @TextField(reasonOf('it changes')) reason!: string;
}

export class FundInitiativeBody implements Data<'FundInitiative'> {
  @IdField({ description: 'Unique among the initiative’s fundings.', example: 'F-1' }) fundingId!: string;
  @FiscalYearField({ ...fiscalYear, description: 'The year whose appropriation the money comes from.' }) fiscalYear!: FiscalYear;
  @MoneyField({ description: 'The amount of the funding, in minor units.', example: '80000000' }) amount!: Money;
  @SourceField(source) source?: MoneySource;
}

export class AdjustFundingBody implements Data<'AdjustFunding'> {
  @IdField({ description: 'Unique among the initiative’s adjustments.', example: 'A-1' }) adjustmentId!: string;
  @IdField({
    description: 'The funding that it adjusts; only an import may leave it out.',
    example: 'F-1',
    optional: true,
    inAddress: true,
  })
  fundingId?: string;
  @ChangeField({ description: 'The change of the funding, in minor units.', example: '-10000000' }) change!: Money;
  @TextField(reasonOf('it changes')) reason!: string;
}

const commitmentId = { description: 'Unique among the initiative’s commitments.', example: 'C-7' };

export class RecordSpendingBody implements Data<'RecordSpending'> {
  @IdField({ description: 'Unique among the initiative’s transactions.', example: 'T-19' }) transactionId!: string;
  @MoneyField({ description: 'The amount paid out, in minor units.', example: '12500000' }) amount!: Money;
  @IdField({
    ...commitmentId,
    description: 'The commitment that it is drawn from; without one it takes only what is free.',
    optional: true,
  })
  commitmentId?: string;
  @TextField({ description: 'The recipient of the payment.', example: 'Notary Systems', longest: 500, optional: true }) payee?: string;
  @TextField({ description: 'The purpose of the payment.', example: 'Licences', longest: 2_000, optional: true }) description?: string;
}

export class ReverseSpendingBody implements Data<'ReverseSpending'> {
  @IdField({ description: 'Unique among the initiative’s reversals.', example: 'R-1' }) reversalId!: string;
  @IdField({
    description: 'The spending that it undoes; only an import may leave it out.',
    example: 'T-19',
    optional: true,
    inAddress: true,
  })
  transactionId?: string;
  @MoneyField({ description: 'The amount undone, in minor units.', example: '2500000' }) amount!: Money;
  @TextField(reasonOf('it is undone')) reason!: string;
}

export class ReturnFundsBody implements Data<'ReturnFunds'> {
  @IdField({ description: 'Unique among the initiative’s returns.', example: 'U-1' }) returnId!: string;
  @FiscalYearField({ ...fiscalYear, description: 'The year whose money is returned.' }) fiscalYear!: FiscalYear;
  @MoneyField({ description: 'The amount returned, in minor units.', example: '5000000' }) amount!: Money;
  @TextField({ ...reasonOf('it is returned'), optional: true }) reason?: string;
}

const contractEnd = { description: 'The day on which the contract is to be fulfilled.', example: '2024-11-30', optional: true };

export class MakeCommitmentBody implements Data<'MakeCommitment'> {
  @IdField(commitmentId) commitmentId!: string;
  @TextField({ description: 'Who the money is promised to.', example: 'Notary Systems', longest: 500 }) supplier!: string;
  @MoneyField({ description: 'The value of the contract, in minor units.', example: '40000000' }) amount!: Money;
  @TextField({ description: 'The number of the contract.', example: '2024/17', longest: 200, optional: true }) contract?: string;
  @TextField({
    description: 'The open contracting id of the contract (OCDS).',
    example: 'ocds-213czf-000-00017',
    longest: 200,
    optional: true,
  })
  ocid?: string;
  @DateField(contractEnd) plannedEnd?: IsoDate;
}

export class ChangeCommitmentBody implements Data<'ChangeCommitment'> {
  @IdField({ description: 'The commitment that changes.', example: 'C-7', inAddress: true }) commitmentId!: string;
  @IdField({ description: 'Unique among the changes of the initiative’s commitments.', example: 'C-7-1' }) changeId!: string;
  @OneOfField({ values: commitmentChangeKinds, description: 'What of the contract changes.', example: 'value' })
  kind!: CommitmentChangeKind;
  @ChangeField({ description: 'The change of its value, in minor units; absent if the value stays.', example: '-5000000', optional: true })
  change?: Money;
  @DateField({ ...contractEnd, description: 'The new day on which the contract is to be fulfilled.' }) plannedEnd?: IsoDate;
  @TextField(reasonOf('it changes')) reason!: string;
}

export class ReleaseCommitmentBody implements Data<'ReleaseCommitment'> {
  @IdField({ description: 'The commitment that is released.', example: 'C-7', inAddress: true }) commitmentId!: string;
  @TextField(reasonOf('it is released')) reason!: string;
}

export class TransferFundingBody implements Data<'TransferFunding'> {
  @IdField({ description: 'Unique among the transfers that the initiative gives.', example: 'X-1' }) transferId!: string;
  @CodeField({ description: 'The initiative that takes the money; it keeps its fiscal year.', example: 'e-signature' }) to!: string;
  @FiscalYearField({ ...fiscalYear, description: 'The year whose money is transferred.' }) fiscalYear!: FiscalYear;
  @MoneyField({ description: 'The amount transferred, in minor units.', example: '5000000' }) amount!: Money;
  @TextField(legalBasis) legalBasis!: string;
}

export class CarryOverBody implements Data<'CarryOver'> {
  @IdField({ description: 'Unique among the initiative’s carry-overs.', example: 'O-1' }) carryOverId!: string;
  @FiscalYearField({ ...fiscalYear, description: 'The year whose money is carried over, into the year after it.' }) fiscalYear!: FiscalYear;
  @MoneyField({ description: 'The amount carried over, in minor units.', example: '1000000' }) amount!: Money;
  @TextField(legalBasis) legalBasis!: string;
}

export class StartFinalizingBody implements Data<'StartFinalizing'> {
  [field: string]: never;
}
export class FinalizeInitiativeBody implements Data<'FinalizeInitiative'> {
  [field: string]: never;
}

export class CancelInitiativeBody implements Data<'CancelInitiative'> {
  @TextField(reasonOf('it is cancelled')) reason!: string;
  @TextField(legalBasis) legalBasis!: string;
}
export class SuspendInitiativeBody implements Data<'SuspendInitiative'> {
  @TextField(reasonOf('it is suspended')) reason!: string;
  @TextField({ ...legalBasis, optional: true }) legalBasis?: string;
}
export class ResumeInitiativeBody implements Data<'ResumeInitiative'> {
  @TextField(reasonOf('it is resumed')) reason!: string;
  @TextField({ ...legalBasis, optional: true }) legalBasis?: string;
}

const milestoneId = { description: 'Unique among the initiative’s milestones.', example: 'M-1' };
const dueOn = { description: 'The day by which it is to be reached.', example: '2024-09-30' };
/** A reason kept in the milestone's document, and so shorter than others. */
const shortReason = (why: string) => ({ description: why, example: 'The tender was repeated', longest: 500 });
const byLanguage = (of: string, example: string) => ({
  description: `What the ${of} is, by language tag (BCP 47), in at least one language.`,
  example: { en: example },
});

export class PlanMilestoneBody implements Data<'PlanMilestone'> {
  @IdField(milestoneId) milestoneId!: string;
  @TitleField(byLanguage('milestone', 'Pilot in three offices')) title!: Texts;
  @DateField(dueOn) dueOn!: IsoDate;
  @OneOfField({ values: milestoneKinds, description: 'What it is of (OC4IDS milestone type).', example: 'delivery' }) kind!: MilestoneKind;
}

export class ReforecastMilestoneBody implements Data<'ReforecastMilestone'> {
  @IdField({ ...milestoneId, inAddress: true }) milestoneId!: string;
  @DateField({ ...dueOn, description: 'The day by which it is now expected.', example: '2024-11-30' }) dueOn!: IsoDate;
  @TextField(shortReason('Why the day moves.')) reason!: string;
}

export class ReportMilestoneBody implements Data<'ReportMilestone'> {
  @IdField({ ...milestoneId, inAddress: true }) milestoneId!: string;
  @OneOfField({ values: milestoneStatuses, description: 'How far it was reached (OC4IDS milestone status).', example: 'met' })
  status!: MilestoneStatus;
  @TextField({ ...shortReason('Why it was reached so far and no further.'), optional: true }) reason?: string;
}

export class ReportProgressBody implements Data<'ReportProgress'> {
  @PercentField({ description: 'Physical progress in whole percent.', example: 45 }) percent!: number;
  @TextField({ description: 'What was done.', example: 'Two of three offices work with it', longest: 2_000 }) note!: string;
}

export class AssessConfidenceBody implements Data<'AssessConfidence'> {
  @IdField({ description: 'Unique among the initiative’s assessments.', example: 'C-1' }) assessmentId!: string;
  @OneOfField({ values: ratings, description: 'Confidence that it delivers on time and within its money.', example: 'amber' })
  rating!: Rating;
  @TextField({ description: 'What the rating rests on.', example: 'The tender is three months late', longest: 2_000 }) narrative!: string;
  @DateField({ description: 'The last day on which the assessment counts.', example: '2024-12-31' }) validUntil!: IsoDate;
}

const resultId = { description: 'Unique among the initiative’s results.', example: 'Q-1' };
const value = { description: 'The value, in the indicator’s unit.', example: '12.5' };

export class DefineIndicatorBody implements Data<'DefineIndicator'> {
  @IdField({ description: 'Unique among the initiative’s indicators.', example: 'I-1' }) indicatorId!: string;
  @TitleField(byLanguage('indicator', 'Acts signed online')) title!: Texts;
  @TextField({ description: 'The unit of its values.', example: 'percent', longest: 100 }) unit!: string;
  @DecimalField({ description: 'The value before the initiative, in the unit.', example: '0' }) baseline!: Decimal;
  @TargetsField({
    description: 'The value to reach by the end of each period: a year, a quarter or a month.',
    example: [{ period: '2025', value: '60' }],
  })
  targets!: readonly Target[];
}

export class ReportResultBody implements Data<'ReportResult'> {
  @IdField(resultId) resultId!: string;
  @IdField({ description: 'The indicator that it is of.', example: 'I-1' }) indicatorId!: string;
  @DateField({ description: 'The last day of the period that the value is of.', example: '2023-12-31' }) periodEnd!: IsoDate;
  @DecimalField(value) value!: Decimal;
}

export class CorrectResultBody implements Data<'CorrectResult'> {
  @IdField({ ...resultId, inAddress: true }) resultId!: string;
  @DecimalField(value) value!: Decimal;
  @TextField(shortReason('Why the value was wrong.')) reason!: string;
}

/** Each command's class; its fields have the domain's types. */
export const commandBodies: { readonly [T in CommandType]: new () => CommandData[T] } = {
  EstablishProgramme: EstablishProgrammeBody,
  GrantAppropriation: GrantAppropriationBody,
  AdjustAppropriation: AdjustAppropriationBody,
  CloseFiscalYear: CloseFiscalYearBody,
  ReopenFiscalYear: ReopenFiscalYearBody,
  AmendProgramme: AmendProgrammeBody,
  ApproveRequest: ApproveRequestBody,
  ReturnRequest: ReturnRequestBody,
  WithdrawRequest: WithdrawRequestBody,
  OrderStatement: OrderStatementBody,
  PublishStatement: PublishStatementBody,
  ProposeInitiative: ProposeInitiativeBody,
  AmendInitiative: AmendInitiativeBody,
  FundInitiative: FundInitiativeBody,
  AdjustFunding: AdjustFundingBody,
  RecordSpending: RecordSpendingBody,
  ReverseSpending: ReverseSpendingBody,
  ReturnFunds: ReturnFundsBody,
  MakeCommitment: MakeCommitmentBody,
  ChangeCommitment: ChangeCommitmentBody,
  ReleaseCommitment: ReleaseCommitmentBody,
  TransferFunding: TransferFundingBody,
  CarryOver: CarryOverBody,
  StartFinalizing: StartFinalizingBody,
  FinalizeInitiative: FinalizeInitiativeBody,
  CancelInitiative: CancelInitiativeBody,
  SuspendInitiative: SuspendInitiativeBody,
  ResumeInitiative: ResumeInitiativeBody,
  PlanMilestone: PlanMilestoneBody,
  ReforecastMilestone: ReforecastMilestoneBody,
  ReportMilestone: ReportMilestoneBody,
  ReportProgress: ReportProgressBody,
  AssessConfidence: AssessConfidenceBody,
  DefineIndicator: DefineIndicatorBody,
  ReportResult: ReportResultBody,
  CorrectResult: CorrectResultBody,
};
