/** The documents for readers, with the definition of each total. Amounts are minor units as decimal strings, dates ISO, instants UTC. */
import { effectsOf } from '../../domain/effects.js';
import type { EventRecord } from '../../event-log/record.js';
import { isLater, isWithin, type AsOf } from '../as-of.js';
import { minorUnitsOf } from '../../currencies/iso-4217.js';
import { defaultThresholds, type ApprovalRule, type Thresholds } from '../../domain/requests/approvals.js';
import type { Ceiling, FiscalYear, IndicatorRule, Status, YearRule } from '../../domain/vocabulary.js';
import { dimensionOf, type GroupOfDimension } from './dimensions.js';
import { free, sumOf, unspent, unused, valueOf } from './formulas.js';
import type { Counts, Totals, YearTotals } from './totals.js';

/** The number of initiatives in each status. */
export type StatusCounts = { [S in Status]: number };
/** The totals of one fiscal year, or of all. */
export type TotalsView = {
  /** Σ appropriations ± adjustments. */
  appropriated: string;
  /** Σ funding ± adjustments. */
  funded: string;
  /** Σ spending − reversals. */
  spent: string;
  /** Σ unspent funding given back. */
  returned: string;
  /** appropriated − funded + returned while a year is open, then 0; `null` with `ceiling: none`. */
  available: string | null;
  /** The amount available when a year closed, plus returns since then; 0 while it is open, `null` with `ceiling: none`. */
  lapsed: string | null;
  /** Σ open commitments of the initiatives. */
  committed: string;
  /** What the initiatives can still spend without drawing from a commitment: funded − returned − spent − committed. */
  free: string;
  /** spent ÷ appropriated, to four decimals; `null` if nothing is appropriated. */
  absorption: number | null;
  /** Initiatives by status; for a fiscal year, only those with movements of its money. */
  initiatives: StatusCounts;
};
export type FiscalYearView = TotalsView & { programme: string; fiscalYear: FiscalYear; closedOn: string | null };
export type ProgrammeView = TotalsView & {
  programme: string;
  /** The version of the programme's own last event, for `If-Match`. */
  version: number;
  /** The programme's position that this document is folded to. */
  position: number;
  /** When the record at that position was recorded: how old the figures are. */
  lastRecordedAt: string;
  title: { [language: string]: string };
  currency: string;
  /** Decimal digits of the currency's minor unit (ISO 4217); `null` if the currency of an older programme is not in ISO 4217. */
  minorUnits: number | null;
  timeZone: string;
  ceiling: Ceiling;
  years: YearRule;
  /** Whether an initiative must have an indicator before its first funding; absent: it need not. */
  indicators?: IndicatorRule;
  establishedOn: string;
  /** Which commands wait for a second person; amounts are minor units. */
  approvals: { command: string; above?: string; role: string }[];
  /** Percentages at which notices are due: of funding spent, and of an appropriation funded. */
  thresholds: { spent: number[]; funded: number[] };
};
/** The totals of a group of a programme's initiatives: those that share one value of a dimension. */
export type GroupView = {
  programme: string;
  dimension: string;
  value: string;
  name: string | null;
  /** Only of a source. */
  appropriated: string;
  funded: string;
  spent: string;
  returned: string;
  /** funded − returned − spent. */
  available: string;
  /** Σ open commitments. */
  committed: string;
  /** available − committed. */
  free: string;
  initiatives: StatusCounts;
};
export type AuthorityView = Omit<GroupView, 'dimension' | 'value' | 'appropriated'> & { authority: string };
/** What was appropriated and funded out of the money of one kind of source. */
export type SourceView = Pick<GroupView, 'programme' | 'appropriated' | 'funded'> & { source: string };
export type SectorView = Omit<GroupView, 'dimension' | 'value' | 'name' | 'appropriated'> & { sector: string };
export type RegionView = Omit<GroupView, 'dimension' | 'value' | 'name' | 'appropriated'> & { region: string };
/** The terms of a programme, as last amended. */
export type ProgrammeTerms = Pick<
  ProgrammeView,
  'programme' | 'title' | 'currency' | 'timeZone' | 'ceiling' | 'years' | 'indicators' | 'establishedOn' | 'approvals' | 'thresholds'
>;

/** A programme's terms after an event; `undefined` before its establishment. */
export function termsAfter(terms: ProgrammeTerms | undefined, event: EventRecord): ProgrammeTerms | undefined {
  if (event.type === 'ProgrammeEstablished') {
    const { programme, data, occurredOn } = event;
    const { title, currency, timeZone, ceiling, years, indicators } = data;
    const rules = {
      ...(indicators && { indicators }),
      approvals: approvalsIn(data.approvals ?? []),
      thresholds: thresholdsIn(data.thresholds ?? defaultThresholds),
    };
    return { programme, title: { ...title }, currency, timeZone, ceiling, years, establishedOn: occurredOn, ...rules };
  }
  const { programme: said } = effectsOf(event);
  if (!terms || !said) return terms;
  return {
    ...terms,
    ...(said.indicators && { indicators: said.indicators }),
    ...(said.title && { title: { ...said.title } }),
    ...(said.approvals && { approvals: approvalsIn(said.approvals) }),
    ...(said.thresholds && { thresholds: thresholdsIn(said.thresholds) }),
    establishedOn: said.establishedOn ?? terms.establishedOn,
  };
}

