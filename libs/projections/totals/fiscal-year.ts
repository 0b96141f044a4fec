/** One fiscal year of a programme with the entries that its totals stand on. */
import type { FiscalYear } from '../../domain/vocabulary.js';
import { isLater, isPast, isWithin, type AsOf } from '../as-of.js';
import { bodyOf } from '../collection.js';
import { totalOf, type Total } from '../counts.js';
import { initiatives } from '../initiatives/collection.js';
import type { Source } from '../source.js';
import { appropriationsIn, eventsOfAppropriations, type AppropriationView } from './appropriations.js';
import { programmes } from './collections.js';
import { programmeAsOf } from './programme-as-of.js';
import { totalsFromBody } from './totals.js';
import { fiscalYearViews, termsIn, type FiscalYearView, type LastRecord } from './views.js';

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
/** An initiative with money of the year that is neither spent nor returned. Amounts are minor units. */
export type OpenFundsView = { initiative: string; title: { [language: string]: string }; authority: string; amount: string };
/** The initiatives with open money of the year. */
export type OpenFunds = {
  /** funded − returned − spent of the year. */
  amount: string;
  /** The first initiatives by code, 100 at most; none as of a past day, because only present documents are found by their open years. */
  items?: OpenFundsView[];
} & Total;
/** A fiscal year with everything that was decided about it, and the programme's last record that it is folded from. */
export type FiscalYearDetail = FiscalYearView &
  LastRecord & {
    appropriations: AppropriationView[];
    closings: ClosingView[];
    openFunds: OpenFunds;
  };

/** The most initiatives that a fiscal year names. */
const mostNamed = 100;

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
  for await (const event of eventsOfAppropriations(source.models, await source.generation(), code, source.signal)) {
    if (isLater(asOf, event) || event.position > found.position) break;
    if (!isWithin(asOf, event)) continue;
    const { occurredOn, recordedAt, position } = event;
    appropriations.push(...appropriationsIn(event).filter((one) => one.fiscalYear === fiscalYear));
    if (event.type === 'FiscalYearClosed' && event.data.fiscalYear === fiscalYear)
      closings.push({ closed: true, position, occurredOn, recordedAt });
    if (event.type === 'FiscalYearReopened' && event.data.fiscalYear === fiscalYear) {
      const { reason, legalBasis } = event.data;
      closings.push({ closed: false, position, reason, legalBasis, occurredOn, recordedAt });
    }
  }
  const openFunds = { amount: openIn(found.view), ...(!isPast(asOf) && (await whereOpen(source, code, fiscalYear))) };
  const { view, position, lastRecordedAt } = found;
  return { year: { ...view, position, lastRecordedAt, appropriations, closings, openFunds } };
}

function openIn({ funded, returned, spent }: FiscalYearView): string {
  return (BigInt(funded) - BigInt(returned) - BigInt(spent)).toString();
}

async function whereOpen(source: Source, programme: string, fiscalYear: FiscalYear): Promise<Total & Pick<OpenFunds, 'items'>> {
  const conditions = { scope: programme, equals: { openYears: fiscalYear } };
  const query = { ...conditions, sort: 'initiative', limit: mostNamed };
  const { documents } = await source.models.find(await source.generation(), initiatives.name, query);
  const items = documents.map((document): OpenFundsView => {
    const { initiative, title, authority, fiscalYears } = bodyOf(initiatives, document);
    return { initiative, title, authority, amount: fiscalYears.find((year) => year.fiscalYear === fiscalYear)?.available ?? '0' };
  });
  return { ...(await totalOf(source, initiatives, conditions)), items };
}

async function yearAndPosition(
  source: Source,
  code: string,
  fiscalYear: FiscalYear,
  asOf: AsOf,
): Promise<(LastRecord & { view: FiscalYearView | undefined }) | undefined> {
  const generation = await source.generation();
  const ofYear = (views: readonly FiscalYearView[]) => views.find((view) => view.fiscalYear === fiscalYear);
  if (isPast(asOf)) {
    const walk = { isWanted: (group: string) => group === 'programme', signal: source.signal };
    const then = await programmeAsOf(source.models, generation, code, asOf, walk);
    return (
      then && {
        view: ofYear(fiscalYearViews(then.terms, then.groups.get('programme') ?? {})),
        position: then.position,
        lastRecordedAt: then.lastRecordedAt,
      }
    );
  }
  const known = await source.one(generation, programmes, code);
  if (!known) return undefined;
  const { body, internal } = known;
  const { position, lastRecordedAt } = body;
  return { view: ofYear(fiscalYearViews(termsIn(body), totalsFromBody(internal.totals))), position, lastRecordedAt };
}
