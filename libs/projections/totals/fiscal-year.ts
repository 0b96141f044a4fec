/** One fiscal year of a programme with the entries that its totals stand on. */
import type { FiscalYear } from '../../domain/vocabulary.js';
import { isLater, isPast, isWithin, type AsOf } from '../as-of.js';
import { eventsOf } from '../records/recorded.js';
import type { Source } from '../source.js';
import { appropriationIn, type AppropriationView } from './appropriations.js';
import { programmes } from './collections.js';
import { programmeAsOf } from './programme-as-of.js';
import { totalsFromBody } from './totals.js';
import { fiscalYearViews, termsIn, type FiscalYearView } from './views.js';

/** A closing of the year or, if not `closed`, its reopening with its reason and legal basis. */
export type ClosingView = {
  closed: boolean;
  /** In the programme's history. */
  position: number;
  reason?: string;
  legalBasis?: string;
  occurredOn: string;
  recordedAt: string;
};
/** A fiscal year with everything that was decided about it; `position` is the programme's that it is folded to. */
export type FiscalYearDetail = FiscalYearView & { position: number; appropriations: AppropriationView[]; closings: ClosingView[] };

/**
 * A fiscal year, now or as of a past day. @returns `undefined` if the programme does not exist, or did not exist as of then; without `year` if nothing was
 * appropriated, funded or spent in it
 */
export async function fiscalYear(
  source: Source,
  code: string,
  fiscalYear: FiscalYear,
  asOf: AsOf,
): Promise<{ year?: FiscalYearDetail } | undefined> {
  const found = await yearAndPosition(source, code, fiscalYear, asOf);
  if (!found?.view) return found && {};
  const appropriations: AppropriationView[] = [];
  const closings: ClosingView[] = [];
  for await (const event of eventsOf(source.models, await source.generation(), { programme: code }, source.signal)) {
    if (isLater(asOf, event) || event.position > found.position) break;
    if (!isWithin(asOf, event)) continue;
    const { occurredOn, recordedAt, position } = event;
    const granted = appropriationIn(event);
    if (granted?.fiscalYear === fiscalYear) appropriations.push(granted);
    if (event.type === 'FiscalYearClosed' && event.data.fiscalYear === fiscalYear)
      closings.push({ closed: true, position, occurredOn, recordedAt });
    if (event.type === 'FiscalYearReopened' && event.data.fiscalYear === fiscalYear) {
      const { reason, legalBasis } = event.data;
      closings.push({ closed: false, position, reason, legalBasis, occurredOn, recordedAt });
    }
  }
  return { year: { ...found.view, position: found.position, appropriations, closings } };
}

async function yearAndPosition(
  source: Source,
  code: string,
  fiscalYear: FiscalYear,
  asOf: AsOf,
): Promise<{ view: FiscalYearView | undefined; position: number } | undefined> {
  const generation = await source.generation();
  const ofYear = (views: readonly FiscalYearView[]) => views.find((view) => view.fiscalYear === fiscalYear);
  if (isPast(asOf)) {
    const walk = { isWanted: (group: string) => group === 'programme', signal: source.signal };
    const then = await programmeAsOf(source.models, generation, code, asOf, walk);
    return then && { view: ofYear(fiscalYearViews(then.terms, then.groups.get('programme') ?? {})), position: then.position };
  }
  const known = await source.one(generation, programmes, code);
  if (!known) return undefined;
  const { body, internal } = known;
  return { view: ofYear(fiscalYearViews(termsIn(body), totalsFromBody(internal.totals))), position: body.position };
}
