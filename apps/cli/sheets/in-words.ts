/** The output of `ledger import csv` for people and for programs. */
import { decimalText } from '../../../libs/currencies/decimal-text.js';
import { csvOf } from '../../../libs/http/csv.js';
import { faultInWords, quoted } from '../../../libs/spreadsheets/fault.js';
import type { TableSource } from '../../../libs/spreadsheets/table.js';
import { table } from '../output.js';
import type { RefusedRow, SheetImport } from './import-sheet.js';

/** The most faults or refusals shown on a terminal; a file holds all of them. */
export const rowsShown = 20;

/** What was done, in words. `rowsFile` is the file with all faults or refusals, if there are more than {@link rowsShown}. */
export function sheetInWords(done: SheetImport, file: string, digits: number, rowsFile?: string): string {
  const { sheet, refused } = done;
  const named = sheet.faults.length + refused.length;
  return [
    ...(sheet.source ? [`${file}: ${sheet.rows.length} rows of ${sourceInWords(sheet.source)}`] : []),
    ...(sheet.faults.length > 0 ? [sheet.faults.slice(0, rowsShown).map(faultInWords).join('\n')] : []),
    ...(refused.length > 0 ? [refusalTable(refused.slice(0, rowsShown), digits)] : []),
    ...(rowsFile === undefined ? [] : [`${named - rowsShown} more; ${rowsFile} has all ${named}`]),
    outcomeInWords(done),
  ].join('\n\n');
}

function outcomeInWords({ outcome, sheet, refused, accepted, recordedBefore }: SheetImport): string {
  const before = recordedBefore > 0 ? `; ${recordedBefore} were recorded before` : '';
  switch (outcome) {
    case 'faults':
      return `Nothing was sent. ${counted(sheet.faults.length, 'fault')}: correct the file and import it again.`;
    case 'refused':
      return `Nothing was sent. The ledger would refuse ${counted(refused.length, 'row')} and accept ${accepted}${before}. Correct the file, or leave these rows out with --accept-refusals.`;
    case 'checked':
      return `Nothing was sent. The ledger would accept ${counted(accepted, 'row')}${before}.`;
    case 'sent':
      return `${counted(accepted, 'row')} recorded${before}${refused.length > 0 ? `; ${refused.length} refused` : ''}.`;
  }
}
const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

const separatorNames = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' } as const;
const foundBy = { name: 'as named', mark: 'by its mark', bytes: 'as its bytes look' } as const;
function sourceInWords(source: TableSource): string {
  if (source.format === 'xlsx') return `sheet ${quoted(source.sheet)}`;
  return `CSV with ${separatorNames[source.separator]}, in ${source.encoding} (${foundBy[source.encodingBy]})`;
}

function refusalTable(refused: readonly RefusedRow[], digits: number): string {
  return table(
    ['row', 'command', 'initiative', 'refused as', 'requested', 'available', 'why'],
    refused.map(({ row, command, code, detail, requested, available }) => [
      String(row),
      command.type,
      command.initiative ?? '',
      code,
      figure(requested, digits),
      figure(available, digits),
      detail,
    ]),
  );
}
const figure = (minorUnits: string | undefined, digits: number) => (minorUnits === undefined ? '' : decimalText(minorUnits, digits));

/** Every fault and refusal as CSV, for the file. */
export function sheetRowsCsv({ sheet, refused }: SheetImport, digits: number): string {
  return csvOf(
    ['row', 'column', 'cell', 'code', 'found', 'right', 'requested', 'available', 'sentence'],
    [
      ...sheet.faults.map((fault) => [
        fault.row,
        fault.column,
        fault.cell,
        fault.code,
        fault.found,
        fault.right,
        '',
        '',
        faultInWords(fault),
      ]),
      ...refused.map(({ row, code, detail, requested, available }) => [
        ...[row, '', '', code, '', ''],
        ...[figure(requested, digits), figure(available, digits), detail],
      ]),
    ],
  );
}

/** What was done, for programs. */
export function sheetForPrograms({ sheet, refused, ...done }: SheetImport): object {
  return {
    ...done,
    source: sheet.source,
    rows: sheet.rows.length,
    faults: sheet.faults.map((fault) => ({ ...fault, sentence: faultInWords(fault) })),
    refused: refused.map(({ command: { type, initiative, commandId }, ...row }) => ({ ...row, type, initiative, commandId })),
  };
}
