/** The answers of the routes. The compiler checks them against the ledger's types. Amounts are minor units as decimal strings, instants UTC. */
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import type { Receipt } from '../../command-processing/outcome.js';
import { type EventType } from '../../domain/events.js';
import { eventTypes } from '../../domain/capabilities.js';
import { approvable, approverRoles } from '../../domain/requests/approvals.js';
import {
  ceilings,
  indicatorRules,
  roles,
  statuses,
  yearRules,
  type Ceiling,
  type IndicatorRule,
  type Role,
  type Status,
  type YearRule,
} from '../../domain/vocabulary.js';
import type { Ending, FirstApproved, InitiativeView, InitiativeYear } from '../../projections/initiatives/initiative-view.js';
import { ConfidenceBody, IndicatorCountsBody, MilestoneCountsBody, ProgressBody } from './initiative-delivery.js';
import { ReferenceBody } from './reference-body.js';
import { PartyBody } from './requests.js';
import type { CommandAnswer } from '../outcome-answer.js';
import type { HeadView } from '../../projections/records/reads.js';
import type { InitiativeYearRow } from '../../projections/initiatives/list.js';
import type { AuthorityView, FiscalYearView, ProgrammeView, StatusCounts } from '../../projections/totals/views.js';

export const Field = (description: string, example: unknown, more: ApiPropertyOptions = {}) =>
  ApiProperty({ description, example, ...more });
export const optional = { required: false } as const;
const Count = () => ApiProperty({ type: 'integer', minimum: 0 });
export const Texts = () =>
  ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'By language tag (BCP 47).',
    example: { en: 'E-notary' },
  });
export const Code = (example: string) => ApiProperty({ example });
export const Day = (description: string, more: ApiPropertyOptions = {}) => Field(description, '2024-03-07', { format: 'date', ...more });
export const Moment = (description: string) => Field(description, '2024-03-09T05:12:44.120Z', { format: 'date-time' });
export const Money = (definition: string, more: ApiPropertyOptions = {}) =>
  ApiProperty({ pattern: '^-?\\d{1,19}$', example: '60000000000', description: `${definition} In minor units.`, ...more });
const hash = { pattern: '^[0-9a-f]{64}$' };
const sha = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

export class ReceiptBody implements Receipt {
  @Field('The command’s id, as sent or as made for it.', 'spend-1') commandId!: string;
  @Code('digital-kyrgyzstan') programme!: string;
  @Field('Absent for a command to the programme itself.', 'e-notary', optional) initiative?: string;
  @Field('Of the initiative, or of the programme, after the command; of the giver after a transfer.', 7, { type: 'integer' })
  version!: number;
  @Field('Of the command’s last record; absent for a dry run.', 4711, { type: 'integer', required: false }) position?: number;
  @Field('SHA-256 of the command’s last record; absent for a dry run.', sha, { ...hash, required: false }) hash?: string;
  @ApiProperty({ enum: eventTypes, isArray: true, description: 'What happened, in order.', example: ['SpendingRecorded'] })
  events!: EventType[];
  @Field('The request in which the command waits for a second person.', 'R-17', optional) requestId?: string;
}

/** One line of a batch's answer, or the outcome of a command looked up by its id. */
export class CommandAnswerBody implements CommandAnswer {
  @Code('import-17') commandId!: string;
  @Field('The status that the command would get on its own.', 201, { type: 'integer' }) status!: number;
  @Field('Of the initiative, or of the programme, after the command.', 7, { type: 'integer', required: false }) version?: number;
  @Field('Of the command’s last record.', 4711, { type: 'integer', required: false }) position?: number;
  @Field('SHA-256 of the command’s last record.', sha, { ...hash, required: false }) hash?: string;
  @ApiProperty({ enum: eventTypes, isArray: true, required: false }) events?: EventType[];
  @Field('The request in which the command waits for a second person.', 'R-17', optional) requestId?: string;
  @Field('Why it was refused.', 'funding-exceeded', optional) code?: string;
  @Field('The rule and the figures.', 'funded 80000, spent 50000: 30000 is left, not 50000', optional) detail?: string;
  @Money('The amount available.', optional) available?: string;
  @Money('The amount requested.', optional) requested?: string;
  @Money('The amount that open commitments hold beside what is available.', optional) committed?: string;
  @Field('The command had this outcome before.', true, optional) replayed?: boolean;
  @Field('The same content waits already, by another command; this one added nothing.', true, optional) waitedBefore?: boolean;
}

