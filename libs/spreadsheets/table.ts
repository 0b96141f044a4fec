/** A table as read from any kind of file: rows of cells with their addresses. */

/** A cell that is not blank. */
export type Cell =
  | { kind: 'text' | 'boolean' | 'error'; text: string }
  /** A number as a spreadsheet shows it, in plain decimals. `exact` is false if the file holds more than the 15 digits that are shown. */
  | { kind: 'number'; text: string; exact: boolean }
  /** A day; the text is `2024-03-07`. */
  | { kind: 'date'; text: string };

/** A row that is not blank. */
export type TableRow = {
  /** The row's number as a spreadsheet shows it, from 1. */
  row: number;
  /** From column A on; blank cells are `undefined`. */
  cells: readonly (Cell | undefined)[];
};

export type Separator = ',' | ';' | '\t';
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1251'] as const;
export type Encoding = (typeof encodings)[number];

/** How a file was read. */
export type TableSource =
  | {
      format: 'csv';
      separator: Separator;
      encoding: Encoding;
      /** Whether the encoding was named, marked at the file's beginning, or found from its bytes. */
      encodingBy: 'name' | 'mark' | 'bytes';
    }
  | { format: 'xlsx'; sheet: string; sheets: readonly string[] };

export type Table = {
  source: TableSource;
  /** Whether serial numbers of days count from 1904, as old workbooks of the Macintosh do. */
  daysFrom1904: boolean;
  /** In their order; the first is the header. */
  rows: readonly TableRow[];
};

/** The most that one file may hold. */
export const limits = {
  /** Bytes of the file. */
  bytes: 10 * 1024 * 1024,
  /** Bytes of a workbook's parts, unpacked. */
  bytesInside: 24 * 1024 * 1024,
  /** Rows below the header: those of one batch. */
  rows: 10_000,
  columns: 100,
  /** Characters of a cell; the longest text of a command has 2,000. */
  cell: 5_000,
  /** Parts of a workbook. */
  parts: 1_000,
} as const;

/** The letters of a column: 1 is `A`, 27 is `AA`. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}

/** A cell's address: column 4 of row 12 is `D12`. */
export function addressOf(row: number, column: number): string {
  return `${columnLetters(column)}${row}`;
}
