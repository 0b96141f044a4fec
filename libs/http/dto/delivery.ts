/** The answers of the routes that read what an initiative delivers. The compiler checks them against the ledger's types. */
import { ApiProperty } from '@nestjs/swagger';
import { milestoneKinds, milestoneStatuses, type MilestoneKind, type MilestoneStatus } from '../../domain/delivery/commands.js';
import { decimalPattern } from '../../domain/vocabulary.js';
import type { Correction, IndicatorView, ReportedValue, ResultView, TargetView } from '../../projections/delivery/indicator.js';
import type { Forecast, MilestoneReport, MilestoneView } from '../../projections/delivery/milestone.js';
import { Code, Cursor, Day, Field, optional, Texts } from './answers.js';

const integer = { type: 'integer' } as const;
const Position = (of: string) => Field(`Of the record ${of}, in the programme’s history.`, 4711, integer);
const Value = (description: string, more = {}) => Field(description, '12.5', { pattern: decimalPattern.source, ...more });

export class ForecastBody implements Forecast {
  @Day('The day by which it was expected.') dueOn!: string;
  @Day('The day since which it was.') on!: string;
  @Position('that says so') position!: number;
  @Field('Why the day moved; absent from the plan.', 'The tender was repeated', optional) reason?: string;
}
export class MilestoneReportBody implements MilestoneReport {
  @ApiProperty({ enum: milestoneStatuses }) status!: MilestoneStatus;
  @Day('The day that it was reported for.') on!: string;
  @Position('that says so') position!: number;
  @Field('Why it was reached so far and no further.', 'Two of three offices', optional) reason?: string;
}
export class MilestoneBaselineBody {
  @Day('The day by which it was expected at the first funding.') dueOn!: string;
  @Position('that says so') position!: number;
}
export class MilestoneBody implements MilestoneView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Code('e-notary') initiative!: string;
  @Code('M-1') milestoneId!: string;
  @Texts() title!: { [language: string]: string };
  @ApiProperty({ enum: milestoneKinds, description: 'OC4IDS milestone type.' }) kind!: MilestoneKind;
  @ApiProperty({ enum: ['scheduled', ...milestoneStatuses], description: 'As last reported; scheduled before the first report.' })
  status!: 'scheduled' | MilestoneStatus;
  @Day('The day by which it is expected, as last forecast.') dueOn!: string;
  @ApiProperty({
    required: false,
    description: 'What stood at the first funding; of a milestone planned later, its plan. Absent before the first funding.',
  })
  baseline?: MilestoneBaselineBody;
  @Day('The day for which it was reported as met.', optional) metOn?: string;
  @Field('How often it was forecast again.', 2, integer) reforecasts!: number;
  @Field(
    'Days from the baseline (before the first funding: from the plan) to the day it was met or is expected; negative if that is earlier.',
    61,
    integer,
  )
  driftDays!: number;
  @ApiProperty({ type: [ForecastBody], description: 'The plan and every later forecast, in the order of recording.' })
  forecasts!: [ForecastBody, ...ForecastBody[]];
  @ApiProperty({ type: [MilestoneReportBody], description: 'In the order of recording.' }) reports!: MilestoneReportBody[];
}
export class MilestoneList {
  @ApiProperty({ type: [MilestoneBody] }) items!: MilestoneBody[];
}

export class ReportedValueBody implements ReportedValue {
  @Code('Q-1') resultId!: string;
  @Day('The last day of the period that it is of.') periodEnd!: string;
  @Value('As last corrected.') value!: string;
}
export class TargetBody implements TargetView {
  @Field('A year, a quarter or a month.', '2025-Q2') period!: string;
  @Day('The last day of the period.') periodEnd!: string;
  @Value('What is to be reached by then.') value!: string;
  @ApiProperty({ required: false, description: 'The latest result of the same period.' }) result?: ReportedValueBody;
}
export class IndicatorBody implements IndicatorView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Code('e-notary') initiative!: string;
  @Code('I-1') indicatorId!: string;
  @Texts() title!: { [language: string]: string };
  @Field('The unit of its values.', 'percent') unit!: string;
  @Value('The value before the initiative.') baseline!: string;
  @ApiProperty({ type: [TargetBody] }) targets!: TargetBody[];
  @ApiProperty({ required: false, description: 'The result of the latest period.' }) latest?: ReportedValueBody;
  @Field('The number of its results.', 3, integer) results!: number;
  @Day('The day of its definition.') definedOn!: string;
  @Position('that defined it') position!: number;
}
export class IndicatorList {
  @ApiProperty({ type: [IndicatorBody] }) items!: IndicatorBody[];
}

export class CorrectionBody implements Correction {
  @Value('The value before.') from!: string;
  @Value('The value after.') to!: string;
  @Field('Why the value was wrong.', 'Counted twice') reason!: string;
  @Day('The day of the correction.') on!: string;
  @Position('that corrects it') position!: number;
}
export class ResultBody extends ReportedValueBody implements ResultView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Code('e-notary') initiative!: string;
  @Code('I-1') indicatorId!: string;
  @Value('As first reported.') reported!: string;
  @Day('The day of the report.') reportedOn!: string;
  @Position('that reported it') position!: number;
  @ApiProperty({ type: [CorrectionBody], description: 'In the order of recording.' }) corrections!: CorrectionBody[];
}
export class ResultList {
  @ApiProperty({ type: [ResultBody] }) items!: ResultBody[];
  @Cursor() cursor?: string;
}