export class StatusCountsBody implements StatusCounts {
  @Count() proposed!: number;
  @Count() funded!: number;
  @Count() spending!: number;
  @Count() finalizing!: number;
  @Count() finalized!: number;
  @Count() cancelled!: number;
}

class TotalsBody {
  @Money('Σ appropriations ± adjustments.') appropriated!: string;
  @Money('Σ funding ± adjustments.') funded!: string;
  @Money('Σ spending − reversals.') spent!: string;
  @Money('Σ unspent funding given back.') returned!: string;
  @Money('appropriated − funded + returned while a year is open, then 0; null with ceiling none.', { type: 'string', nullable: true })
  available!: string | null;
  @Money('The amount available when a year closed, plus returns since then; null with ceiling none.', { type: 'string', nullable: true })
  lapsed!: string | null;
  @Money('Σ open commitments of the initiatives.') committed!: string;
  @Money('funded − returned − spent − committed: what the initiatives can still spend without drawing from a commitment.') free!: string;
  @ApiProperty({
    type: 'number',
    nullable: true,
    example: 0.8123,
    description: 'spent ÷ appropriated, to four decimals; null if nothing is appropriated.',
  })
  absorption!: number | null;
  @ApiProperty({ description: 'Initiatives by status; for a fiscal year, only those with movements of its money.' })
  initiatives!: StatusCountsBody;
}

export class ApprovalBody {
  @ApiProperty({ enum: Object.keys(approvable) }) command!: string;
  @Money('The amount above which it waits; it always does if absent.', optional) above?: string;
  @ApiProperty({ enum: approverRoles, description: 'The role of the second person.' }) role!: string;
}
export class ThresholdsBody {
  @Field('Of an initiative’s funding that is spent.', [70, 85, 100], { type: [Number] }) spent!: number[];
  @Field('Of a year’s appropriation that is funded.', [70, 85, 100], { type: [Number] }) funded!: number[];
}

export class ProgrammeBody extends TotalsBody implements ProgrammeView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Field('Of the programme’s own last event; send it in If-Match.', 9, { type: 'integer' }) version!: number;
  @Field('The position in the programme’s history that this is folded to.', 4711, { type: 'integer' }) position!: number;
  @Moment('When the record at that position was recorded.') lastRecordedAt!: string;
  @Texts() title!: { [language: string]: string };
  @Field('ISO 4217.', 'KGS') currency!: string;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: 2,
    description: 'Decimal digits of the currency’s minor unit (ISO 4217); null if the currency of an older programme is not in ISO 4217.',
  })
  minorUnits!: number | null;
  @Field('IANA name.', 'Asia/Bishkek') timeZone!: string;
  @ApiProperty({ enum: ceilings }) ceiling!: Ceiling;
  @ApiProperty({ enum: yearRules }) years!: YearRule;
  @ApiProperty({
    enum: indicatorRules,
    required: false,
    description: 'Whether an initiative must have an indicator before its first funding; optional if absent.',
  })
  indicators?: IndicatorRule;
  @Day('The day of its establishment.') establishedOn!: string;
  @ApiProperty({ type: [ApprovalBody], description: 'Which commands wait for a second person.' }) approvals!: ApprovalBody[];
  @ApiProperty({ description: 'The percentages at which notices are due.' }) thresholds!: ThresholdsBody;
}

export class FiscalYearBody extends TotalsBody implements FiscalYearView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Field('A calendar year in the programme’s time zone.', 2024, { type: 'integer' }) fiscalYear!: number;
  @Day('The day of its closing; null while it is open.', { type: 'string', nullable: true }) closedOn!: string | null;
}

export class MoneyBody {
  @Money('Σ funding ± adjustments.') funded!: string;
  @Money('Σ spending − reversals.') spent!: string;
  @Money('Σ unspent funding given back.') returned!: string;
  @Money('funded − returned − spent.') available!: string;
  @Money('Σ open commitments.') committed!: string;
  @Money('available − committed: what can be spent without drawing from a commitment.') free!: string;
}

