import { start, type EventLog } from '../../../libs/event-log/ports.js';
import { decodeRecord } from '../../../libs/event-log/record.js';
import { tableOf } from '../../../libs/http/csv-lists.js';
import type { AsOf } from '../../../libs/projections/as-of.js';
import { figureIn, type FigureWord } from '../../../libs/projections/explain/asked.js';
import { figureOf, ownerNames, valueOfOwner, type FigureAsked, type OwnerName } from '../../../libs/projections/explain/figures.js';
import { ExplainFold, type WholeExplanation } from '../../../libs/projections/explain/fold.js';
import { ReportFold, type Report } from '../../../libs/projections/report.js';
import type { ProgrammeView } from '../../../libs/projections/totals/views.js';
import { money, noProgramme, table, UserError } from '../output.js';

/** A figure of a programme with every event that adds up to it. */
export type ExplainedFigure = WholeExplanation & { programme: string; figure: string; position: number };
type Explained = { view: ProgrammeView; asked: FigureAsked; found: ExplainedFigure };

/** The figure that options name. @throws {UserError} */
export function figureOfOptions(options: { readonly [W in FigureWord]?: string }): FigureAsked {
  const option = (word: string) =>
    word === 'figure' ? '--explain' : `--${word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return figureIn(options, (word, right) => new UserError(`${option(word)} must be ${right}`));
}

/**
 * A figure as of a day or moment with every event that adds up to it, folded from the log, and compared with the report's figure.
 * @throws {UserError} the ledger has no such programme, initiative or figure, or did not have it at that time
 */
export async function explainOf(log: EventLog, cut: AsOf, programme: string, asked: FigureAsked): Promise<Explained> {
  const figure = figureOf(asked);
  if (!figure) throw new UserError(`there is no figure ${asked.figure}`);
  const [fold, report] = [new ExplainFold(figure, asked, cut), new ReportFold(cut)];
  let isThere = false;
  for (let partition = 0; partition < log.partitions; partition++)
    for await (const entries of log.read(partition, start))
      for (const entry of entries) {
        if (entry.kind !== 'record' || entry.programme !== programme) continue;
        isThere = true;
        const record = decodeRecord(entry.bytes);
        fold.add(record);
        report.add(record);
      }
  if (!isThere) throw noProgramme(programme);
  return explained(report.report(), fold, programme, asked);
}

function explained(report: Report, fold: ExplainFold, programme: string, asked: FigureAsked): Explained {
  const [view] = report.programmes;
  if (!view) throw new UserError(`there was no programme ${programme} at that time`);
  const shown = viewOf(report, asked);
  if (!shown) throw new UserError(`there was no ${ownerInWords(asked)} with money at that time`);
  const figure: unknown = Reflect.get(shown, asked.figure);
  if (figure === null) throw new UserError(`${programme} has no ceiling, so it has no figure ${asked.figure}`);
  const whole = fold.explanation();
  if (typeof figure === 'string' && asked.occurredAfter === undefined && figure !== whole.sum)
    throw new Error(`the report says ${figure}, but its entries add up to ${whole.sum}: this is a fault of the ledger’s program`);
  return { view, asked, found: { programme, figure: asked.figure, position: view.position, ...whole } };
}

/** The view of a report that shows a figure. */
function viewOf(report: Report, { owner, fiscalYear }: FigureAsked): object | undefined {
  const inYear = <V extends { fiscalYear: number }>(years: readonly V[]) => years.find((year) => year.fiscalYear === fiscalYear);
  if (owner === 'programme') return fiscalYear === undefined ? report.programmes[0] : inYear(report.fiscalYears);
  const value = valueOfOwner(owner);
  const views: { readonly [N in OwnerName]: () => object | undefined } = {
    initiative: () => {
      const found = report.initiatives.find(({ initiative }) => initiative === value);
      return found && fiscalYear !== undefined ? (inYear(found.fiscalYears) ?? {}) : found;
    },
    // A report has groups over all years.
    authority: () => (fiscalYear === undefined ? report.authorities.find(({ authority }) => authority === value) : {}),
    region: () => (fiscalYear === undefined ? report.regions.find(({ region }) => region === value) : {}),
    sector: () => (fiscalYear === undefined ? report.sectors.find(({ sector }) => sector === value) : {}),
    source: () => (fiscalYear === undefined ? report.sources.find(({ source }) => source === value) : {}),
  };
  const name = ownerNames.find((one) => owner.startsWith(`${one}/`));
  return name && views[name]();
}

function ownerInWords({ owner, fiscalYear }: FigureAsked): string {
  return owner === 'programme' ? `fiscal year ${String(fiscalYear)}` : owner.replace('/', ' ');
}

/** An explanation as a table for people. */
export function explanationInWords({ view, asked, found }: Explained): string {
  const digits = view.minorUnits ?? 0;
  const amount = (text: string) => money(BigInt(text), digits);
  const { owner, fiscalYear, occurredAfter } = asked;
  const scope = [
    found.programme,
    ...(owner === 'programme' ? [] : [owner.replace('/', ' ')]),
    ...(fiscalYear === undefined ? [] : [`fiscal year ${fiscalYear}`]),
    ...(occurredAfter === undefined ? [] : [`from ${occurredAfter} on`]),
  ];
  const years = found.fiscalYears && ` in the fiscal years ${found.fiscalYears.join(', ') || 'none'}`;
  const parts = found.parts?.map(({ amount: name, sign, sum }) => `${sign} ${name} ${amount(sum)}`).join(' ');
  const rows = found.items.map(({ position, occurredOn, type, initiative = '', effect, sum }) => [
    ...[String(position), occurredOn, type, initiative],
    ...[amount(effect), amount(sum)],
  ]);
  const head = `${asked.figure} of ${scope.join(', ')}: ${amount(found.sum)} ${view.currency}${years ?? ''}${parts === undefined ? '' : ` = ${parts}`}`;
  const count = `${rows.length} ${rows.length === 1 ? 'entry adds' : 'entries add'} up to it, counted up to position ${found.position}:`;
  return rows.length === 0
    ? `${head}\nno entry changes it`
    : `${head}\n${count}\n\n${table(['position', 'day', 'entry', 'initiative', 'adds', 'sum'], rows)}`;
}

/** An explanation as CSV, with the columns of the interface for programs. */
export function explanationCsv({ view, found }: Explained): string {
  return tableOf('explanation', found.items, { minorUnits: view.minorUnits ?? undefined, bom: false });
}
