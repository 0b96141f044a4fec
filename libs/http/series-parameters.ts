/** The parameters of a series, and of a fiscal year. */
import { Injectable, type PipeTransform } from '@nestjs/common';
import type { FiscalYear } from '../domain/vocabulary.js';
import type { AsOf } from '../projections/as-of.js';
import { periodLengths } from '../projections/totals/periods.js';
import { measures, seriesGroups, type Measure, type SeriesAsked } from '../projections/totals/series.js';
import { isFiscalYear } from './fields.js';
import { asOfIn, asOfNames, malformed, Parameters } from './parameters.js';

export type SeriesQuery = { series: SeriesAsked; asOf: AsOf };

/** A series, now or as of a past day. @throws {MalformedCommand} */
export const seriesOnly = new Parameters(
  ['by', 'group', 'measure', ...asOfNames, 'bom'],
  ({ by, group, measure, ...asOf }): SeriesQuery => ({
    series: seriesIn(by, group, measure),
    asOf: asOfIn(asOf),
  }),
);

function seriesIn(by = 'month', group: string | undefined, measure: string | undefined): SeriesAsked {
  const length = periodLengths.find((one) => one === by);
  if (length === undefined) throw malformed('by', `by must be one of ${periodLengths.join(', ')}`);
  if (group === undefined) return { by: length, measures: measuresIn(measure, measures) };
  const known = seriesGroups.find((one) => one === group);
  if (known === undefined) throw malformed('group', `group must be one of ${seriesGroups.join(', ')}`);
  if (known === 'source') return { by: length, group: known, measures: measuresIn(measure, measuresOfSources) };
  if (known !== 'status') return { by: length, group: known, measures: measuresIn(measure, measuresOfGroups) };
  if (measure !== undefined) throw malformed('measure', 'measure must be absent beside group=status, which counts initiatives');
  return { by: length, group: known, measures: [] };
}

/** Only a programme is appropriated money. */
export const measuresOfGroups: readonly Measure[] = measures.filter((measure) => measure !== 'appropriated');

/** Spending names no source. */
export const measuresOfSources: readonly Measure[] = ['appropriated', 'funded'];

/** In the order of the measures, whatever the order asked for. */
function measuresIn(text: string | undefined, possible: readonly Measure[]): Measure[] {
  const named = text?.split(',') ?? possible;
  if (!named.every((name) => possible.some((measure) => measure === name)))
    throw malformed('measure', `measure must be one or more of ${possible.join(', ')}, with commas between them`);
  return possible.filter((measure) => named.includes(measure));
}

/** Reads the fiscal year in an address. @throws {MalformedCommand} */
@Injectable()
export class YearInAddress implements PipeTransform<string, FiscalYear> {
  transform(text: string): FiscalYear {
    const year = /^\d{4}$/.test(text) ? Number(text) : undefined;
    if (!isFiscalYear(year)) throw malformed('fiscalYear', 'fiscalYear must be a year from 1900 to 9999');
    return year;
  }
}