export class AuthorityBody extends MoneyBody implements AuthorityView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Code('ministry-of-justice') authority!: string;
  @ApiProperty({ type: 'string', nullable: true, example: 'Ministry of Justice' }) name!: string | null;
  @ApiProperty() initiatives!: StatusCountsBody;
}

export class InitiativeYearBody extends MoneyBody implements InitiativeYear {
  @Field('A calendar year in the programme’s time zone.', 2024, { type: 'integer' }) fiscalYear!: number;
}
export class InitiativeYearRowBody extends InitiativeYearBody implements InitiativeYearRow {
  @Code('digital-kyrgyzstan') programme!: string;
  @Code('e-notary') initiative!: string;
}
export class FirstApprovedBody implements FirstApproved {
  @Day('The day of the first funding.') on!: string;
  @Money('The amount requested then.', optional) requestedAmount?: string;
  @Day('The first planned day then.', optional) plannedStart?: string;
  @Day('The last planned day then.', optional) plannedEnd?: string;
}
export class EndingBody implements Ending {
  @Day('The day of its end.') on!: string;
  @Money('Net spending when it was finalized.', optional) finalValue?: string;
  @Field('Why it was cancelled.', 'part of the state portal now', optional) reason?: string;
  @Field('The legal basis of the cancellation.', 'Decision of the Cabinet', optional) legalBasis?: string;
}
export class LatenessBody {
  @Count() entries!: number;
  @ApiProperty({ type: 'number', description: 'Average days from occurrence to recording.' }) averageDays!: number;
  @Count() longestDays!: number;
}

export class InitiativeBody extends MoneyBody implements InitiativeView {
  @Money('Σ transfers received − given, which funded includes; absent if there was none.', optional) transferred?: string;
  @Code('digital-kyrgyzstan') programme!: string;
  @Code('e-notary') initiative!: string;
  @Field('Of its last event; send it in If-Match.', 7, { type: 'integer' }) version!: number;
  @Field('Of its last event in the programme’s history.', 4711, { type: 'integer' }) position!: number;
  @Texts() title!: { [language: string]: string };
  @Code('ministry-of-justice') authority!: string;
  @ApiProperty({ required: false, example: 'Ministry of Justice' }) authorityName?: string;
  @ApiProperty({ required: false, example: 'Chuy' }) region?: string;
  @ApiProperty({ required: false, example: '04.6' }) sector?: string;
  @Money('The requested amount, as last amended.', optional) requestedAmount?: string;
  @Day('The first planned day, as last amended.', optional) plannedStart?: string;
  @Day('The last planned day, as last amended.', optional) plannedEnd?: string;
  @ApiProperty({ enum: statuses }) status!: Status;
  @ApiProperty() suspended!: boolean;
  @Day('The day of its proposal.') proposedOn!: string;
  @ApiProperty({ required: false, description: 'The amount and period requested at the first funding.' }) firstApproved?: FirstApprovedBody;
  @Day('The day of the first payment.', optional) firstSpentOn?: string;
  @ApiProperty({ required: false, description: 'How it ended.' }) ended?: EndingBody;
  @ApiProperty({
    type: 'number',
    nullable: true,
    example: 0.8123,
    description: 'spent ÷ (funded − returned), to four decimals; null if there is no funding.',
  })
  absorption!: number | null;
  @Field('How many commitments were made.', 2, { type: 'integer' }) commitments!: number;
  @ApiProperty({ type: [InitiativeYearBody] }) fiscalYears!: InitiativeYearBody[];
  @ApiProperty({ description: 'Days from the occurrence of its entries to their recording.' }) lateness!: LatenessBody;
  @ApiProperty({ required: false, description: 'Physical progress, as last reported.' }) progress?: ProgressBody;
  @Field(
    'Percentage points by which the share of funding that is spent is beyond the physical progress; negative if it is below. Absent before the first report.',
    12,
    { type: 'integer', required: false },
  )
  spendingAhead?: number;
  @ApiProperty({
    required: false,
    description:
      'The latest assessments. One is independent if its organisation was not the authority: the ledger compares them, nobody says so.',
  })
  confidence?: ConfidenceBody;
  @ApiProperty({ required: false, description: 'Counts of its milestones; the route of milestones has them all.' })
  milestones?: MilestoneCountsBody;
  @ApiProperty({ required: false, description: 'Counts of its indicators; the routes of indicators and results have them all.' })
  indicators?: IndicatorCountsBody;
  @Day('The latest date of an entry.') lastOccurredOn!: string;
  @Moment('The time of its last recording.') lastRecordedAt!: string;
}

