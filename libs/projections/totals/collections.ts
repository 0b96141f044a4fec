/** The documents that hold totals: of programmes, of groups of their initiatives, and of intervals of their histories. */
import { collection, type Collection } from '../collection.js';
import type { ChangeBody } from './changes.js';
import type { GroupOfDimension } from './dimensions.js';
import type { TotalsBody } from './totals.js';
import type { GroupView, ProgrammeView } from './views.js';

/** A programme, its fiscal years in its totals. Key: its code. */
export type ProgrammeInternal = { everyProgramme: 'programmes'; totals: TotalsBody };
/** A group of a programme's initiatives; `grouping` is programme/dimension. Key: programme/dimension/value. */
export type GroupInternal = { grouping: string; totals: TotalsBody };
/** What the records of one checkpoint interval of a programme's history change on one day. Key: programme/interval/day. */
export type IntervalBody = { programme: string; interval: string; change: ChangeBody };

export const programmes = collection<ProgrammeView, ProgrammeInternal>({
  name: 'programmes',
  fields: { everyProgramme: 'text', programme: 'text' },
  scope: 'everyProgramme',
  filters: [],
  sorts: ['programme'],
});

export const groups = collection<GroupView, GroupInternal>({
  name: 'groups',
  fields: { grouping: 'text', value: 'text' },
  scope: 'grouping',
  filters: [],
  sorts: ['value'],
});

/** Totals of a programme's history by checkpoint interval and day, and how many positions an interval has. */
export type Intervals = { readonly collection: Collection<IntervalBody>; readonly length: number };
function intervals(name: string, length: number): Intervals {
  const fields = { programme: 'text', interval: 'text' } as const;
  return { collection: collection<IntervalBody>({ name, fields, scope: 'programme', filters: [], sorts: ['interval'] }), length };
}
/** Long intervals keep the number of documents to add up small however long a history is; short ones cover the long interval that a past day cuts. */
export const longIntervals = intervals('longIntervals', 20_000);
export const shortIntervals = intervals('shortIntervals', 1_000);

export const groupKey = (programme: string, group: GroupOfDimension) => `${programme}/${group}`;
export const groupingOf = (programme: string, dimension: string) => `${programme}/${dimension}`;

/** The checkpoint interval of a record: one day of recording, and at most `length` positions of it. Intervals sort in the order of history. */
export function intervalOf({ length }: Intervals, recordedAt: string, position: number): string {
  return `${recordedAt.slice(0, 10)}/${String(Math.floor(position / length)).padStart(12, '0')}`;
}
/** The first position that may lie in the same interval. */
export function intervalStart({ length }: Intervals, position: number): number {
  return Math.max(1, Math.floor(position / length) * length);
}
