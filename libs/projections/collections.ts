/** The documents of the read models: their collections, keys, bodies, and what of them only folding needs. */
import type { CollectionSpec, JsonObject } from '../read-models/ports.js';
import type { InitiativeView } from './initiative-view.js';
import type { TallyBody } from './tally.js';
import type { Track } from './track.js';
import type { TurnBody } from './turns.js';
import type { AuthorityView, ProgrammeView } from './views.js';

/** A programme, its fiscal years in its tally. Key: its code. */
export type ProgrammeInternal = { everyProgramme: 'programmes'; tally: TallyBody };
/** Of an authority. Key: programme/authority. */
export type AuthorityInternal = { tally: TallyBody };
/** Of an initiative. Key: programme/initiative. */
export type InitiativeInternal = {
  /** Code and titles, to search in. */
  searched: string;
  track: Track;
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
  /** What it changes in the totals, where the record alone does not say. */
  turns?: TurnBody[];
};
/** What the records of one stretch of a programme's history change as of one day. Key: programme/stretch/day. */
export type SumsBody = { programme: string; stretch: string; turn: TurnBody };

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

export const authorities = collection<AuthorityView, AuthorityInternal>({
  name: 'authorities',
  fields: { programme: 'text', authority: 'text' },
  scope: 'programme',
  filters: [],
  sorts: ['authority'],
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

/** Sums of a programme's history by stretch and day, and how many positions lie in a stretch. */
export type Sums = { readonly collection: Collection<SumsBody>; readonly length: number };
function sums(name: string, length: number): Sums {
  const fields = { programme: 'text', stretch: 'text' } as const;
  return { collection: collection<SumsBody>({ name, fields, scope: 'programme', filters: [], sorts: ['stretch'] }), length };
}
/** Long stretches keep what is added up few however long a history is, short ones what is left of the long one in which it is cut. */
export const longSums = sums('longSums', 20_000);
export const shortSums = sums('shortSums', 1_000);

export const collections: readonly CollectionSpec[] = [
  records,
  initiatives,
  shortSums.collection,
  longSums.collection,
  authorities,
  programmes,
];

export const recordKey = (programme: string, position: number) => `${programme}/${position}`;
export const streamOf = (programme: string, initiative = '') => `${programme}/${initiative}`;
export const initiativeKey = (programme: string, initiative: string) => `${programme}/${initiative}`;
export const authorityKey = (programme: string, authority: string) => `${programme}/${authority}`;
export const commandKey = (programme: string, organisation: string, id: string) => `${programme}/${organisation}/${id}`;

/** The stretch of history a record lies in: a day of recording, of at most as many positions as is said. They sort as they follow each other. */
export function stretchOf({ length }: Sums, recordedAt: string, position: number): string {
  return `${recordedAt.slice(0, 10)}/${String(Math.floor(position / length)).padStart(12, '0')}`;
}
/** The first position that may lie in the same stretch. */
export function stretchStart({ length }: Sums, position: number): number {
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