export class ActorBody {
  @Field('The token’s sub.', 'u-88') id!: string;
  @Code('ministry-of-justice') organisation!: string;
  @ApiProperty({ enum: roles }) role!: Role;
  @ApiProperty({ required: false }) onBehalfOf?: PartyBody;
}

/** An event of an initiative. Only auditors and admins see its sender and hash. */
export class HistoryEventBody {
  @Code('digital-kyrgyzstan') programme!: string;
  @Field('In the programme’s history.', 4711, { type: 'integer' }) position!: number;
  @Code('e-notary') initiative!: string;
  @Field('In the initiative’s own history.', 7, { type: 'integer' }) version!: number;
  @ApiProperty({ enum: eventTypes }) type!: EventType;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What was decided.' }) data!: object;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What readers need to fold it.' }) context!: object;
  @Day('The day it happened.') occurredOn!: string;
  @Moment('The time of its recording.') recordedAt!: string;
  @ApiProperty({ required: false, type: [ReferenceBody], description: 'The papers that it stands on.' })
  references?: readonly ReferenceBody[];
  @ApiProperty({ required: false, description: 'For auditors and admins.' }) actor?: ActorBody;
  @ApiProperty({ required: false, description: 'For auditors and admins: who approved it, if it waited for a second person.' })
  approvedBy?: ActorBody;
  @Field('For auditors and admins.', 'spend-1', optional) commandId?: string;
  @Field('For auditors and admins: SHA-256 of the record.', sha, { ...hash, required: false }) hash?: string;
}

export class HeadBody implements HeadView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Field('Of its latest record.', 4711, { type: 'integer' }) position!: number;
  @Field('SHA-256 of its latest record.', sha, hash) hash!: string;
  @Moment('The time of its recording.') recordedAt!: string;
}

export const Cursor = () => Field('Send it to get the next page; absent on the last page.', 'WyJhYmMiLDFd', optional);
export const Total = () =>
  Field('The number of items of all pages; absent if they are too many to count.', 197, { type: 'integer', required: false });
export const TotalAtLeast = () =>
  Field('If there is no total: there are at least as many items on all pages.', 5_000, { type: 'integer', required: false });
export class ProgrammeList {
  @ApiProperty({ type: [ProgrammeBody] }) items!: ProgrammeBody[];
  @Cursor() cursor?: string;
}
export class FiscalYearList {
  @ApiProperty({ type: [FiscalYearBody] }) items!: FiscalYearBody[];
}
export class AuthorityList {
  @ApiProperty({ type: [AuthorityBody] }) items!: AuthorityBody[];
}
export class InitiativeList {
  @ApiProperty({ type: [InitiativeBody] }) items!: InitiativeBody[];
  @Cursor() cursor?: string;
  @Total() total?: number;
  @TotalAtLeast() totalAtLeast?: number;
  @Field(
    'Only with a cursor: whether the pages give every initiative once. False if the sort field can change. CSV has it in the header Ledger-Pages-Stable.',
    true,
    { type: 'boolean', required: false },
  )
  stable?: boolean;
}
export class InitiativeYearList {
  @ApiProperty({ type: [InitiativeYearRowBody] }) items!: InitiativeYearRowBody[];
  @Cursor() cursor?: string;
}
export class HistoryList {
  @ApiProperty({ type: [HistoryEventBody] }) items!: HistoryEventBody[];
  @Cursor() cursor?: string;
}
export class HeadList {
  @ApiProperty({ type: [HeadBody] }) items!: HeadBody[];
}
