/** What the law granted a programme, entry by entry. */
import type { FiscalYear } from '../../domain/vocabulary.js';
import type { EventRecord } from '../../event-log/record.js';
import { BadCursor } from '../../read-models/ports.js';
import { isLater, isWithin, type AsOf } from '../as-of.js';
import { eventsOf } from '../records/recorded.js';
import type { Listed, Paging, Source } from '../source.js';
import { programmeTermsAsOf } from './history.js';

/** A grant, with its amount, or an adjustment, with its signed change. Amounts are minor units. */
export type AppropriationView = {
  programme: string;
  /** In the programme's history. */
  position: number;
  fiscalYear: FiscalYear;
  /** Of a grant only. */
  amount?: string;
  /** Of an adjustment only. */
  change?: string;
  adjustmentId?: string;
  legalBasis: string;
  occurredOn: string;
  recordedAt: string;
};

/** An event as an appropriation; `undefined` if it is none. */
export function appropriationIn(event: EventRecord): AppropriationView | undefined {
  const { programme, position, occurredOn, recordedAt } = event;
  if (event.type === 'AppropriationGranted') {
    const { fiscalYear, amount, legalBasis } = event.data;
    return { programme, position, fiscalYear, amount: amount.toString(), legalBasis, occurredOn, recordedAt };
  }
  if (event.type !== 'AppropriationAdjusted') return undefined;
  const { fiscalYear, adjustmentId, change, legalBasis } = event.data;
  return { programme, position, fiscalYear, change: change.toString(), adjustmentId, legalBasis, occurredOn, recordedAt };
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
  const after = cursor === undefined ? 0 : positionIn(cursor);
  const generation = await source.generation();
  if (!(await programmeTermsAsOf(source.models, generation, programme, asOf, source.signal))) return undefined;
  const items: AppropriationView[] = [];
  for await (const event of eventsOf(source.models, generation, { programme }, source.signal)) {
    if (isLater(asOf, event)) break;
    const found = event.position > after && isWithin(asOf, event) ? appropriationIn(event) : undefined;
    if (!found) continue;
    if (items.length === limit) return { items, cursor: String(items.at(-1)?.position) };
    items.push(found);
  }
  return { items };
}

function positionIn(cursor: string): number {
  if (!/^[1-9]\d{0,14}$/.test(cursor)) throw new BadCursor(`${cursor} is not a cursor of an earlier answer`);
  return Number(cursor);
}
