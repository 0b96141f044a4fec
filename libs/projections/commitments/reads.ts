/** Reads of an initiative's commitments, folded from its records when they are asked for. */
import { BadCursor } from '../../read-models/ports.js';
import { isLater, isWithin, type AsOf } from '../as-of.js';
import { initiativeKey, initiatives } from '../initiatives/collection.js';
import { eventsOf } from '../records/recorded.js';
import type { Listed, Paging, Source } from '../source.js';
import { CommitmentsFold, type CommitmentView } from './commitment-view.js';

/**
 * A page of an initiative's commitments with their drawings, in the order in which they were made, now or as of a past day.
 * @returns `undefined` if the initiative does not exist @throws {BadCursor}
 */
export async function commitments(
  source: Source,
  programme: string,
  initiative: string,
  asOf: AsOf,
  { limit, cursor }: Paging,
): Promise<Listed<CommitmentView> | undefined> {
  const after = cursor === undefined ? 0 : positionIn(cursor);
  const generation = await source.generation();
  const known = await source.one(generation, initiatives, initiativeKey(programme, initiative));
  if (!known) return undefined;
  // Most initiatives have none, and their events need not be read.
  if (known.body.commitments === 0) return { items: [] };
  const fold = new CommitmentsFold(after, limit + 1);
  for await (const event of eventsOf(source.models, generation, { programme, initiative }, source.signal)) {
    if (isLater(asOf, event)) break;
    if (isWithin(asOf, event)) fold.add(event);
  }
  const found = fold.views();
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(last && found.length > limit && { cursor: String(last.position) }) };
}

function positionIn(cursor: string): number {
  if (!/^[1-9]\d{0,14}$/.test(cursor)) throw new BadCursor(`${cursor} is not a cursor of an earlier answer`);
  return Number(cursor);
}
