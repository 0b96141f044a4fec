/**
 * Everything as of a cut of the history, folded from its records one by one: the report of the command line, and what the sums kept by day are held to.
 */
import type { EventRecord, LedgerRecord } from '../event-log/record.js';
import { statuses, type FiscalYear, type Status } from '../domain/vocabulary.js';
import { isWithin, type Cut } from './cut.js';
import { foldInitiative, type InitiativeFold, type InitiativeView } from './initiative-view.js';
import { plus, type Counts, type Tally, type YearTally } from './tally.js';
import { postingOf, turnsOfProgramme } from './turns.js';
import {
  authorityView,
  fiscalYearViews,
  programmeView,
  type AuthorityView,
  type FiscalYearView,
  type ProgrammeTerms,
  type ProgrammeView,
} from './views.js';

export type Report = {
  programmes: ProgrammeView[];
  fiscalYears: FiscalYearView[];
  authorities: AuthorityView[];
  initiatives: InitiativeView[];
};

type ProgrammeFold = {
  terms: ProgrammeTerms;
  position: number;
  tally: Tally;
  names: Map<string, { text: string; position: number }>;
  hands: Set<string>;
};

/** Folds records within a cut into everything known of them. */
export class ReportFold {
  private readonly programmes = new Map<string, ProgrammeFold>();
  private readonly initiatives = new Map<string, InitiativeFold>();

  constructor(private readonly cut: Cut) {}

  /** Records come in the order of their positions. */
  add(record: LedgerRecord): void {
    if (!isWithin(this.cut, record)) return;
    if (record.type === 'ProgrammeEstablished') this.programmes.set(record.programme, established(record));
    const programme = this.programmes.get(record.programme);
    if (!programme) return;
    programme.position = record.position;
    if (record.type === 'CommandRefused') return;
    if (record.initiative === undefined)
      for (const turn of turnsOfProgramme(record)) programme.tally = plus(programme.tally, turn.programme);
    else this.addToInitiative(programme, record, record.initiative);
  }

  report(): Report {
    const byProgramme = [...this.programmes.values()].map((fold) => ({ ...fold, views: this.initiativesOf(fold.terms.programme) }));
    return {
      programmes: byProgramme.map(({ terms, position, tally, views }) => programmeView(terms, position, withCounts(tally, views))),
      fiscalYears: byProgramme.flatMap(({ terms, tally, views }) => fiscalYearViews(terms, withCounts(tally, views))),
      authorities: byProgramme.flatMap((fold) => authoritiesOf(fold, fold.views)),
      initiatives: byProgramme.flatMap(({ views }) => views),
    };
  }

  private addToInitiative(programme: ProgrammeFold, event: EventRecord, initiative: string): void {
    const key = `${event.programme}/${initiative}`;
    const fold = foldInitiative(this.initiatives.get(key), event, programme.terms.timeZone);
    if (!fold) return;
    this.initiatives.set(key, fold);
    programme.hands.add(fold.view.authority);
    const posting = postingOf(event);
    if (posting) programme.tally = plus(programme.tally, { byYear: { [posting.fiscalYear]: posting.money } });
    if ((event.type === 'InitiativeProposed' || event.type === 'InitiativeAmended') && event.data.authorityName !== undefined)
      programme.names.set(event.context.authority, { text: event.data.authorityName, position: event.position });
  }

  private initiativesOf(programme: string): InitiativeView[] {
    const views = [...this.initiatives.values()].map(({ view }) => view).filter((view) => view.programme === programme);
    return views.sort((one, other) => (one.initiative < other.initiative ? -1 : 1));
  }
}

function established({ programme, data, occurredOn, position }: EventRecord & { type: 'ProgrammeEstablished' }): ProgrammeFold {
  const { title, currency, timeZone, ceiling, years } = data;
  const terms = { programme, title: { ...title }, currency, timeZone, ceiling, years, establishedOn: occurredOn };
  return { terms, position, tally: {}, names: new Map(), hands: new Set() };
}

function withCounts(tally: Tally, views: readonly InitiativeView[]): Tally {
  const byYear: Record<FiscalYear, YearTally> = {};
  for (const [year, sums] of Object.entries(tally.byYear ?? {})) {
    const touched = views.filter(({ fiscalYears }) => fiscalYears.some(({ fiscalYear }) => fiscalYear === Number(year)));
    byYear[Number(year)] = { ...sums, counts: countsOf(touched) };
  }
  return { ...tally, byYear, counts: countsOf(views) };
}

function countsOf(views: readonly InitiativeView[]): Counts {
  const count = (status: Status) => views.filter((view) => view.status === status).length;
  return Object.fromEntries(statuses.map((status) => [status, count(status)]));
}

function authoritiesOf({ terms, names, hands }: ProgrammeFold, views: readonly InitiativeView[]): AuthorityView[] {
  return [...hands].sort().map((authority) => {
    const own = views.filter((view) => view.authority === authority);
    const name = names.get(authority);
    const money = own
      .flatMap(({ fiscalYears }) => fiscalYears)
      .map(({ fiscalYear, funded, spent, returned }) => ({
        byYear: { [fiscalYear]: { funded: BigInt(funded), spent: BigInt(spent), returned: BigInt(returned) } },
      }));
    return authorityView(terms.programme, authority, money.reduce<Tally>(plus, { counts: countsOf(own), ...(name && { name }) }));
  });
}
