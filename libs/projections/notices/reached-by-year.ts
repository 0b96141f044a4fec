import type { LedgerRecord } from '../../event-log/record.js';
import { effectsOf, type SumsChange } from '../../domain/effects.js';
import type { FiscalYear } from '../../domain/vocabulary.js';
import type { Totals } from '../totals/totals.js';
import { percentOf, stepsAfter, type Cause, type Step } from './steps.js';

/** By fiscal year, the records by which the share of its appropriation that is funded rose. */
export type ReachedByYear = { [year: string]: Step[] };

/** What is reached after a record; the same object if nothing changed. `totals` are the programme's with the record. */
export function reachedAfter(before: ReachedByYear, record: LedgerRecord, { byYear }: Totals): ReachedByYear {
  // The halves of a transfer leave the year's funding as it was, so neither causes a notice or ends one.
  if (record.type === 'CommandRefused' || record.type === 'FundingTransferred') return before;
  const { sums } = effectsOf(record);
  if (!sums) return before;
  const cause = { on: record.occurredOn, position: record.position };
  return sums.reduce(
    (reached, change) => (changesFunding(change) ? reachedInYear(reached, change.fiscalYear, cause, byYear) : reached),
    before,
  );
}

function changesFunding({ funded, returned, appropriated }: SumsChange): boolean {
  return funded !== undefined || returned !== undefined || appropriated !== undefined;
}

function reachedInYear(before: ReachedByYear, fiscalYear: FiscalYear, cause: Cause, byYear: Totals['byYear']): ReachedByYear {
  const { funded = 0n, returned = 0n, appropriated = 0n } = byYear?.[fiscalYear] ?? {};
  const known = before[fiscalYear] ?? [];
  const steps = stepsAfter(known, percentOf(funded - returned, appropriated), cause);
  return steps === known ? before : { ...before, [fiscalYear]: [...steps] };
}
