/** The totals that figures are made of, up to a position of the history. */
import { effectsOf } from '../../domain/effects.js';
import type { EventRecord } from '../../event-log/record.js';
import { isPast, isWithin, type AsOf } from '../as-of.js';
import { contentOf } from '../collection.js';
import { initiativeKey, initiatives } from '../initiatives/collection.js';
import { eventsOf } from '../records/recorded.js';
import type { Source } from '../source.js';
import { groupKey, groups, programmes } from '../totals/collections.js';
import type { Group } from '../totals/dimensions.js';
import { historyAsOf } from '../totals/history.js';
import { addTo, totalsFromBody, totalsOf, type RunningTotals, type Totals, type TotalsBody } from '../totals/totals.js';
import { isInitiative, valueOfOwner, type Figure, type FigureAsked } from './figures.js';

/** The events that a figure counts: those as of then, of its period and of its type if it has them. */
export type Counted = Pick<FigureAsked, 'owner' | 'occurredAfter'> & Pick<Figure, 'type'> & { readonly asOf: AsOf };
/** What a figure counts as of then. */
export function countedBy({ type }: Figure, { owner, occurredAfter }: FigureAsked, asOf: AsOf): Counted {
  return { owner, asOf, ...(occurredAfter !== undefined && { occurredAfter }), ...(type !== undefined && { type }) };
}
/** A programme in one generation of the read models. */
export type Place = { readonly source: Source; readonly generation: string; readonly programme: string };

/**
 * The totals of an owner over the records up to a position. They are read from a document if one holds them, because lists show the figures of documents.
 * @throws the signal's reason once it is aborted
 */
export async function totalsUpTo(place: Place, counted: Counted, position: number): Promise<Totals> {
  if (position === 0) return {};
  const { owner, occurredAfter, type, asOf } = counted;
  const isWhole = !isPast(asOf) && occurredAfter === undefined && type === undefined;
  const kept = isWhole ? await keptTotals(place, owner) : undefined;
  if (kept && kept.position <= position) return kept.totals;
  return isInitiative(owner) ? initiativeUpTo(place, counted, position) : groupUpTo(place, owner, counted, position);
}

/** Present totals as their document holds them, with the position that it is folded to. */
async function keptTotals(
  { source, generation, programme }: Place,
  owner: Counted['owner'],
): Promise<{ position: number; totals: Totals } | undefined> {
  if (isInitiative(owner)) {
    const known = await source.one(generation, initiatives, initiativeKey(programme, valueOfOwner(owner)));
    if (!known) return undefined;
    const byYear: NonNullable<TotalsBody['byYear']> = {};
    for (const { fiscalYear, funded, spent, returned, committed } of known.body.fiscalYears)
      byYear[fiscalYear] = { funded, spent, returned, committed };
    return { position: known.body.position, totals: totalsFromBody({ byYear }) };
  }
  if (owner === 'programme') {
    const known = await source.one(generation, programmes, programme);
    return known && { position: known.body.position, totals: totalsFromBody(known.internal.totals) };
  }
  const [document] = await source.models.get(generation, groups.name, [groupKey(programme, owner)]);
  return document && { position: document.position, totals: totalsFromBody(contentOf(groups, document).internal.totals) };
}

async function groupUpTo({ source, generation, programme }: Place, owner: Group, counted: Counted, upTo: number): Promise<Totals> {
  const { asOf, occurredAfter } = counted;
  const walk = { isWanted: (group: Group) => group === owner, signal: source.signal, upTo };
  const history = await historyAsOf(source.models, generation, programme, asOf, walk);
  const sum: RunningTotals = {};
  if (!history) return sum;
  for await (const { change } of history.changes)
    if (occurredAfter === undefined || change.on >= occurredAfter) addTo(sum, change.groups.get(owner) ?? {});
  return sum;
}

async function initiativeUpTo({ source, generation, programme }: Place, counted: Counted, upTo: number): Promise<Totals> {
  const initiative = isInitiative(counted.owner) ? valueOfOwner(counted.owner) : '';
  const sum: RunningTotals = {};
  for await (const event of eventsOf(source.models, generation, { programme, initiative }, source.signal)) {
    if (event.position > upTo) break;
    if (isCounted(counted, event)) addTo(sum, totalsOf(effectsOf(event).sums ?? []));
  }
  return sum;
}

/** Whether an event counts towards a figure of its initiative. */
export function isCounted({ asOf, occurredAfter, type }: Counted, event: EventRecord): boolean {
  return isWithin(asOf, event) && (occurredAfter === undefined || event.occurredOn >= occurredAfter) && (type ?? event.type) === event.type;
}