function approvalsIn(approvals: readonly ApprovalRule[]): ProgrammeView['approvals'] {
  return approvals.map(({ command, above, role }) => ({ command, ...(above !== undefined && { above: above.toString() }), role }));
}
function thresholdsIn({ spent, funded }: Thresholds): ProgrammeView['thresholds'] {
  return { spent: [...spent], funded: [...funded] };
}

/** The terms as of then. An amended day of establishment counts from the recording of the amendment, whatever day the amendment is dated. */
export function termsAsOf(terms: ProgrammeTerms | undefined, event: EventRecord, asOf: AsOf): ProgrammeTerms | undefined {
  if (isLater(asOf, event)) return terms;
  const after = termsAfter(terms, event);
  return terms && after && !isWithin(asOf, event) ? { ...terms, establishedOn: after.establishedOn } : after;
}

/** Whether the programme of these terms existed as of then. */
export function wasEstablished(terms: ProgrammeTerms | undefined, { occurredBy }: AsOf): terms is ProgrammeTerms {
  return terms !== undefined && (occurredBy === undefined || terms.establishedOn <= occurredBy);
}

/** The terms in a programme's document. */
export function termsIn(terms: ProgrammeTerms): ProgrammeTerms {
  const { programme, title, currency, timeZone, ceiling, years, indicators, establishedOn, approvals, thresholds } = terms;
  const rules = { ceiling, years, ...(indicators && { indicators }), approvals, thresholds };
  return { programme, title, currency, timeZone, establishedOn, ...rules };
}

/** The last record that a view is folded from. */
export type LastRecord = { position: number; lastRecordedAt: string };

export function programmeView(terms: ProgrammeTerms, { position, lastRecordedAt }: LastRecord, sums: Totals): ProgrammeView {
  const { programme, title, currency, ...rules } = terms;
  return {
    programme,
    version: sums.version ?? 0,
    position,
    lastRecordedAt,
    title,
    currency,
    minorUnits: minorUnitsOf(currency) ?? null,
    ...rules,
    ...totals(terms, Object.values(sums.byYear ?? {}), sums.counts),
  };
}

/** A programme's fiscal years in order. */
export function fiscalYearViews(terms: ProgrammeTerms, { byYear }: Totals): FiscalYearView[] {
  return Object.entries(byYear ?? {}).map(([fiscalYear, year]) => ({
    programme: terms.programme,
    fiscalYear: Number(fiscalYear),
    closedOn: year.closing?.on ?? null,
    ...totals(terms, [year], year.counts),
  }));
}

export function groupView(programme: string, group: GroupOfDimension, { byYear, counts, name }: Totals): GroupView {
  const years = Object.values(byYear ?? {});
  return {
    programme,
    ...dimensionOf(group),
    name: name?.text ?? null,
    appropriated: sumOf(years, 'appropriated').toString(),
    funded: sumOf(years, 'funded').toString(),
    spent: sumOf(years, 'spent').toString(),
    returned: sumOf(years, 'returned').toString(),
    available: valueOf(unspent, years).toString(),
    committed: sumOf(years, 'committed').toString(),
    free: valueOf(free, years).toString(),
    initiatives: statusCounts(counts),
  };
}

/** A group of the dimension `authority`, as readers get it. */
export function authorityView({ programme, dimension: _, value, appropriated: _none, ...totals }: GroupView): AuthorityView {
  return { programme, authority: value, ...totals };
}
/** A group of the dimension `region`, as readers get it. */
export function regionView({ programme, dimension: _, value, name: _name, appropriated: _none, ...totals }: GroupView): RegionView {
  return { programme, region: value, ...totals };
}
/** The money of one kind of source, as readers get it. */
export function sourceView({ programme, value, appropriated, funded }: GroupView): SourceView {
  return { programme, source: value, appropriated, funded };
}
/** A group of the dimension `sector`, as readers get it. */
export function sectorView({ programme, dimension: _, value, name: _name, appropriated: _none, ...totals }: GroupView): SectorView {
  return { programme, sector: value, ...totals };
}

function totals({ ceiling }: ProgrammeTerms, years: readonly YearTotals[], counts: Counts | undefined): TotalsView {
  const appropriated = sumOf(years, 'appropriated');
  const spent = sumOf(years, 'spent');
  const limited = ceiling === 'enforced';
  return {
    appropriated: appropriated.toString(),
    funded: sumOf(years, 'funded').toString(),
    spent: spent.toString(),
    returned: sumOf(years, 'returned').toString(),
    available: limited
      ? valueOf(
          unused,
          years.filter((year) => !isClosed(year)),
        ).toString()
      : null,
    lapsed: limited ? valueOf(unused, years.filter(isClosed)).toString() : null,
    committed: sumOf(years, 'committed').toString(),
    free: valueOf(free, years).toString(),
    absorption: appropriated === 0n ? null : Number((spent * 10_000n) / appropriated) / 10_000,
    initiatives: statusCounts(counts),
  };
}

/** Whether a fiscal year is closed. */
export function isClosed({ closing }: YearTotals): boolean {
  return closing !== undefined && closing.on !== null;
}

/** Counts for every status, 0 for those without initiatives. */
export function statusCounts({
  proposed = 0,
  funded = 0,
  spending = 0,
  finalizing = 0,
  finalized = 0,
  cancelled = 0,
}: Counts = {}): StatusCounts {
  return { proposed, funded, spending, finalizing, finalized, cancelled };
}
