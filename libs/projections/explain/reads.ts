/**
 * Explains a figure: lists the events that add up to it, in the order of their positions, each with what it adds, now or as of a past day. The sum comes
 * from the same documents as in lists and pages, the effects from the records. An event that gives and takes the same at once is not listed.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LedgerRecord } from '../../event-log/record.js';
import { positionIn } from '../../read-models/find.js';
import { BadCursor, type Query } from '../../read-models/ports.js';
import { isLater, isPast, isWithin, type AsOf } from '../as-of.js';
import { entries, groupToken, sumToken } from '../entries/collection.js';
import { records, streamOf } from '../records/collection.js';
import { recordIn } from '../records/recorded.js';
import { lastPosition } from '../records/recorded-by.js';
import type { Listed, Paging, Source } from '../source.js';
import { programmes } from '../totals/collections.js';
import { termsOf } from '../totals/formulas.js';
import { changesIn, programmeTermsAsOf } from '../totals/history.js';
import type { Totals } from '../totals/totals.js';
import { countedTotals, effectView, compositionOf, valueIn, yearsOf, type EffectView, type Composition } from './effects.js';
import { figureOf, isInitiative, kindOfOwner, valueOfOwner, type Figure, type FigureAsked, type FigureName } from './figures.js';
import { nextTouched } from './next-touched.js';
import { countedBy, totalsUpTo, type Counted, type Place } from './sums.js';

/** A figure with a page of the events that add up to it. Amounts are minor units. */
export type Explanation = Listed<EffectView> &
  Composition & {
    programme: string;
    figure: FigureName;
    /** The figure. */
    sum: string;
    /** What the events before this page add up to. */
    before: string;
    /** The last position that counts: every page of one explanation has the same. */
    position: number;
  };
/** The thing that a question about a figure names and the programme lacks. */
export type Unknown = { unknown: 'initiative' | 'fiscal-year' | 'figure' };

/** Steps for one page: a figure that few events change may take several, and a reader then asks for the next page. */
const stepsAtMost = 5;

/**
 * @returns `undefined` if the programme does not exist, or did not exist as of then
 * @throws {BadCursor} @throws the signal's reason once it is aborted
 */
export async function explanation(
  source: Source,
  programme: string,
  asked: FigureAsked,
  asOf: AsOf,
  { limit, cursor }: Paging,
): Promise<Explanation | Unknown | undefined> {
  const place: Place = { source, generation: await source.generation(), programme };
  const head = await source.models.head(place.generation, programme);
  const terms = head && (await termsOfProgramme(place, asOf));
  if (!terms) return undefined;
  const figure = figureOf(asked);
  // Without a ceiling nothing is available, and nothing lapses.
  if (!figure || (figure.years !== undefined && terms.ceiling === 'none')) return { unknown: 'figure' };
  const { after, until } = await rangeOf(place, asOf, head.position, cursor);
  const counted = countedBy(figure, asked, asOf);
  const whole = await totalsUpTo(place, counted, until);
  const unknown = await unknownIn(place, asked, asOf, until, whole);
  if (unknown) return { unknown };
  const years = yearsOf(figure, asked, whole);
  const before = after === 0 ? 0n : valueIn(figure.formula, years, await totalsUpTo(place, counted, after));
  const page = await effects({ place, figure, years, counted }, { after, until, limit, before });
  return {
    programme,
    figure: asked.figure,
    sum: valueIn(figure.formula, years, whole).toString(),
    before: before.toString(),
    position: until,
    ...compositionOf(figure, years, whole),
    items: page.items,
    ...(page.looked !== undefined && { cursor: `${page.looked}-${until}` }),
  };
}

async function termsOfProgramme({ source, generation, programme }: Place, asOf: AsOf) {
  if (isPast(asOf)) return programmeTermsAsOf(source.models, generation, programme, asOf, source.signal);
  return (await source.one(generation, programmes, programme))?.body;
}

/** The positions of a page: those after the page before, up to the last one that counts. Later pages keep the last position of the first. */
async function rangeOf(
  { source, generation, programme }: Place,
  asOf: AsOf,
  head: number,
  cursor: string | undefined,
): Promise<{ after: number; until: number }> {
  const isKnown = (recordedAt: string) => !isLater(asOf, { recordedAt });
  const last = asOf.knownBy === undefined ? head : await lastPosition(source.models, generation, programme, head, isKnown);
  if (cursor === undefined) return { after: 0, until: last };
  const [, after = '', until = ''] = /^([1-9]\d{0,14})-([1-9]\d{0,14})$/.exec(cursor) ?? [];
  if (until === '' || Number(after) >= Number(until) || Number(until) > last)
    throw new BadCursor(`${cursor} is not a cursor of an earlier answer`);
  return { after: Number(after), until: Number(until) };
}

