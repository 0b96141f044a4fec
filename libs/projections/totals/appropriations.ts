/** What the law granted a programme, entry by entry. */
import { effectsOf } from '../../domain/effects.js';
import type { MoneySource } from '../../domain/papers/source.js';
import type { FiscalYear } from '../../domain/vocabulary.js';
import type { EventRecord } from '../../event-log/record.js';
import { BadCursor, type ReadModels } from '../../read-models/ports.js';
import { isLater, isWithin, type AsOf } from '../as-of.js';
import { entries } from '../entries/collection.js';
import { pagesOf } from '../pages.js';
import { records } from '../records/collection.js';
import { eventsOf, recordIn } from '../records/recorded.js';
import type { Listed, Paging, Source } from '../source.js';
import { programmeTermsAsOf } from './history.js';

/** A grant, with its amount; an adjustment, or one side of a carry-over, with its signed change. Amounts are minor units. */
export type AppropriationView = {
  programme: string;
  /** In the programme's history. */
  position: number;
  fiscalYear: FiscalYear;
  /** Of a grant only. */
  amount?: string;
  /** Of an adjustment or a carry-over. */
  change?: string;
  adjustmentId?: string;
  /** Of a carry-over: its id in the initiative whose money is carried over. */
  carryOverId?: string;
  initiative?: string;
  /** Of a grant whose source is known; of its adjustments, the kind of that source. */
  source?: MoneySource;
  legalBasis: string;
  occurredOn: string;
  recordedAt: string;
};

/** What an event does to appropriations: nothing, one thing to one year, or a carry-over to two years. */
export function appropriationsIn(event: EventRecord): AppropriationView[] {
  const { programme, position, occurredOn, recordedAt } = event;
  const at = { programme, position };
  const when = { occurredOn, recordedAt };
  if (event.type === 'AppropriationGranted') {
    const { fiscalYear, amount, source, legalBasis } = event.data;
    return [{ ...at, fiscalYear, amount: amount.toString(), ...(source && { source }), legalBasis, ...when }];
  }
  if (event.type === 'AppropriationAdjusted') {
    const { fiscalYear, adjustmentId, change, legalBasis } = event.data;
    const { source: kind } = event.context;
    return [{ ...at, fiscalYear, change: change.toString(), adjustmentId, ...(kind && { source: { kind } }), legalBasis, ...when }];
  }
  if (event.type !== 'FundsCarriedOver') return [];
  const { carryOverId, legalBasis } = event.data;
  return (effectsOf(event).sums ?? []).flatMap(({ fiscalYear, appropriated }) =>
    appropriated === undefined
      ? []
      : [{ ...at, fiscalYear, change: appropriated.toString(), carryOverId, initiative: event.initiative, legalBasis, ...when }],
  );
}

/**
 * The programme's own events, and the carry-overs of its initiatives, in the order of their positions.
 * @throws the signal's reason once it is aborted
 */
export async function* eventsOfAppropriations(
  models: ReadModels,
  generation: string,
  programme: string,
  signal?: AbortSignal,
): AsyncIterable<EventRecord> {
  const carriedOver = carryOvers(models, generation, programme, signal)[Symbol.asyncIterator]();
  let next = await carriedOver.next();
  for await (const event of eventsOf(models, generation, { programme }, signal)) {
    for (; !next.done && next.value.position < event.position; next = await carriedOver.next()) yield next.value;
    yield event;
  }
  for (; !next.done; next = await carriedOver.next()) yield next.value;
}

async function* carryOvers(models: ReadModels, generation: string, programme: string, signal?: AbortSignal): AsyncIterable<EventRecord> {
  const query = { scope: programme, equals: { type: 'FundsCarriedOver' }, sort: 'position' };
  for await (const found of pagesOf(models, generation, entries.name, query, signal)) {
    const keys = found.map(({ key }) => key);
    for (const document of await models.get(generation, records.name, keys)) {
      const record = document && recordIn(document);
      if (record && record.type !== 'CommandRefused') yield record;
    }
  }
}

/**
 * A page of a programme's appropriations in the order of their positions. @returns `undefined` if the programme does not exist, or did not exist as of then
 * @throws {BadCursor}
 */
export async function appropriations(
  source: Source,
  programme: string,
  asOf: AsOf,
  { limit, cursor }: Paging,
): Promise<Listed<AppropriationView> | undefined> {
  const after = cursor === undefined ? 0 : placeIn(cursor);
  const generation = await source.generation();
  if (!(await programmeTermsAsOf(source.models, generation, programme, asOf, source.signal))) return undefined;
  const items: AppropriationView[] = [];
  let last = after;
  for await (const event of eventsOfAppropriations(source.models, generation, programme, source.signal)) {
    if (isLater(asOf, event)) break;
    if (!isWithin(asOf, event)) continue;
    for (const [index, found] of appropriationsIn(event).entries()) {
      const place = event.position + index / 2;
      if (place <= after) continue;
      if (items.length === limit) return { items, cursor: String(last) };
      items.push(found);
      last = place;
    }
  }
  return { items };
}

/** The place of an item: the position of its event; half a position later for the second year of a carry-over. */
function placeIn(cursor: string): number {
  if (!/^[1-9]\d{0,14}(\.5)?$/.test(cursor)) throw new BadCursor(`${cursor} is not a cursor of an earlier answer`);
  return Number(cursor);
}
