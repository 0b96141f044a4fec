/**
 * Series: what was appropriated, funded, spent and returned in each period, by the day on which it happened. Its numbers are the changes that make up the
 * totals, summed by period, so all periods together are the totals, as of any day. If an initiative moves to another group, all its money moves on that day:
 * it is taken from the one group and given to the other in that period.
 */
import { compareSortable } from '../../read-models/find.js';
import { isPast, type AsOf } from '../as-of.js';
import { bodyOf } from '../collection.js';
import { pagesOf } from '../pages.js';
import type { Source } from '../source.js';
import { addChange, type Change, type RunningGroups } from './changes.js';
import { groupingOf, months, programmes } from './collections.js';
import { dimensionOf, groupings, isIn, isOfDimension, type Group, type Grouping } from './dimensions.js';
import { sumOf } from './formulas.js';
import { historyAsOf, type HistoryAsOf } from './history.js';
import { periodNumber, periodOf, type Period, type PeriodLength } from './periods.js';
import { addTo, amounts, totalsFromBody, type Counts, type RunningTotals, type Totals } from './totals.js';
import { statusCounts, type StatusCounts } from './views.js';

/** The sums of a series. Only a programme is appropriated money, out of sources: the other groups have no `appropriated`, and a source no more than it and `funded`. */
export const measures = amounts;
export type Measure = (typeof measures)[number];
/** What a series is divided by. By status it counts initiatives, because the read models have no sums by status. */
export const seriesGroups: readonly (Grouping | 'status')[] = [...groupings, 'status'];

export type SeriesAsked = { by: PeriodLength; group?: Grouping | 'status'; measures: readonly Measure[] };
/** Sums of one period, of the programme or of one group. `name` is an authority's, if it has one. */
export type SeriesView = Period & { programme: string; group?: string; name?: string | null } & { [M in Measure]?: string };
/** The number of initiatives in each status at the end of a period. */
export type StatusSeriesView = Period & { programme: string; initiatives: StatusCounts };
/** The items of a series, or the number of items that are too many for one answer. */
export type Series = { items: (SeriesView | StatusSeriesView)[] } | { tooMany: number };

/** The sums of a series; none of a series of counts, or of one that is too long for an answer. */
export function sumsOnly(series: Series | undefined): SeriesView[] {
  return series && 'items' in series ? series.items.filter((item) => !('initiatives' in item)) : [];
}

/** The most items of a series: one answer then has at most about 10 MB. */
export const mostItems = 50_000;

/**
 * A series of a programme, now or as of a past day, in the order of periods and then of groups. It begins with the first period that has a movement and ends
 * with the last one; those between are all there. @returns `undefined` if the programme does not exist, or did not exist as of then
 * @throws the signal's reason once it is aborted
 */
export async function series(source: Source, code: string, asked: SeriesAsked, asOf: AsOf): Promise<Series | undefined> {
  const { by, group } = asked;
  const grouping = group === undefined || group === 'status' ? 'programme' : group;
  const changes = isPast(asOf) ? await changesAsOf(source, code, asOf, grouping) : await presentMonths(source, code, grouping);
  if (!changes) return undefined;
  const periods: Periods = new Map();
  let items = 0;
  for await (const change of changes) {
    const number = periodNumber(change.on, by);
    const sums = periods.get(number) ?? new Map<Group, RunningTotals>();
    periods.set(number, sums);
    const before = sums.size;
    addChange(sums, change);
    // Many groups are refused before they fill the memory.
    items += sums.size - before;
    if (items > mostItems) return { tooMany: items };
  }
  return group === 'status' ? countsOf(periods, code, by) : sumsOf(periods, code, asked);
}