/** The thing that a question names and that did not exist as of then. */
async function unknownIn(
  place: Place,
  { owner, fiscalYear, occurredAfter }: FigureAsked,
  asOf: AsOf,
  until: number,
  { byYear = {} }: Totals,
): Promise<Unknown['unknown'] | undefined> {
  if (owner === 'programme') {
    const isThere = fiscalYear === undefined || occurredAfter !== undefined || byYear[fiscalYear] !== undefined;
    return isThere ? undefined : 'fiscal-year';
  }
  if (!isInitiative(owner)) return undefined;
  const proposal = await firstEventOf(place, valueOfOwner(owner));
  return proposal && proposal.position <= until && isWithin(asOf, proposal) ? undefined : 'initiative';
}

async function firstEventOf({ source, generation, programme }: Place, initiative: string): Promise<LedgerRecord | undefined> {
  const query = { scope: streamOf(programme, initiative), range: { from: 1 }, sort: 'version', limit: 1 };
  const [document] = (await source.models.find(generation, records.name, query)).documents;
  return document && recordIn(document);
}

type Asked = { place: Place; figure: Figure; years: readonly number[]; counted: Counted };
type Range = { after: number; until: number; limit: number; before: bigint };

/** The effects of a page, and the last position that was looked at if there may be more. */
async function effects({ place, figure, years, counted }: Asked, range: Range): Promise<{ items: EffectView[]; looked?: number }> {
  const { source, generation, programme } = place;
  const { limit, until } = range;
  const tokens = termsOf(figure.formula).flatMap(([amount]) => years.map((year) => sumToken(amount, year)));
  const conditions = { scope: programme, ...conditionsOf(counted, tokens), sort: 'position', pageLimit: limit };
  const items: EffectView[] = [];
  let [after, sum] = [range.after, range.before];
  for (let step = 0; step < stepsAtMost && tokens.length > 0; step++) {
    if (step > 0) await nextTurn();
    source.signal?.throwIfAborted();
    const query: Query = { ...conditions, range: { from: after + 1, to: until }, limit: limit - items.length };
    const page = await source.models.find(generation, entries.name, query);
    const keys = page.documents.map(({ key }) => key);
    for (const document of await source.models.get(generation, records.name, keys)) {
      const record = document && recordIn(document);
      if (!record || record.type === 'CommandRefused') continue;
      const totals = countedTotals(counted, record, () => changesIn(document, record, (group) => group === counted.owner));
      const view = effectView(figure, years, record, totals, sum);
      if (!view) continue;
      sum = BigInt(view.sum);
      items.push(view);
    }
    if (page.cursor === undefined) return { items };
    after = Number(positionIn(entries, { ...query, cursor: page.cursor })?.value);
    if (after >= until) return { items };
    if (items.length === limit) break;
    // Few of the last entries were found, so the history is searched for the next one by whole intervals.
    if (keys.length < query.limit) {
      const next = await nextTouched(place, counted.owner, figure.formula, years, after + 1);
      if (next === undefined || next > until) return { items };
      after = next - 1;
    }
  }
  return tokens.length === 0 ? { items } : { items, looked: after };
}

/** The conditions on entries that every event meets which changes the figure. */
function conditionsOf({ owner, asOf: { occurredBy }, occurredAfter, type }: Counted, tokens: readonly string[]) {
  const kind = kindOfOwner(owner);
  // Money moves to another group on a later day than that of its event, never on an earlier one.
  const from = kind === 'group' ? undefined : occurredAfter;
  const isDated = occurredBy !== undefined || from !== undefined;
  return {
    equals: {
      sums: tokens,
      ...(type !== undefined && { type }),
      ...(owner !== 'programme' && (isInitiative(owner) ? { initiative: valueOfOwner(owner) } : { groups: groupToken(owner) })),
    },
    ...(isDated && {
      within: { occurredOn: { ...(from !== undefined && { from }), ...(occurredBy !== undefined && { to: occurredBy }) } },
    }),
  };
}
