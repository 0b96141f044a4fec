/** Lists of a programme's entries: every record, with what its reader may see of it. */
import type { RefusalCode } from '../../domain/capabilities.js';
import { amountMoved, effectsOf } from '../../domain/effects.js';
import type { CommandType } from '../../domain/commands.js';
import type { EventType } from '../../domain/events.js';
import type { Actor, FiscalYear } from '../../domain/vocabulary.js';
import { isTimeZone } from '../../domain/calendar.js';
import type { Reference } from '../../domain/papers/references.js';
import { toWire, type LedgerRecord } from '../../event-log/record.js';
import type { Range } from '../../read-models/ports.js';
import { contentOf } from '../collection.js';
import { totalOf, totalOn, type Total } from '../counts.js';
import { records } from '../records/collection.js';
import { recordIn } from '../records/recorded.js';
import { lastPosition } from '../records/recorded-by.js';
import type { Listed, Paging, Source } from '../source.js';
import { programmes } from '../totals/collections.js';
import { entries as documents } from './collection.js';
import { conditionsOf, seesSender, type EntryFilter, type EntryReader } from './filters.js';
import { daysLateOf, initiativeOf, isOfMoney, organisationOf, referencesOf } from './fold.js';

/** One entry of a programme's history: an event, or a refused command. */
export type EntryView = {
  programme: string;
  position: number;
  initiative?: string;
  /** In its initiative's or programme's own history; absent on a refusal. */
  version?: number;
  type: EventType | 'CommandRefused';
  occurredOn: string;
  recordedAt: string;
  /** Days from the day it is dated to the day of its recording, in the programme's time zone. */
  daysLate: number;
  /** The change that it made to a sum, signed, in minor units, and its fiscal year. */
  change?: string;
  fiscalYear?: FiscalYear;
  /** The data of the event, or of the refused command. */
  data: object;
  /** Only on a refusal: the type of the command, and why it was refused. */
  refusal?: { command: CommandType; code: RefusalCode; detail: string };
  /** The papers that it stands on. */
  references?: readonly Reference[];
  /** Only for readers who may see the sender. */
  actor?: Actor;
  /** Who approved it, if it waited for a second person; for the same readers. */
  approvedBy?: Actor;
  commandId?: string;
  hash?: string;
};
export type EntryListing = { filter: EntryFilter; sort: string; paging: Paging };

/** The fields that entries are sorted by. */
export const entrySorts = documents.sorts;

/** A page of a programme's entries; `undefined` if there is no such programme. @throws {BadCursor} */
export async function entries(
  source: Source,
  programme: string,
  { filter, sort, paging }: EntryListing,
  reader: EntryReader,
): Promise<(Listed<EntryView> & Total) | undefined> {
  const generation = await source.generation();
  const known = await source.one(generation, programmes, programme);
  if (!known) return undefined;
  const { position, timeZone } = known.body;
  const conditions = { scope: programme, ...conditionsOf(filter, reader) };
  const positions = await positionsOf(source, generation, programme, filter, position);
  const within: { readonly [field: string]: Range } = { ...conditions.within, ...(positions && { position: positions }) };
  const descending = sort.startsWith('-');
  const field = descending ? sort.slice(1) : sort;
  const { [field]: range, ...others } = within;
  const question = JSON.stringify([filter, reader ?? null]);
  const query = { ...conditions, question, within: others, ...(range && { range }), sort: field, descending, ...paging };
  const [page, total] = await Promise.all([
    source.models.find(generation, documents.name, query),
    totalOf(source, documents, { ...conditions, within }),
  ]);
  const found = await source.models.get(
    generation,
    records.name,
    page.documents.map(({ key }) => key),
  );
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
  const items = found.flatMap((document) =>
    document ? [entryOf(recordIn(document), contentOf(records, document).internal.hash, zone, reader)] : [],
  );
  return { items, ...(page.cursor !== undefined && { cursor: page.cursor }), ...totalOn(page, items.length, paging, total) };
}

/** The positions of the records between two moments. */
async function positionsOf(
  source: Source,
  generation: string,
  programme: string,
  { recordedAfter, recordedBy }: EntryFilter,
  last: number,
): Promise<{ from?: number; to?: number } | undefined> {
  if (recordedAfter === undefined && recordedBy === undefined) return undefined;
  const until = (isKnown: (recordedAt: string) => boolean) => lastPosition(source.models, generation, programme, last, isKnown);
  return {
    ...(recordedAfter !== undefined && { from: 1 + (await until((recordedAt) => recordedAt < recordedAfter)) }),
    ...(recordedBy !== undefined && { to: await until((recordedAt) => recordedAt <= recordedBy) }),
  };
}

function entryOf(record: LedgerRecord, hash: string, timeZone: string, reader: EntryReader): EntryView {
  const { programme, position, version, occurredOn, recordedAt, actor, commandId } = record;
  const initiative = initiativeOf(record);
  const approvedBy = record.type === 'CommandRefused' ? undefined : record.approvedBy;
  const organisation = organisationOf(record);
  const references = referencesOf(record);
  return {
    programme,
    position,
    ...(initiative !== undefined && { initiative }),
    ...(version !== undefined && { version }),
    type: record.type,
    occurredOn,
    recordedAt,
    daysLate: daysLateOf(record, timeZone),
    ...whatOf(record),
    ...(references.length > 0 && { references }),
    ...(seesSender(reader, { organisation, movesMoney: isOfMoney(record) }) && {
      actor,
      ...(approvedBy && { approvedBy }),
      commandId,
      hash,
    }),
  };
}

function whatOf(record: LedgerRecord): Pick<EntryView, 'change' | 'fiscalYear' | 'data' | 'refusal'> {
  if (record.type === 'CommandRefused') {
    const { command, code, detail } = record.data;
    return { data: command.data, refusal: { command: command.type, code, detail } };
  }
  const moved = amountMoved(effectsOf(record));
  return {
    ...(moved && { fiscalYear: moved.fiscalYear, change: moved.amount.toString() }),
    data: toWire(record.data),
  };
}
