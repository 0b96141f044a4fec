import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { trusted } from '../trusted/trusted.js';
import { decodeText } from './decode-text.js';
import { checkLength, unreadable } from './fault.js';
import { limits, type Cell, type Encoding, type Separator, type Table, type TableRow } from './table.js';

/** The most characters of one row. */
const longestRow = 256 * 1_024;

/** A CSV file as a table. Its separator is found from its first row. @throws {UnreadableSheet} */
export function readCsv(bytes: Uint8Array, encoding?: Encoding): Table {
  const decoded = decodeText(bytes, encoding);
  const said = hint.exec(decoded.text);
  const text = decoded.text.slice(said?.[0].length ?? 0);
  const separator = separators.find((one) => one === said?.[1]) ?? separatorOf(text);
  return {
    source: { format: 'csv', separator, encoding: decoded.encoding, encodingBy: decoded.by },
    daysFrom1904: false,
    rows: rowsOf(text, separator),
  };
}

/** A line that Excel writes to say the separator; it does not show the line as a row. */
const hint = /^sep=([,;\t])(?:\r\n|\r|\n)/i;
const separators = [';', '\t', ','] as const;

/** The separator that the first row has most of outside its quotes. */
function separatorOf(text: string): Separator {
  const header = /^\s*((?:"[^"]*"|[^"\r\n])*)/.exec(text.slice(0, longestRow))?.[1]?.replace(/"[^"]*"/g, '') ?? '';
  const count = (separator: Separator) => header.split(separator).length;
  return separators.reduce((most, one) => (count(one) > count(most) ? one : most));
}

/** The rows that are not blank, numbered as a spreadsheet numbers them: line breaks inside a cell make no new row. @throws {UnreadableSheet} */
function rowsOf(text: string, separator: Separator): TableRow[] {
  const rows: TableRow[] = [];
  let row = 0;
  const take = (record: readonly string[]): null => {
    row++;
    const cells = record.map(textCell);
    if (cells.every((cell) => cell === undefined)) return null;
    if (rows.length > limits.rows) throw unreadable('too-many-rows', String(rows.length), String(limits.rows));
    rows.push({ row, cells });
    return null;
  };
  try {
    parse(text, {
      delimiter: separator,
      relax_column_count: true,
      max_record_size: longestRow,
      on_record: (record: unknown) => take(trusted<string[]>(record)),
    });
    return rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw unreadable('not-csv', error.message, 'put quotes around every cell that has a quote, and double the quotes inside it');
  }
}

/** A text's cell; white space around it is not part of it. */
/** @throws {UnreadableSheet} the cell is too long */
function textCell(text: string): Cell | undefined {
  checkLength(text);
  const trimmed = text.trim();
  return trimmed === '' ? undefined : { kind: 'text', text: trimmed };
}
