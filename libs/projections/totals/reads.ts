/** Reads of programmes and their totals. `undefined` means that the programme does not exist, or did not exist as of then. */
import { compareSortable } from '../../read-models/find.js';
import type { ShownDocument } from '../../read-models/ports.js';
import { isPast, type AsOf } from '../as-of.js';
import { bodyOf } from '../collection.js';
import { pagesOf } from '../pages.js';
import type { ListedTexts, Paging, Source } from '../source.js';
import { groupingOf, groups, programmes as programmeDocuments } from './collections.js';
import { isIn, type Grouping, type Group } from './dimensions.js';
import { programmeAsOf } from './programme-as-of.js';
import { totalsFromBody, type Totals } from './totals.js';
import { fiscalYearViews, groupView, programmeView, termsIn, type FiscalYearView, type GroupView, type ProgrammeView } from './views.js';

const isProgramme = (group: Group) => group === 'programme';

/** A page of all programmes. @throws {BadCursor} */
export async function programmes(source: Source, paging: Paging): Promise<ListedTexts> {
  return source.list(programmeDocuments, { scope: 'programmes', sort: 'programme', ...paging });
}

/** The present document of a programme as JSON. */
export async function programmeShown(source: Source, code: string): Promise<ShownDocument | undefined> {
  return source.models.getShown(await source.generation(), programmeDocuments.name, code);
}

/** A programme with its totals, now or as of a past day. */
export async function programme(source: Source, code: string, asOf: AsOf): Promise<ProgrammeView | undefined> {
  const generation = await source.generation();
  if (!isPast(asOf)) return (await source.one(generation, programmeDocuments, code))?.body;
  const then = await programmeAsOf(source.models, generation, code, asOf, { signal: source.signal, isWanted: isProgramme });
  return then && programmeView(then.terms, then, then.groups.get('programme') ?? {});
}

/** Decimal digits of a programme's currency; `undefined` if the programme or its currency is unknown. */
export async function minorUnitsOf(source: Source, code: string): Promise<number | undefined> {
  return (await source.one(await source.generation(), programmeDocuments, code))?.body.minorUnits ?? undefined;
}

/** The fiscal years of a programme, now or as of a past day. */
export async function fiscalYears(source: Source, code: string, asOf: AsOf): Promise<FiscalYearView[] | undefined> {
  const generation = await source.generation();
  if (isPast(asOf)) {
    const then = await programmeAsOf(source.models, generation, code, asOf, { signal: source.signal, isWanted: isProgramme });
    return then && fiscalYearViews(then.terms, then.groups.get('programme') ?? {});
  }
  const known = await source.one(generation, programmeDocuments, code);
  return known && fiscalYearViews(termsIn(known.body), totalsFromBody(known.internal.totals));
}

/** The totals of every group of a dimension, or of every source, now or as of a past day, in the order of their values. Initiatives without a value are in none. */
export async function groupsOf(source: Source, code: string, dimension: Grouping, asOf: AsOf): Promise<GroupView[] | undefined> {
  const generation = await source.generation();
  if (isPast(asOf)) {
    const then = await programmeAsOf(source.models, generation, code, asOf, {
      signal: source.signal,
      isWanted: (group) => isIn(dimension, group),
    });
    return then && groupViews(code, dimension, then.groups);
  }
  if (!(await source.one(generation, programmeDocuments, code))) return undefined;
  const all: GroupView[] = [];
  const query = { scope: groupingOf(code, dimension), sort: 'value' };
  for await (const documents of pagesOf(source.models, generation, groups.name, query, source.signal))
    all.push(...documents.map((document) => bodyOf(groups, document)));
  return all;
}

function groupViews(code: string, dimension: Grouping, groups: ReadonlyMap<Group, Totals>): GroupView[] {
  return [...groups]
    .flatMap(([group, totals]) => (isIn(dimension, group) ? [groupView(code, group, totals)] : []))
    .sort((one, other) => compareSortable(one.value, other.value));
}
