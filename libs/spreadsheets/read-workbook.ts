import { checkLength, quoted, unreadable, UnreadableSheet } from './fault.js';
import { decimalCell } from './number-cell.js';
import { limits, type Cell, type Table, type TableRow } from './table.js';
import { unpackWorkbook, type Repacked } from './unpack-workbook.js';

const asWorkbook = 'an XLSX workbook without a password';
/** The errors that a formula can have for its value. */
const formulaErrors = /^#(NULL!|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|N\/A|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!|GETTING_DATA)$/;

/**
 * One sheet of an XLSX workbook as a table: the first that is not hidden, unless one is named. A formula counts with the value it was saved with.
 * @throws {UnreadableSheet}
 */
export async function readWorkbook(bytes: Uint8Array, named?: string): Promise<Table> {
  const workbook = unpackWorkbook(bytes);
  try {
    return await readSheet(workbook, named);
  } catch (error) {
    if (error instanceof UnreadableSheet) throw error;
    // Any error of the reader is a fault of the file.
    throw unreadable('not-a-workbook', Error.isError(error) ? error.message : String(error), asWorkbook);
  }
}

async function readSheet({ whole, outline }: Repacked, named?: string): Promise<Table> {
  // The reader is loaded only when a workbook is read.
  const { readXlsx, streamXlsxRows } = await import('hucre/xlsx');
  const sheets: { name: string; hidden: boolean }[] = [];
  const { dateSystem } = await readXlsx(outline, {
    sheets({ name, hidden = false, veryHidden = false }) {
      sheets.push({ name, hidden: hidden || veryHidden });
      return false;
    },
  });
  const names = sheets.map(({ name }) => name);
  const sheet = sheets.find(({ name, hidden }) => (named === undefined ? !hidden : name === named));
  if (!sheet) throw unreadable('unknown-sheet', named ?? '', names.map(quoted).join(', '));
  const rows: TableRow[] = [];
  for await (const { index, values } of streamXlsxRows(whole, { sheet: sheet.name })) {
    if (!Number.isSafeInteger(index) || index < 0) throw unreadable('not-a-workbook', 'a row has no number', asWorkbook);
    if (values.length > limits.columns) throw unreadable('too-many-columns', String(values.length), String(limits.columns));
    const cells = values.map(cellOf);
    const used = cells.findLastIndex((cell) => cell !== undefined) + 1;
    if (used === 0) continue;
    if (rows.length > limits.rows) throw unreadable('too-many-rows', String(rows.length), String(limits.rows));
    rows.push({ row: index + 1, cells: cells.slice(0, used) });
  }
  return { source: { format: 'xlsx', sheet: sheet.name, sheets: names }, daysFrom1904: dateSystem === '1904', rows };
}

function cellOf(value: string | number | boolean | Date | null): Cell | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return decimalCell(value);
  if (typeof value === 'boolean') return { kind: 'boolean', text: value ? 'TRUE' : 'FALSE' };
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? { kind: 'error', text: '#NUM!' } : { kind: 'date', text: value.toISOString().slice(0, 10) };
  checkLength(value);
  const text = value.trim();
  if (text === '') return undefined;
  return { kind: formulaErrors.test(text) ? 'error' : 'text', text };
}
