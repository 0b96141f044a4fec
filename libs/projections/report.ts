/**
 * All views as of a day or a moment, folded from the records one by one. The command line reports them, and specs check the totals by day against them.
 */
import { effectsOf } from '../domain/effects.js';
import type { EventRecord, LedgerRecord } from '../event-log/record.js';
import { statuses, type FiscalYear, type Status } from '../domain/vocabulary.js';
import { compareSortable } from '../read-models/find.js';
import { isWithin, type AsOf } from './as-of.js';
import { foldInitiative, type InitiativeFold, type InitiativeView } from './initiatives/initiative-view.js';
import { ownChange } from './totals/changes.js';
import { dimensionNames, groupOf, isIn, isOfDimension, type Dimension, type GroupOfDimension } from './totals/dimensions.js';
import { plus, totalsOf, type Counts, type Totals, type YearTotals } from './totals/totals.js';
import {
  authorityView,
  fiscalYearViews,
  groupView,
  programmeView,
  regionView,
  sectorView,
  sourceView,
  termsAsOf,
  wasEstablished,
  type AuthorityView,
  type FiscalYearView,
  type GroupView,
  type LastRecord,
  type ProgrammeTerms,
  type ProgrammeView,
  type RegionView,
  type SectorView,
  type SourceView,
} from './totals/views.js';

export type Report = {
  programmes: ProgrammeView[];
  fiscalYears: FiscalYearView[];
  authorities: AuthorityView[];
  regions: RegionView[];
  sectors: SectorView[];
  sources: SourceView[];
  initiatives: InitiativeView[];
};

type ProgrammeFold = {
  terms: ProgrammeTerms;
  last: LastRecord;
  totals: Totals;
  names: Map<GroupOfDimension, { text: string; position: number }>;
  /** Every group that an initiative belonged to. */
  groups: Set<GroupOfDimension>;
  /** The money of each source. */
  sources: Map<GroupOfDimension, Totals>;
};

/** Folds records as of then into a report. */
export class ReportFold {
  private readonly programmes = new Map<string, ProgrammeFold>();
  private readonly initiatives = new Map<string, InitiativeFold>();

  constructor(private readonly asOf: AsOf) {}

  /** Records come in the order of their positions. */
  add(record: LedgerRecord): void {
    const programme = this.programmeOf(record);
    if (!programme || !isWithin(this.asOf, record)) return;
    programme.last = { position: record.position, lastRecordedAt: record.recordedAt };
    if (record.type === 'CommandRefused') return;
    const { groups } = ownChange(record);
    for (const [group, totals] of groups)
      if (isOfDimension(group) && isIn('source', group)) programme.sources.set(group, plus(programme.sources.get(group) ?? {}, totals));
    if (record.initiative === undefined) programme.totals = plus(programme.totals, groups.get('programme') ?? {});
    else this.addToInitiative(programme, record, record.initiative);
  }

  report(): Report {
    const established = [...this.programmes.values()].filter(({ terms }) => wasEstablished(terms, this.asOf));
    const byProgramme = established.map((fold) => ({ ...fold, views: this.initiativesOf(fold.terms.programme) }));
    return {
      programmes: byProgramme.map(({ terms, last, totals, views }) => programmeView(terms, last, withCounts(totals, views))),
      fiscalYears: byProgramme.flatMap(({ terms, totals, views }) => fiscalYearViews(terms, withCounts(totals, views))),
      authorities: byProgramme.flatMap((fold) => groupsOf('authority', fold, fold.views)).map(authorityView),
      regions: byProgramme.flatMap((fold) => groupsOf('region', fold, fold.views)).map(regionView),
      sectors: byProgramme.flatMap((fold) => groupsOf('sector', fold, fold.views)).map(sectorView),
      sources: byProgramme.flatMap(sourcesOf),
      initiatives: byProgramme.flatMap(({ views }) => views),
    };
  }

  /** The programme after a record; `undefined` until its establishment is known. */
  private programmeOf(record: LedgerRecord): ProgrammeFold | undefined {
    const known = this.programmes.get(record.programme);
    if (record.type === 'CommandRefused' || record.initiative !== undefined) return known;
    const terms = termsAsOf(known?.terms, record, this.asOf);
    if (!terms) return known;
    const last = { position: 0, lastRecordedAt: record.recordedAt };
    const fold = known ?? { terms, last, totals: {}, names: new Map(), groups: new Set(), sources: new Map() };
    fold.terms = terms;
    this.programmes.set(record.programme, fold);
    return fold;
  }

  private addToInitiative(programme: ProgrammeFold, event: EventRecord, initiative: string): void {
    const key = `${event.programme}/${initiative}`;
    const fold = foldInitiative(this.initiatives.get(key), event, programme.terms.timeZone);
    if (!fold) return;
    this.initiatives.set(key, fold);
    for (const dimension of dimensionNames) {
      const group = groupOf(dimension, fold.view);
      if (group !== undefined) programme.groups.add(group);
    }
    const { sums, terms } = effectsOf(event);
    if (sums) programme.totals = plus(programme.totals, totalsOf(sums));
    if (terms?.authorityName !== undefined)
      programme.names.set(`authority/${fold.view.authority}`, { text: terms.authorityName, position: event.position });
  }

  private initiativesOf(programme: string): InitiativeView[] {
    const views = [...this.initiatives.values()].map(({ view }) => view).filter((view) => view.programme === programme);
    return views.sort((one, other) => (one.initiative < other.initiative ? -1 : 1));
  }
}

function withCounts(totals: Totals, views: readonly InitiativeView[]): Totals {
  const byYear: Record<FiscalYear, YearTotals> = {};
  for (const [year, sums] of Object.entries(totals.byYear ?? {})) {
    const touched = views.filter(({ fiscalYears }) => fiscalYears.some(({ fiscalYear }) => fiscalYear === Number(year)));
    byYear[Number(year)] = { ...sums, counts: countsOf(touched) };
  }
  return { ...totals, byYear, counts: countsOf(views) };
}

function countsOf(views: readonly InitiativeView[]): Counts {
  const count = (status: Status) => views.filter((view) => view.status === status).length;
  return Object.fromEntries(statuses.map((status) => [status, count(status)]));
}

function groupsOf(dimension: Dimension, { terms, names, groups }: ProgrammeFold, views: readonly InitiativeView[]): GroupView[] {
  const all = [...groups]
    .filter((group) => isIn(dimension, group))
    .map((group) => ({ group, own: views.filter((view) => groupOf(dimension, view) === group) }));
  return all
    .map(({ group, own }) => groupView(terms.programme, group, { ...moneyOf(own), ...named(names.get(group)) }))
    .sort((one, other) => compareSortable(one.value, other.value));
}

function sourcesOf({ terms, sources }: ProgrammeFold): SourceView[] {
  const views = [...sources].map(([group, totals]) => sourceView(groupView(terms.programme, group, totals)));
  return views.sort((one, other) => compareSortable(one.source, other.source));
}

function moneyOf(views: readonly InitiativeView[]): Totals {
  const money = views
    .flatMap(({ fiscalYears }) => fiscalYears)
    .map(({ fiscalYear, funded, spent, returned, committed }) => ({
      byYear: {
        [fiscalYear]: { funded: BigInt(funded), spent: BigInt(spent), returned: BigInt(returned), committed: BigInt(committed) },
      },
    }));
  return money.reduce<Totals>(plus, { counts: countsOf(views) });
}
function named(name: Totals['name']): Pick<Totals, 'name'> {
  return name ? { name } : {};
}
