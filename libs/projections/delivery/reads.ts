/** Reads of what an initiative delivers. `undefined` means that the programme or initiative does not exist, or did not exist as of then. */
import { BadCursor, type JsonObject } from '../../read-models/ports.js';
import { isLater, isPast, isWithin, type AsOf } from '../as-of.js';
import { bodyOf } from '../collection.js';
import { initiativeKey, initiatives } from '../initiatives/collection.js';
import { contentAfter, type InitiativeContent } from '../initiatives/content.js';
import { pagesOf } from '../pages.js';
import { streamOf } from '../records/collection.js';
import { eventsOf } from '../records/recorded.js';
import type { Listed, Paging, Source } from '../source.js';
import { programmeTermsAsOf } from '../totals/history.js';
import {
  indicators as indicatorDocuments,
  milestones as milestoneDocuments,
  results as resultDocuments,
  type DeliveryDocuments,
} from './collections.js';
import type { IndicatorView, ResultView } from './indicator.js';
import { inOrderOfDays, milestoneView, type MilestoneView } from './milestone.js';

type OfInitiative = { readonly programme: string; readonly initiative: string };

/** Every milestone of an initiative in the order in which they are expected. The rules bound their number. */
export async function milestones(source: Source, programme: string, initiative: string, asOf: AsOf): Promise<MilestoneView[] | undefined> {
  const found = await documentsOf(source, { programme, initiative }, asOf, milestoneDocuments);
  return found?.items.map((content) => milestoneView(content, found.of.internal.firstFundedAt)).sort(inOrderOfDays);
}

/** Every indicator of an initiative in the order of definition. The rules bound their number. */
export async function indicators(source: Source, programme: string, initiative: string, asOf: AsOf): Promise<IndicatorView[] | undefined> {
  const found = await documentsOf(source, { programme, initiative }, asOf, indicatorDocuments);
  return found?.items.sort((one, other) => one.position - other.position);
}

/** Which results are asked for: in the order of recording, or the latest first, which has one page only. */
export type ResultListing = { readonly indicatorId?: string; readonly asOf: AsOf; readonly paging: Paging; readonly latestFirst?: true };

/** A page of an initiative's results. @throws {BadCursor} */
export async function results(
  source: Source,
  programme: string,
  initiative: string,
  { indicatorId, asOf, paging, latestFirst }: ResultListing,
): Promise<Listed<ResultView> | undefined> {
  const generation = await source.generation();
  if (isPast(asOf)) {
    const found = await documentsOf(source, { programme, initiative }, asOf, resultDocuments);
    if (found && latestFirst) return { items: found.items.toReversed().slice(0, paging.limit) };
    return found && pageOf(found.items, indicatorId, paging);
  }
  if (!(await source.one(generation, initiatives, initiativeKey(programme, initiative)))) return undefined;
  const page = await source.models.find(generation, resultDocuments.collection.name, {
    scope: streamOf(programme, initiative),
    ...(indicatorId !== undefined && { equals: { indicatorId } }),
    sort: 'position',
    ...(latestFirst && { descending: true }),
    ...paging,
  });
  const items = page.documents.map((document) => bodyOf(resultDocuments.collection, document));
  return { items, ...(page.cursor !== undefined && { cursor: page.cursor }) };
}

/** The cursor is the position of the next result. */
function pageOf(all: readonly ResultView[], indicatorId: string | undefined, { limit, cursor }: Paging): Listed<ResultView> {
  if (cursor !== undefined && !/^[1-9]\d{0,14}$/.test(cursor)) throw new BadCursor(`${cursor} is not a cursor of an earlier answer`);
  const from = Number(cursor ?? 0);
  const asked = all.filter((one) => one.position >= from && (indicatorId === undefined || one.indicatorId === indicatorId));
  const next = asked[limit];
  return { items: asked.slice(0, limit), ...(next && { cursor: String(next.position) }) };
}

/** An initiative and its documents of one collection, now or as of then. */
async function documentsOf<B extends JsonObject>(
  source: Source,
  { programme, initiative }: OfInitiative,
  asOf: AsOf,
  documents: DeliveryDocuments<B>,
): Promise<{ of: InitiativeContent; items: B[] } | undefined> {
  const generation = await source.generation();
  if (isPast(asOf)) return foldedAsOf(source, generation, { programme, initiative }, asOf, documents);
  const of = await source.one(generation, initiatives, initiativeKey(programme, initiative));
  if (!of) return undefined;
  const { name, sorts } = documents.collection;
  const items: B[] = [];
  const query = { scope: streamOf(programme, initiative), sort: sorts[0] ?? '' };
  for await (const page of pagesOf(source.models, generation, name, query, source.signal))
    items.push(...page.map((document) => bodyOf(documents.collection, document)));
  return { of, items };
}

/** The same, folded from the initiative's own records, in the order of their first records. */
async function foldedAsOf<B extends JsonObject>(
  source: Source,
  generation: string,
  { programme, initiative }: OfInitiative,
  asOf: AsOf,
  { idIn, after }: DeliveryDocuments<B>,
): Promise<{ of: InitiativeContent; items: B[] } | undefined> {
  const terms = await programmeTermsAsOf(source.models, generation, programme, asOf, source.signal);
  if (!terms) return undefined;
  let of: InitiativeContent | undefined;
  const items = new Map<string, B>();
  for await (const event of eventsOf(source.models, generation, { programme, initiative }, source.signal)) {
    if (isLater(asOf, event)) break;
    if (!isWithin(asOf, event)) continue;
    of = contentAfter(of, event, terms.timeZone);
    const id = idIn(event);
    const item = id === undefined ? undefined : after(items.get(id), event);
    if (id !== undefined && item) items.set(id, item);
  }
  return of && { of, items: [...items.values()] };
}
