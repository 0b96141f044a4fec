/** Lists of a programme's initiatives, now or as of a past day. `undefined` means that the programme does not exist, or did not exist as of then. */
import { dayIn, isTimeZone } from '../../domain/calendar.js';
import { codePattern, statuses, type IsoDate } from '../../domain/vocabulary.js';
import { matches } from '../../read-models/matches.js';
import { BadCursor } from '../../read-models/ports.js';
import { isLater, isPast, isWithin, type AsOf } from '../as-of.js';
import { bodyOf } from '../collection.js';
import { totalOf, totalOn, type Total } from '../counts.js';
import { eventsOf } from '../records/recorded.js';
import type { Listed, ListedTexts, Paging, Source } from '../source.js';
import { programmes } from '../totals/collections.js';
import { programmeTermsAsOf } from '../totals/history.js';
import type { ProgrammeView } from '../totals/views.js';
import { initiatives as documents } from './collection.js';
import { contentAfter, type InitiativeContent } from './content.js';
import { conditionsOf, type FilterConditions, type InitiativeFilter } from './filters.js';
import type { InitiativeYear } from './initiative-view.js';
import { listPage } from './filled-pages.js';

/** A fiscal year of one initiative among those of others. */
export type InitiativeYearRow = InitiativeYear & { programme: string; initiative: string };
/** Which initiatives a list has, in which order: `sort` is a field, with a minus before it for descending. */
export type InitiativeListing = { filter: InitiativeFilter; sort: string; paging: Paging; asOf: AsOf };
/** A page of initiatives as JSON texts, with the number of all that the filter finds. */
export type InitiativeTexts = ListedTexts & Total;

/** The fields that initiatives are sorted by. */
export const initiativeSorts = documents.sorts;
/** The only field that lists as of a past day are sorted by. */
export const pastSort = 'initiative';
/** Fields that never change: in a list sorted by one, pages give every initiative once. */
const stableSorts: ReadonlySet<string> = new Set(['initiative', 'proposedOn']);
/** A page as of a past day stops after folding this many initiatives or events; it may then have fewer items than its limit. */
const foldedAtMost = 500;
const eventsAtMost = 20_000;

/** A page of a programme's initiatives. @param now milliseconds since 1970, for notices @throws {BadCursor} */
export async function initiatives(
  source: Source,
  programme: string,
  { filter, sort, paging, asOf }: InitiativeListing,
  now: number,
): Promise<InitiativeTexts | undefined> {
  if (isPast(asOf)) return initiativesAsOf(source, programme, filter, paging, asOf);
  const known = await source.one(await source.generation(), programmes, programme);
  if (!known) return undefined;
  const descending = sort.startsWith('-');
  const field = descending ? sort.slice(1) : sort;
  const conditions = conditionsOf(filter, todayIn(known.body, now), known.body.thresholds);
  const question = JSON.stringify(filter);
  const [page, total] = await Promise.all([
    listPage(source, documents, { scope: programme, question, ...conditions, sort: field, descending, ...paging }),
    totalFound(source, known.body, filter, conditions),
  ]);
  return {
    ...page,
    ...totalOn(page, page.texts.length, paging, total),
    ...(page.cursor !== undefined && { stable: stableSorts.has(field) }),
  };
}

/** The fiscal years of the initiatives that {@link initiatives} lists, in the order of codes. A page has those of a page of initiatives. @throws {BadCursor} */
export async function initiativeYears(
  source: Source,
  programme: string,
  filter: InitiativeFilter,
  paging: Paging,
  now: number,
): Promise<Listed<InitiativeYearRow> | undefined> {
  const generation = await source.generation();
  const known = await source.one(generation, programmes, programme);
  if (!known) return undefined;
  const conditions = conditionsOf(filter, todayIn(known.body, now), known.body.thresholds);
  const page = await source.models.find(generation, documents.name, { scope: programme, ...conditions, sort: 'initiative', ...paging });
  const items = page.documents.flatMap((document) => {
    const { initiative, fiscalYears } = bodyOf(documents, document);
    return fiscalYears.map((year) => ({ programme, initiative, ...year }));
  });
  return { items, ...(page.cursor !== undefined && { cursor: page.cursor }) };
}

/** The day in a programme's time zone. */
export function todayIn({ timeZone }: Pick<ProgrammeView, 'timeZone'>, now: number): IsoDate {
  return dayIn(isTimeZone(timeZone) ? timeZone : 'UTC', now);
}

/** The number of initiatives that a filter finds: from the programme's counts by status if they suffice, else counted. */
async function totalFound(
  source: Source,
  { programme, initiatives: byStatus }: ProgrammeView,
  { status = statuses, ...others }: InitiativeFilter,
  conditions: FilterConditions,
): Promise<Total> {
  if (Object.keys(others).length > 0) return totalOf(source, documents, { scope: programme, ...conditions });
  return { total: [...new Set(status)].reduce((sum, one) => sum + byStatus[one], 0) };
}

/** A page as of a past day, in the order of codes. Each initiative is folded from its own records. The cursor is the last code that was looked at. */
async function initiativesAsOf(
  source: Source,
  programme: string,
  filter: InitiativeFilter,
  { limit, cursor }: Paging,
  asOf: AsOf,
): Promise<InitiativeTexts | undefined> {
  const generation = await source.generation();
  const terms = await programmeTermsAsOf(source.models, generation, programme, asOf, source.signal);
  if (!terms) return undefined;
  if (cursor !== undefined && !codePattern.test(cursor)) throw new BadCursor(`${cursor} is not a cursor of an earlier answer`);
  const today = asOf.occurredBy ?? todayIn(terms, Date.parse(asOf.knownBy ?? ''));
  const conditions = { scope: programme, ...conditionsOf(filter, today, terms.thresholds) };
  const query = { scope: programme, range: { from: cursor ?? '' }, sort: pastSort, limit: foldedAtMost + 1 };
  const page = await source.models.find(generation, documents.name, query);
  const known = page.documents.map((document) => bodyOf(documents, document)).filter(({ initiative }) => initiative !== cursor);
  const texts: string[] = [];
  let events = 0;
  for (const [index, { initiative, version }] of known.entries()) {
    events += version;
    const content = await contentAsOf(source, generation, { programme, initiative }, asOf, terms.timeZone);
    if (content && matches(documents, conditions, content)) texts.push(JSON.stringify(content.body));
    const isLast = index === known.length - 1 && page.cursor === undefined;
    if (isLast) break;
    if (texts.length === limit || events >= eventsAtMost || index === known.length - 1) return { texts, cursor: initiative, stable: true };
  }
  return { texts };
}

/** The content that an initiative's document would have had as of then. */
export async function contentAsOf(
  source: Source,
  generation: string,
  of: { programme: string; initiative: string },
  asOf: AsOf,
  timeZone: string,
): Promise<InitiativeContent | undefined> {
  let content: InitiativeContent | undefined;
  for await (const event of eventsOf(source.models, generation, of, source.signal)) {
    if (isLater(asOf, event)) break;
    if (isWithin(asOf, event)) content = contentAfter(content, event, timeZone);
  }
  return content;
}
