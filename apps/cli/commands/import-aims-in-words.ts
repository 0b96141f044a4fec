/** The output of `ledger import aims` for people. */
import { toCsv } from '../../../libs/http/csv.js';
import { lineOf } from '../../../libs/http/batch-line.js';
import { isAccountedFor, type Account, type Held, type ImportReport, type RowResult } from '../aims/report.js';
import type { Planned, DryRun } from '../aims/dry-run.js';
import { money, table } from '../output.js';

/** The most rows shown on a terminal; a file holds all of them. */
export const rowsShown = 20;

/** An import's report. `rowsFile` is the file with all rows, if there are more than {@link rowsShown}. */
export function reportInWords(report: ImportReport, digits: number, rowsFile?: string): string {
  const { programme, currency, release, projects, sent, recordedBefore, rows, refusals, mismatches } = report;
  const amount = (value: bigint) => money(value, digits);
  return [
    `${projects} projects of release ${release.release} into ${programme}, in ${currency}: ${sent} commands sent, ${recordedBefore} were recorded before`,
    accountTable(report, digits),
    ledgerTable(report, digits),
    section(refusals, ['refused as', 'count', 'sum'], ({ code, count, sum }) => [code, String(count), amount(sum)]),
    section(rows.slice(0, rowsShown), rowColumns, (row) => rowCells(row, digits)),
    ...(rowsFile === undefined ? [] : [`${rows.length - rowsShown} more rows; ${rowsFile} has all ${rows.length}`]),
    section([...Map.groupBy(report.notes, ({ kind }) => kind)], ['notes', 'count'], ([kind, notes]) => [kind, String(notes.length)]),
    section(mismatches, ['does not add up', 'letter', 'published', 'imported'], ({ project, letter, published, imported }) => [
      project,
      letter,
      amount(published),
      amount(imported),
    ]),
    isAccountedFor(report)
      ? 'accepted, refused and left out make up what was published, for every project and in all'
      : 'accepted, refused and left out do not make up what was published',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Every row as CSV, for the file; amounts as decimal numbers. */
export function rowsCsv(rows: readonly RowResult[], digits: number): string {
  return toCsv(
    rows.map(({ outcome, file, line, project, transaction = '', command = '', letter = '', amount, code, detail }) => ({
      ...{ outcome, file, line: line ?? '', project, transaction, command, letter },
      amount: amount === undefined ? '' : money(amount, digits).replaceAll(',', ''),
      code,
      detail,
    })),
  );
}

const rowColumns = ['outcome', 'file', 'line', 'project', 'transaction or command', 'letter', 'amount', 'code', 'why'];
function rowCells(
  { outcome, file, line, project, transaction, command, letter, amount, code, detail }: RowResult,
  digits: number,
): string[] {
  const cells = [outcome, file, String(line ?? ''), project, transaction ?? command ?? '', letter ?? ''];
  return [...cells, amount === undefined ? '' : money(amount, digits), code, detail];
}

/** The commands of a dry run with their outcomes. */
export function planTable({ planned, report }: DryRun): string {
  const rows = planned.map(({ command, answer }) => {
    const { data } = planLine({ command, answer });
    return [command.type, command.initiative ?? '', command.occurredOn ?? '', data, answer.accepted ? 'accepted' : answer.code];
  });
  const head = `Release ${report.release.release} would send ${planned.length} commands to ${report.programme}. Nothing was sent. The report would be the one below.`;
  return [head, ...(rows.length > 0 ? [table(['command', 'initiative', 'dated', 'data', 'expected'], rows)] : [])].join('\n\n');
}

/** A summary of what an update is about to send. */
export function planInShort({ planned, report }: DryRun): string {
  const types = [...Map.groupBy(planned, ({ command }) => command.type)].map(([type, all]) => `${all.length} ${type}`);
  const refused = planned.filter(({ answer }) => !answer.accepted).length;
  if (planned.length === 0) return `${report.programme} already holds everything in release ${report.release.release}.`;
  return `Release ${report.release.release} differs from what ${report.programme} holds. Sending ${types.join(', ')}; ${refused} of them will be refused.`;
}

/** A planned command for programs: the line of a batch, with its expected outcome. */
export function plannedForPrograms({ command, answer }: Planned): object {
  return { ...parsedLine(command), expected: answer };
}
function planLine({ command }: Planned): { data: string } {
  const { data } = parsedLine(command);
  return { data: JSON.stringify(data) };
}
function parsedLine(command: Planned['command']): { data?: unknown } {
  const line: unknown = JSON.parse(lineOf(command));
  return typeof line === 'object' && line !== null ? line : {};
}

function accountTable({ commitments, disbursements, expenditures }: ImportReport, digits: number): string {
  const row = (name: string, { published, accepted, refused, leftOut }: Account) => [
    name,
    money(published, digits),
    ...[accepted, refused, leftOut].map(({ count, sum }) => `${money(sum, digits)} in ${count}`),
  ];
  return table(
    ['', 'published', 'accepted', 'refused', 'left out'],
    [
      row('commitments', commitments),
      row('disbursements', disbursements),
      ...(expenditures.published === 0n ? [] : [row('expenditure of projects without disbursements', expenditures)]),
    ],
  );
}

function ledgerTable({ ledger }: ImportReport, digits: number): string {
  const row = (name: string, { published, holds, byOthers, kept }: Held) =>
    [published, holds, holds - published, byOthers, kept].reduce<string[]>((cells, cell) => [...cells, money(cell, digits)], [name]);
  return table(
    ['the ledger itself', 'published', 'holds', 'difference', 'recorded by others', 'left of earlier releases'],
    [row('funded', ledger.funded), row('spent', ledger.spent)],
  );
}

function section<T>(items: readonly T[], head: readonly string[], cells: (item: T) => readonly string[]): string {
  return items.length === 0 ? '' : table(head, items.map(cells));
}
