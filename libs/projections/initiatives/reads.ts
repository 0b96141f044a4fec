/** Reads of initiatives. `undefined` means that the programme or initiative does not exist, or did not exist as of then. */
import type { EventRecord } from '../../event-log/record.js';
import { BadCursor, type ShownDocument } from '../../read-models/ports.js';
import { isLater, isPast, isWithin, type AsOf } from '../as-of.js';
import { contentOf } from '../collection.js';
import { pagesOf } from '../pages.js';
import { records, streamOf } from '../records/collection.js';
import { recordIn } from '../records/recorded.js';
import type { Listed, Paging, Source } from '../source.js';
import { programmeTermsAsOf } from '../totals/history.js';
import { initiativeKey, initiatives as initiativeDocuments } from './collection.js';
import { contentAsOf } from './list.js';
import type { InitiativeView } from './initiative-view.js';

/** The present document of an initiative as JSON, with its version. */
export async function initiativeShown(source: Source, programme: string, initiative: string): Promise<ShownDocument | undefined> {
  return source.models.getShown(await source.generation(), initiativeDocuments.name, initiativeKey(programme, initiative));
}

/** An initiative, now or as of a past day. */
export async function initiative(source: Source, programme: string, initiative: string, asOf: AsOf): Promise<InitiativeView | undefined> {
  const generation = await source.generation();
  if (!isPast(asOf)) return (await source.one(generation, initiativeDocuments, initiativeKey(programme, initiative)))?.body;
  const terms = await programmeTermsAsOf(source.models, generation, programme, asOf, source.signal);
  if (!terms) return undefined;
  return (await contentAsOf(source, generation, { programme, initiative }, asOf, terms.timeZone))?.body;
}

/** An initiative's events in the order of their versions. @throws {BadCursor} */
export async function history(
  source: Source,
  programme: string,
  initiative: string,
  asOf: AsOf,
  { limit, cursor }: Paging,
): Promise<Listed<EventRecord & { hash: string }> | undefined> {
  const generation = await source.generation();
  if (!(await initiativeShown(source, programme, initiative))) return undefined;
  const items: (EventRecord & { hash: string })[] = [];
  const from = cursor === undefined ? 1 : versionIn(cursor);
  const query = { scope: streamOf(programme, initiative), range: { from }, sort: 'version', ...(!isPast(asOf) && { limit: limit + 1 }) };
  for await (const documents of pagesOf(source.models, generation, records.name, query, source.signal))
    for (const document of documents) {
      const record = recordIn(document);
      if (record.type === 'CommandRefused') continue;
      if (isLater(asOf, record)) return { items };
      if (!isWithin(asOf, record)) continue;
      if (items.length === limit) return { items, cursor: String(record.version) };
      items.push({ ...record, hash: contentOf(records, document).internal.hash });
    }
  return { items };
}

function versionIn(cursor: string): number {
  if (!/^[1-9]\d{0,14}$/.test(cursor)) throw new BadCursor(`${cursor} is not a cursor of an earlier answer`);
  return Number(cursor);
}
