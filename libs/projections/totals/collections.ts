/** The collections of totals: of programmes, of groups of their initiatives, of months, and of intervals of their histories. */
import { collection, type Collection } from '../collection.js';
import type { ReachedByYear } from '../notices/reached-by-year.js';
import type { ChangeBody } from './changes.js';
import type { Group, GroupOfDimension } from './dimensions.js';
import type { TotalsBody } from './totals.js';
import type { GroupView, ProgrammeView } from './views.js';

/** The internal part of a programme's document; the totals include its fiscal years. Key: the programme's code. */
export type ProgrammeInternal = { everyProgramme: 'programmes'; totals: TotalsBody; reached: ReachedByYear };
/** The internal part of the document of a group of initiatives; `grouping` is programme/dimension. Key: programme/dimension/value. */
export type GroupInternal = { grouping: string; totals: TotalsBody };
/** The change that the records of one checkpoint interval of a programme's history make on one day. Key: programme/interval/day. */
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

/**
 * What happened in one month (of occurrence, as 2024-03) to the totals of a programme, or of one group of its initiatives: their present series.
 * Key: programme/group/month.
 */
export type MonthBody = { group: Group; month: string; totals: TotalsBody };
/** `grouping` is programme/dimension, or programme/programme for the whole. */
export type MonthInternal = { grouping: string };
export const months = collection<MonthBody, MonthInternal>({
  name: 'months',
  fields: { grouping: 'text', month: 'text' },
  scope: 'grouping',
  filters: [],
  sorts: ['month'],
});

/** Totals of a programme's history by checkpoint interval and day, and the length of an interval in positions. */
export type Intervals = { readonly collection: Collection<IntervalBody>; readonly length: number };
function intervals(name: string, length: number): Intervals {
  const fields = { programme: 'text', interval: 'text' } as const;
  return { collection: collection<IntervalBody>({ name, fields, scope: 'programme', filters: [], sorts: ['interval'] }), length };
}
/** Long intervals limit the number of documents to add up in a long history; short ones cover the long interval that contains the end of the as-of history. */
export const longIntervals = intervals('longIntervals', 20_000);
export const shortIntervals = intervals('shortIntervals', 1_000);

export const groupKey = (programme: string, group: GroupOfDimension) => `${programme}/${group}`;
export const groupingOf = (programme: string, dimension: string) => `${programme}/${dimension}`;

/** The checkpoint interval of a record: one day of recording, and at most `length` of its positions. Intervals sort in the order of the history. */
export function intervalOf({ length }: Intervals, recordedAt: string, position: number): string {
  return `${recordedAt.slice(0, 10)}/${String(Math.floor(position / length)).padStart(12, '0')}`;
}
/** The first position that may be in the same interval. */
export function intervalStart({ length }: Intervals, position: number): number {
  return Math.max(1, Math.floor(position / length) * length);
}
/** The first position that may be in an interval, by its name. */
export function startOfInterval({ length }: Intervals, interval: string): number {
  return Math.max(1, Number(interval.slice(interval.indexOf('/') + 1)) * length);
}