/** The changes of the whole programme, or of the groups of a dimension, already summed by month. */
async function presentMonths(source: Source, code: string, grouping: Divided): Promise<AsyncIterable<Change> | undefined> {
  const generation = await source.generation();
  if (!(await source.one(generation, programmes, code))) return undefined;
  return monthly(source, generation, groupingOf(code, grouping));
}
async function* monthly(source: Source, generation: string, scope: string): AsyncIterable<Change> {
  for await (const documents of pagesOf(source.models, generation, months.name, { scope, sort: 'month' }, source.signal))
    for (const document of documents) {
      const { group, month, totals } = bodyOf(months, document);
      yield { on: `${month}-01`, groups: new Map([[group, totalsFromBody(totals)]]) };
    }
}

async function changesAsOf(source: Source, code: string, asOf: AsOf, grouping: Divided): Promise<AsyncIterable<Change> | undefined> {
  const isWanted = (group: Group) => (grouping === 'programme' ? group === 'programme' : isIn(grouping, group));
  const history = await historyAsOf(source.models, await source.generation(), code, asOf, { isWanted, signal: source.signal });
  return history && changesIn(history);
}
async function* changesIn({ changes }: HistoryAsOf): AsyncIterable<Change> {
  for await (const { change } of changes) yield change;
}

/** The whole programme, or what its groups are of. */
type Divided = Grouping | 'programme';
/** What the changes of each period add up to, by the period's number. */
type Periods = Map<number, RunningGroups>;

function sumsOf(periods: Periods, programme: string, { by, group, measures }: SeriesAsked): Series {
  const groups = group === undefined ? (['programme'] as const) : groupsIn(periods);
  const moves = (totals: Totals) => measures.some((measure) => sumOf(yearsOf(totals), measure) !== 0n);
  const numbers = span(periods, (sums) => [...sums.values()].some(moves));
  if (numbers.length * groups.length > mostItems) return { tooMany: numbers.length * groups.length };
  const names = namesIn(periods);
  const items = numbers.flatMap((number) =>
    groups.map((one): SeriesView => {
      const years = yearsOf(periods.get(number)?.get(one) ?? {});
      const sums: { [M in Measure]?: string } = {};
      for (const measure of measures) sums[measure] = sumOf(years, measure).toString();
      const grouped = isOfDimension(one) ? { group: dimensionOf(one).value, name: names.get(one)?.text ?? null } : {};
      return { programme, ...periodOf(number, by), ...grouped, ...sums };
    }),
  );
  return { items };
}

function countsOf(periods: Periods, programme: string, by: PeriodLength): Series {
  const countsIn = (sums: RunningGroups | undefined): Counts => sums?.get('programme')?.counts ?? {};
  const numbers = span(periods, (sums) => Object.values(countsIn(sums)).some((count) => count !== 0));
  if (numbers.length > mostItems) return { tooMany: numbers.length };
  const running: RunningTotals = {};
  const items = numbers.map((number): StatusSeriesView => {
    addTo(running, { counts: countsIn(periods.get(number)) });
    return { programme, ...periodOf(number, by), initiatives: statusCounts(running.counts) };
  });
  return { items };
}

/** The numbers of all periods from the first to the last that has a movement. */
function span(periods: Periods, hasMovement: (sums: RunningGroups) => boolean): number[] {
  const numbers = [...periods].flatMap(([number, sums]) => (hasMovement(sums) ? [number] : [])).sort((one, other) => one - other);
  const [first, last] = [numbers[0], numbers.at(-1)];
  return first === undefined || last === undefined ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function groupsIn(periods: Periods): Group[] {
  return [...new Set([...periods.values()].flatMap((sums) => [...sums.keys()]))].sort(compareSortable);
}

/** The name of each group that was recorded last. */
function namesIn(periods: Periods): Map<Group, NonNullable<Totals['name']>> {
  const names = new Map<Group, NonNullable<Totals['name']>>();
  for (const sums of periods.values())
    for (const [group, { name }] of sums) if (name && name.position > (names.get(group)?.position ?? 0)) names.set(group, name);
  return names;
}

function yearsOf({ byYear }: Totals) {
  return Object.values(byYear ?? {});
}
