/** The steps of an initiative by day, and the groups of totals that it belonged to. Totals as of a past day need no more of it. */
import type { EventRecord } from '../../event-log/record.js';
import { effectsOf } from '../../domain/effects.js';
import { statuses, type FiscalYear, type IsoDate, type Status } from '../../domain/vocabulary.js';
import { dimensionNames, dimensions, type Dimension, type Group } from './dimensions.js';

/** A value of a dimension from a day on. */
type Since = { on: IsoDate; value: string };

export type Progress = {
  /** The earliest day of each step. */
  reached: { [S in Status]?: IsoDate };
  /** The earliest day on which money of each fiscal year moved. */
  posted: { [year: string]: IsoDate };
  /** The values of each dimension in the order of recording. On a day, the last value dated by that day counts. */
  values: { [D in Dimension]?: Since[] };
};
export const noProgress: Progress = { reached: {}, posted: {}, values: {} };

/** The progress after an event; the same object if nothing changed. */
export function advanced(progress: Progress, event: EventRecord): Progress {
  if (event.initiative === undefined) return progress;
  const on = event.occurredOn;
  const { step, sums, terms } = effectsOf(event);
  let next = progress;
  if (step && isEarlier(on, next.reached[step])) next = { ...next, reached: { ...next.reached, [step]: on } };
  if (sums)
    for (const { fiscalYear } of sums)
      if (isEarlier(on, next.posted[fiscalYear])) next = { ...next, posted: { ...next.posted, [fiscalYear]: on } };
  if (terms)
    for (const dimension of dimensionNames) {
      const value = dimensions[dimension](terms);
      const before = next.values[dimension] ?? [];
      if (value === undefined || value === before.at(-1)?.value) continue;
      next = { ...next, values: { ...next.values, [dimension]: [...before, { on, value }] } };
    }
  return next;
}

function isEarlier(on: IsoDate, known: IsoDate | undefined): boolean {
  return known === undefined || on < known;
}

/** The status on a day; `undefined` before the proposal. */
export function statusOn(day: IsoDate, { reached }: Progress): Status | undefined {
  return statuses.findLast((status) => {
    const on = reached[status];
    return on !== undefined && on <= day;
  });
}
/** The groups that the initiative belongs to on a day. */
export function groupsOn(day: IsoDate, { values }: Progress): Group[] {
  const groups: Group[] = ['programme'];
  for (const dimension of dimensionNames) {
    const value = values[dimension]?.findLast(({ on }) => on <= day)?.value;
    if (value !== undefined) groups.push(`${dimension}/${value}`);
  }
  return groups;
}
/** The fiscal years whose money had moved by a day. */
export function yearsBy(day: IsoDate, { posted }: Progress): FiscalYear[] {
  return Object.entries(posted)
    .filter(([, on]) => on <= day)
    .map(([year]) => Number(year));
}
/** Every day on which the progress changes, in order. */
export function daysOf(progress: Progress): IsoDate[] {
  return [...new Set([...Object.values(progress.reached), ...Object.values(progress.posted), ...regroupings(progress)])].sort();
}
/** The days on which the groups may change, in no order. */
export function regroupings({ values }: Progress): IsoDate[] {
  return dimensionNames.flatMap((dimension) => values[dimension]?.map(({ on }) => on) ?? []);
}
