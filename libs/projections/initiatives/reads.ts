/** Reads of initiatives. `undefined` means that the programme or initiative does not exist, or did not exist as of then. */
import type { EventRecord } from '../../event-log/record.js';
import { BadCursor, type ShownDocument } from '../../read-models/ports.js';
import { isLater, isPast, isWithin, type AsOf } from '../as-of.js';
import { bodyOf, contentOf } from '../collection.js';
import { pagesOf } from '../pages.js';
import { records, streamOf } from '../records/collection.js';
import { eventsOf, recordIn } from '../records/recorded.js';
import type { Listed, ListedTexts, Paging, Source } from '../source.js';
import { programmeTermsAsOf } from '../totals/programme-as-of.js';
import { programmeShown } from '../totals/reads.js';
import { initiativeKey, initiatives as initiativeDocuments } from './collection.js';
import type { InitiativeFilter } from './filters.js';
import { foldInitiative, type InitiativeFold, type InitiativeView, type InitiativeYear } from './initiative-view.js';

/** A fiscal year of one initiative among those of others. */
export type InitiativeYearRow = InitiativeYear & { programme: string; initiative: string };
/** Fields that never change: in a list sorted by one, pages give every initiative once. */
const stableSorts: ReadonlySet<string> = new Set(['initiative', 'proposedOn']);
/** The fields that initiatives are sorted by. */
export const initiativeSorts = initiativeDocuments.sorts;

/** A page of a programme's initiatives. @throws {BadCursor} */
export async function initiatives(
  source: Source,
  programme: string,
  { q, ...equals }: InitiativeFilter,
  sort: string,
  paging: Paging,
): Promise<ListedTexts | undefined> {
  if (!(await programmeShown(source, programme))) return undefined;
  const descending = sort.startsWith('-');
  const field = descending ? sort.slice(1) : sort;
  const page = await source.list(initiativeDocuments, {
    scope: programme,
    equals,
    ...(q !== undefined && { search: q }),
    sort: field,
    descending,
    ...paging,
  });
  return page.cursor === undefined ? page : { ...page, stable: stableSorts.has(field) };
}

/** The fiscal years of the initiatives that {@link initiatives} lists. A page has the fiscal years of a page of initiatives. @throws {BadCursor} */
export async function initiativeYears(
  source: Source,
  programme: string,
  { q, ...equals }: InitiativeFilter,
  paging: Paging,
): Promise<Listed<InitiativeYearRow> | undefined> {
  if (!(await programmeShown(source, programme))) return undefined;
  const { documents, cursor } = await source.models.find(await source.generation(), initiativeDocuments.name, {
    scope: programme,
    equals,
    ...(q !== undefined && { search: q }),
    sort: 'initiative',
    ...paging,
  });
  const items = documents.flatMap((document) => {
    const { initiative, fiscalYears } = bodyOf(initiativeDocuments, document);
    return fiscalYears.map((year) => ({ programme, initiative, ...year }));
  });
  return { items, ...(cursor !== undefined && { cursor }) };
}

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
  let fold: InitiativeFold | undefined;
  for await (const event of eventsOf(source.models, generation, { programme, initiative }, source.signal)) {
    if (isLater(asOf, event)) break;
    if (isWithin(asOf, event)) fold = foldInitiative(fold, event, terms.timeZone);
  }
  return fold?.view;
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
