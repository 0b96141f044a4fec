/** The answers of the routes that read totals. The compiler checks them against the ledger's types. */
import { ApiProperty } from '@nestjs/swagger';
import type { AppropriationView } from '../../projections/totals/appropriations.js';
import type { ClosingView, FiscalYearDetail, OpenFunds, OpenFundsView } from '../../projections/totals/fiscal-year.js';
import type { SeriesView, StatusSeriesView } from '../../projections/totals/series.js';
import { sourceKinds } from '../../domain/papers/source.js';
import type { RegionView, SectorView, SourceView } from '../../projections/totals/views.js';
import {
  Code,
  Cursor,
  Day,
  Field,
  FiscalYearBody,
  Moment,
  Money,
  MoneyBody,
  optional,
  StatusCountsBody,
  Texts,
  TotalAtLeast,
} from './answers.js';
import { SourceBody } from './source-body.js';

export class RegionBody extends MoneyBody implements RegionView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Field('As its initiatives name it.', 'Chuy') region!: string;
  @ApiProperty() initiatives!: StatusCountsBody;
}
export class RegionList {
  @ApiProperty({ type: [RegionBody] }) items!: RegionBody[];
}

export class SectorBody extends MoneyBody implements SectorView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Field('A code of COFOG.', '04.6') sector!: string;
  @ApiProperty() initiatives!: StatusCountsBody;
}
export class SectorList {
  @ApiProperty({ type: [SectorBody] }) items!: SectorBody[];
}

export class SourceTotalsBody implements SourceView {
  @Code('digital-kyrgyzstan') programme!: string;
  @ApiProperty({ enum: sourceKinds }) source!: string;
  @Money('Σ appropriations ± adjustments that name the source.') appropriated!: string;
  @Money('Σ funding ± adjustments that name the source.') funded!: string;
}
export class SourceList {
  @ApiProperty({ type: [SourceTotalsBody] }) items!: SourceTotalsBody[];
}

/** An item of a series of sums, or of the series of counts by status. */
export class SeriesItemBody implements SeriesView, Partial<StatusSeriesView> {
  @Code('digital-kyrgyzstan') programme!: string;
  @Field('A month as 2024-03, a quarter as 2024-Q1, a year as 2024.', '2024-03') period!: string;
  @Day('The first day of the period.') from!: string;
  @Day('The last day of the period, also if the as-of is within it.') to!: string;
  @Field('The authority, region, sector or source; absent without a group.', 'ministry-of-justice', optional) group?: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    required: false,
    example: 'Ministry of Justice',
    description: 'The authority’s name, if it has one.',
  })
  name?: string | null;
  @Money('Σ appropriations ± adjustments in the period.', optional) appropriated?: string;
  @Money('Σ funding ± adjustments in the period.', optional) funded?: string;
  @Money('Σ spending − reversals in the period.', optional) spent?: string;
  @Money('Σ unspent funding given back in the period.', optional) returned?: string;
  @Money('The change of Σ open commitments in the period.', optional) committed?: string;
  @ApiProperty({ required: false, description: 'Only with group=status: initiatives in each status at the end of the period.' })
  initiatives?: StatusCountsBody;
}
export class SeriesList {
  @ApiProperty({ type: [SeriesItemBody] }) items!: SeriesItemBody[];
}

export class AppropriationBody implements AppropriationView {
  @Code('digital-kyrgyzstan') programme!: string;
  @Field('In the programme’s history.', 3, { type: 'integer' }) position!: number;
  @Field('A calendar year in the programme’s time zone.', 2024, { type: 'integer' }) fiscalYear!: number;
  @Money('The amount of a grant; absent for an adjustment.', optional) amount?: string;
  @Money('The signed change of an adjustment or a carry-over; absent for a grant.', optional) change?: string;
  @Field('The id of an adjustment.', 'B-1', optional) adjustmentId?: string;
  @Field('The id of a carry-over; it has an item for each of its two years.', 'O-1', optional) carryOverId?: string;
  @Field('The initiative whose money a carry-over moves.', 'e-notary', optional) initiative?: string;
  @ApiProperty({ required: false, description: 'Where a grant’s money comes from; of its adjustments, only the kind of that source.' })
  source?: SourceBody;
  @Field('The law or decision that it stands on.', 'Law on the Republican Budget for 2024') legalBasis!: string;
  @Day('The day it happened.') occurredOn!: string;
  @Moment('The time of its recording.') recordedAt!: string;
}
export class AppropriationList {
  @ApiProperty({ type: [AppropriationBody] }) items!: AppropriationBody[];
  @Cursor() cursor?: string;
}

export class ClosingBody implements ClosingView {
  @Field('True for a closing, false for a reopening.', true) closed!: boolean;
  @Field('In the programme’s history.', 4711, { type: 'integer' }) position!: number;
  @Field('Why it was reopened.', 'an invoice came late', optional) reason?: string;
  @Field('The legal basis of a reopening.', 'Decision of the Cabinet', optional) legalBasis?: string;
  @Day('The day it happened.') occurredOn!: string;
  @Moment('The time of its recording.') recordedAt!: string;
}
export class OpenFundsItemBody implements OpenFundsView {
  @Code('e-notary') initiative!: string;
  @Texts() title!: { [language: string]: string };
  @Code('ministry-of-justice') authority!: string;
  @Money('Its money of the year that is neither spent nor returned.') amount!: string;
}
export class OpenFundsBody implements OpenFunds {
  @Money('funded − returned − spent of the year.') amount!: string;
  @Field('Initiatives with open money of the year; absent as of a past day, or if they are too many to count.', 3, {
    type: 'integer',
    required: false,
  })
  total?: number;
  @TotalAtLeast() totalAtLeast?: number;
  @ApiProperty({
    type: [OpenFundsItemBody],
    required: false,
    description:
      'The first of them by code, 100 at most; absent as of a past day. The list of initiatives has all: `openFunds=` and the year.',
  })
  items?: OpenFundsItemBody[];
}
export class FiscalYearDetailBody extends FiscalYearBody implements FiscalYearDetail {
  @Field('The position in the programme’s history that this is folded to.', 4711, { type: 'integer' }) position!: number;
  @Moment('When the record at that position was recorded.') lastRecordedAt!: string;
  @ApiProperty({ type: [AppropriationBody], description: 'Its grant, adjustments and carry-overs, in the order of recording.' })
  appropriations!: AppropriationBody[];
  @ApiProperty({ type: [ClosingBody], description: 'Its closings and reopenings, in the order of recording.' }) closings!: ClosingBody[];
  @ApiProperty({ description: 'Its money that is neither spent nor returned.' }) openFunds!: OpenFundsBody;
}
