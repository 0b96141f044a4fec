/** Totals as of a past day: the sum of all changes of the history as of then. */
import type { ReadModels } from '../../read-models/ports.js';
import type { AsOf } from '../as-of.js';
import { recordAt } from '../records/recorded-by.js';
import { addChange, type RunningGroups } from './changes.js';
import { historyAsOf, type Walk } from './history.js';
import type { LastRecord, ProgrammeTerms } from './views.js';

/** A programme as of then, and the last record that counts. */
export type ProgrammeAsOf = LastRecord & { terms: ProgrammeTerms; groups: RunningGroups };

/** @returns `undefined` if the programme is unknown, or was not established yet @throws the signal's reason once it is aborted */
export async function programmeAsOf(
  models: ReadModels,
  generation: string,
  code: string,
  asOf: AsOf,
  walk: Walk = {},
): Promise<ProgrammeAsOf | undefined> {
  const history = await historyAsOf(models, generation, code, asOf, walk);
  if (!history) return undefined;
  const groups: RunningGroups = new Map();
  let last = 0;
  for await (const { change, position } of history.changes) {
    addChange(groups, change);
    last = Math.max(last, position);
  }
  // The terms of a programme established later than it says still count.
  const { recordedAt: lastRecordedAt } = await recordAt(models, generation, code, Math.max(1, last));
  return { terms: history.terms, position: last, lastRecordedAt, groups };
}
