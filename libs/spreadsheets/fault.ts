/** What is wrong in a sheet, and what would be right: a code and two values, from which a terminal and a page each make their sentence. */

import { limits } from './table.js';

/** What is wrong with a whole file. */
export type FileFaultCode =
  | 'file-too-large'
  | 'file-empty'
  | 'not-text'
  | 'not-in-encoding'
  | 'not-csv'
  | 'not-a-workbook'
  | 'too-large-inside'
  | 'unknown-sheet'
  | 'too-many-rows'
  | 'too-many-columns'
  | 'too-long-cell';

/** What is wrong with the header, a row or a cell. */
export type CellFaultCode =
  | 'unknown-header'
  | 'repeated-header'
  | 'missing-header'
  | 'no-header'
  | 'empty'
  | 'no-place'
  | 'formula-error'
  | 'no-command'
  | 'no-amount'
  | 'ambiguous-amount'
  | 'too-many-decimals'
  | 'signed-amount'
  | 'zero-amount'
  | 'amount-too-large'
  | 'imprecise-number'
  | 'no-date'
  | 'ambiguous-date'
  | 'no-such-day'
  | 'no-year'
  | 'no-code'
  | 'no-id'
  | 'other-authority'
  | 'malformed';

/** One fault. */
export type SheetFault = {
  code: FileFaultCode | CellFaultCode;
  /** The row's number as a spreadsheet shows it, the header included; absent if the fault is the whole file's. */
  row?: number;
  /** The column by its name in English; absent if its header is unknown or blank. */
  column?: string;
  /** The cell's address in a spreadsheet, such as `D12`. */
  cell?: string;
  /** The value found; blank for an empty cell. */
  found: string;
  /** What would be right: a value, or values separated by commas; blank if the only cure is to remove what was found. */
  right: string;
};

/** A fault without its location. */
export type Wrong = Pick<SheetFault, 'code' | 'found' | 'right'>;

/** The file can't be read as a table. */
export class UnreadableSheet extends Error {
  override readonly name = 'UnreadableSheet';
  constructor(readonly fault: SheetFault) {
    super(faultInWords(fault));
  }
}

/** An error for a whole file. */
export function unreadable(code: FileFaultCode, found: string, right: string): UnreadableSheet {
  return new UnreadableSheet({ code, found, right });
}

/** @throws {UnreadableSheet} a cell is longer than any text of a command, and reading it would only take time */
export function checkLength(cell: string): void {
  if (cell.length > limits.cell) throw unreadable('too-long-cell', String(cell.length), String(limits.cell));
}

type Sentence = (found: string, right: string) => string;
const write = (what: string): Sentence => {
  return (found, right) => `${found} ${what}; write ${right}`;
};

const sentences: Readonly<Record<SheetFault['code'], Sentence>> = {
  'file-too-large': (found, right) => `the file has ${found} bytes, and at most ${right} are read; send it in parts`,
  'file-empty': (_, right) => `the file has no rows; begin with a header such as ${right}`,
  'not-text': (found, right) => `the file is neither text nor a workbook: ${found}; save it as ${right}`,
  'not-in-encoding': (found, right) => `the file is not in ${found}; name another encoding: ${right}`,
  'not-csv': (found, right) => `the file can’t be read as CSV: ${found}; ${right}`,
  'not-a-workbook': (found, right) => `the workbook can’t be read: ${found}; save it as ${right}`,
  'too-large-inside': (found, right) => `the workbook unpacks to ${found} bytes, and at most ${right} are read; send it in parts`,
  'unknown-sheet': (found, right) => `there is no sheet ${found}; there are ${right}`,
  'too-many-rows': (_, right) => `the sheet has more than ${right} rows; send it in parts`,
  'too-many-columns': (_, right) => `the sheet has more than ${right} columns; remove those that the template does not have`,
  'too-long-cell': (found, right) => `a cell has ${found} characters, and at most ${right} are read; shorten it`,
  'unknown-header': (found, right) => `${found} is no column; there are ${right}`,
  'repeated-header': (found) => `${found} is there twice; keep one`,
  'missing-header': (_, right) => `there is no column ${right}; add it`,
  'no-header': (found) => `${found} is in a column without a header; name the column or remove the value`,
  empty: (_, right) => `the cell is empty; write ${right}`,
  'no-place': (found, right) => `${found} has no place in ${right}; leave the cell empty`,
  'formula-error': (found) => `the formula gives ${found}; correct the formula or write the value`,
  'no-command': write('is no command'),
  'no-amount': write('is no amount'),
  'ambiguous-amount': write('can be read in two ways'),
  'too-many-decimals': write('has more decimals than the currency'),
  'signed-amount': write('has a sign, and the command says which way the money goes'),
  'zero-amount': write('moves nothing'),
  'amount-too-large': write('has more than 18 digits'),
  'imprecise-number': write('has more digits than a number cell keeps, so format the cell as text'),
  'no-date': write('is no date'),
  'ambiguous-date': write('can be read in two ways'),
  'no-such-day': write('is no day of the calendar'),
  'no-year': write('is no fiscal year'),
  'no-code': write('is no code of small letters, digits and hyphens'),
  'no-id': write('is no id of letters, digits, dots, underscores and hyphens'),
  'other-authority': write('is another authority than the one that sends this sheet'),
  malformed: write('can’t be taken'),
};

/** One fault in one line of English: `row 12, amount (D12): “1.234,5x” is no amount; write 1234.50`. */
export function faultInWords({ code, row, column, cell, found, right }: SheetFault): string {
  const where = [...(row === undefined ? [] : [`row ${row}`]), ...(column === undefined ? [] : [column])].join(', ');
  const sentence = sentences[code](code.startsWith('file-') || code.startsWith('too-l') ? found : quoted(found), right);
  return where === '' ? sentence : `${where}${cell === undefined ? '' : ` (${cell})`}: ${sentence}`;
}

/** A text from a sheet, quoted and shortened for a message. Characters that move a terminal's cursor or turn its text around become `�`. */
export function quoted(text: string): string {
  const shown = text.slice(0, 60).replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
  return text.length <= 60 ? `“${shown}”` : `“${shown}…” (${text.length} characters)`;
}
