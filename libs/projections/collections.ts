/** The documents of the read models: their collections, keys, bodies, and what of them only folding needs. */
import type { CollectionSpec, JsonObject } from '../read-models/ports.js';
import type { InitiativeView } from './initiative-view.js';
import type { ChangeBody } from './totals/changes.js';
import type { GroupOfDimension } from './totals/dimensions.js';
import type { Progress } from './totals/progress.js';
import type { TotalsBody } from './totals/totals.js';
import type { GroupView, ProgrammeView } from './views.js';

/** A programme, its fiscal years in its totals. Key: its code. */
export type ProgrammeInternal = { everyProgramme: 'programmes'; totals: TotalsBody };
/** A group of a programme's initiatives; `grouping` is programme/dimension. Key: programme/dimension/value. */
export type GroupInternal = { grouping: string; totals: TotalsBody };
/** Of an initiative. Key: programme/initiative. */
export type InitiativeInternal = {
  /** Code and titles, to search in. */
  searched: string;
  progress: Progress;
  daysLate: number;
};
/** Of one record, event or refusal, whose exact text is the body. Key: programme/position. */
export type RecordInternal = {
  /** programme/initiative, or programme/ for what concerns the programme itself. */
  stream: string;
  /** Absent on a refusal. */
  version?: number;
  place: number;
  hash: string;
  /** Where it is the first that a command made: programme/organisation/command id, and how many there are where there are more. */
  command?: string;
  count?: number;
  /** What it changes in the totals, unless the record alone says so. */
  changes?: ChangeBody[];
};
/** What the records of one checkpoint interval of a programme's history change on one day. Key: programme/interval/day. */
export type IntervalBody = { programme: string; interval: string; change: ChangeBody };

type Held = { body: JsonObject; internal?: JsonObject | undefined };
/** What a document holds: its body, and what of it is internal, if anything is. */
export type Content<B extends JsonObject, I extends JsonObject | undefined> = { body: B; internal: I };
/** A collection, and the type of what it holds: only these folds write it, and a generation is made by one version of them. */
export type Collection<B extends JsonObject, I extends JsonObject | undefined = undefined> = CollectionSpec & {
  holds(content: Held): content is Content<B, I>;
};
function collection<B extends JsonObject, I extends JsonObject | undefined = undefined>(spec: CollectionSpec): Collection<B, I> {
  return { ...spec, holds: (_content): _content is Content<B, I> => true };
}

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

export const initiatives = collection<InitiativeView, InitiativeInternal>({
  name: 'initiatives',
  fields: {
    programme: 'text',
    initiative: 'text',
    status: 'text',
    authority: 'text',
    suspended: 'flag',
    requestedAmount: 'money',
    funded: 'money',
    spent: 'money',
    returned: 'money',
    available: 'money',
    proposedOn: 'text',
    plannedEnd: 'text',
    lastRecordedAt: 'text',
    version: 'integer',
    searched: 'text',
  },
  scope: 'programme',
  filters: ['status', 'authority', 'suspended'],
  sorts: ['initiative', 'requestedAmount', 'funded', 'spent', 'returned', 'available', 'proposedOn', 'plannedEnd', 'lastRecordedAt'],
  version: 'version',
  search: 'searched',
});

export const records = collection<JsonObject, RecordInternal>({
  name: 'records',
  fields: { stream: 'text', version: 'integer', command: 'text' },
  scope: 'stream',
  filters: [],
  sorts: ['version'],
  lookups: ['command'],
  writtenOnce: true,
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

export const collections: readonly CollectionSpec[] = [
  records,
  initiatives,
  shortIntervals.collection,
  longIntervals.collection,
  groups,
  programmes,
];

export const recordKey = (programme: string, position: number) => `${programme}/${position}`;
export const streamOf = (programme: string, initiative = '') => `${programme}/${initiative}`;
export const initiativeKey = (programme: string, initiative: string) => `${programme}/${initiative}`;
export const groupKey = (programme: string, group: GroupOfDimension) => `${programme}/${group}`;
export const groupingOf = (programme: string, dimension: string) => `${programme}/${dimension}`;
export const commandKey = (programme: string, organisation: string, id: string) => `${programme}/${organisation}/${id}`;

/** The checkpoint interval of a record: one day of recording, and at most so many positions of it. Intervals sort as they follow each other. */
export function intervalOf({ length }: Intervals, recordedAt: string, position: number): string {
  return `${recordedAt.slice(0, 10)}/${String(Math.floor(position / length)).padStart(12, '0')}`;
}
/** The first position that may lie in the same interval. */
export function intervalStart({ length }: Intervals, position: number): number {
  return Math.max(1, Math.floor(position / length) * length);
}

/** What a document holds. */
export function contentOf<B extends JsonObject, I extends JsonObject | undefined>(
  collection: Collection<B, I>,
  document: Held,
): Content<B, I> {
  if (collection.holds(document)) return document;
  throw new TypeError(`the collection ${collection.name} holds no such document`);
}
/** A document's body. */
export function bodyOf<B extends JsonObject, I extends JsonObject | undefined>(collection: Collection<B, I>, document: Held): B {
  return contentOf(collection, document).body;
}
