import { addressOf, columnLetters, limits, type Encoding, type Table } from './table.js';
import { unreadable } from './fault.js';
import { readCsv } from './read-csv.js';
import { readWorkbook } from './read-workbook.js';
import { isZip } from './unpack-workbook.js';

export type ReadOptions = {
  /** The encoding of a CSV file; found from its bytes if absent. */
  encoding?: Encoding;
  /** The sheet of a workbook; the first that is not hidden if absent. */
  sheet?: string;
};

/** A CSV file or an XLSX workbook as a table of at most {@link limits.rows} rows below its header. @throws {UnreadableSheet} */
export async function readTable(bytes: Uint8Array, { encoding, sheet }: ReadOptions = {}): Promise<Table> {
  if (bytes.byteLength > limits.bytes) throw unreadable('file-too-large', String(bytes.byteLength), String(limits.bytes));
  if (isCompoundFile(bytes)) throw unreadable('not-a-workbook', 'it is an old .xls, or has a password', 'XLSX without a password');
  const table = isZip(bytes) ? await readWorkbook(bytes, sheet) : readCsv(bytes, encoding);
  const widest = table.rows.find(
    ({ cells }) => cells.length > limits.columns && cells.some((cell, index) => cell && index >= limits.columns),
  );
  if (widest) throw unreadable('too-many-columns', columnLetters(widest.cells.length), String(limits.columns));
  if (table.rows.length === 0) throw unreadable('file-empty', addressOf(1, 1), 'command, initiative, date, amount, id');
  return table;
}

/** Whether bytes begin as the files of Excel before 2007 do, and as workbooks with a password. */
function isCompoundFile(bytes: Uint8Array): boolean {
  return [0xd0, 0xcf, 0x11, 0xe0].every((byte, index) => bytes[index] === byte);
}
