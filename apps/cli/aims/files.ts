/** Reads the two files of an aid management platform's release, with any further columns, into rows with their line numbers. */
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from './fault.js';
import { ReleaseRefused } from './target.js';
import { trusted } from '../../../libs/trusted/trusted.js';

/** The columns read from each file; those with a question mark may be missing. */
const columns = {
  'projects.csv': ['project_id', 'project_title?', 'start_actual_isodate', 'status', 'donors', 'total_commitments', 'total_disbursements'],
  'transactions.csv': [
    'transaction_id',
    'project_id',
    'transaction_year',
    'transaction_value_code',
    'transaction_currency?',
    'transaction_value',
  ],
} as const;
export type FileName = keyof typeof columns;

/** One row as published. */
export type Row = {
  file: FileName;
  /** The line that it begins on. */
  line: number;
  /** A cell's text, trimmed; blank if the column is missing or the text can't be read. */
  cell: (column: string) => string;
  /** Why the row can't be read: bytes that are not UTF-8, too few or too many cells. */
  faults: Fault[];
};

export type Release = {
  projects: Row[];
  transactions: Row[];
  /** SHA-256 of the two files' bytes, hex. */
  sha256: string;
};

/** @throws {ReleaseRefused} a file is missing, lacks a column or is not CSV */
export async function readRelease(folder: string): Promise<Release> {
  const [projects, transactions] = await Promise.all([readBytes(folder, 'projects.csv'), readBytes(folder, 'transactions.csv')]);
  const digest = createHash('sha256');
  for (const bytes of [projects, transactions]) digest.update(createHash('sha256').update(bytes).digest());
  return {
    projects: rowsOf(folder, 'projects.csv', projects),
    transactions: rowsOf(folder, 'transactions.csv', transactions),
    sha256: digest.digest('hex'),
  };
}

async function readBytes(folder: string, file: FileName): Promise<Buffer> {
  try {
    return await readFile(join(folder, file));
  } catch (error) {
    const missing = Error.isError(error) && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    if (!missing) throw error;
    throw new ReleaseRefused(`there is no file ${join(folder, file)}; name the folder that holds projects.csv and transactions.csv`);
  }
}

type ParsedRow = { record: string[]; raw: string; info: { lines: number } };

/** Rows of a file, UTF-8 with or without a byte order mark, with quoted cells and any line ends. */
function rowsOf(folder: string, file: FileName, bytes: Buffer): Row[] {
  const path = join(folder, file);
  const [head, ...rows] = parsed(path, withoutMark(bytes));
  const known = columns[file].map((column) => column.replace('?', ''));
  const required = columns[file].filter((column) => !column.endsWith('?'));
  const header = head?.record.map((cell) => cell.trim()) ?? [];
  const missing = required.filter((column) => !header.includes(column));
  if (!head) throw new ReleaseRefused(`${path} is empty; it needs a header with ${required.join(', ')} at least`);
  if (missing.length > 0)
    throw new ReleaseRefused(
      `${path} has no column ${missing.join(', ')}; it needs a header in UTF-8 with ${required.join(', ')} at least`,
    );
  return rows.map((row) => rowOf(file, known, header, row));
}

/** Quoting, commas and line ends are ASCII, so the bytes are parsed one by one and each cell is decoded on its own. */
function parsed(path: string, bytes: Buffer): ParsedRow[] {
  try {
    const options = { encoding: 'latin1', info: true, raw: true, skip_empty_lines: true, relax_column_count: true } as const;
    const rows: unknown[] = parse(bytes, options);
    // With `info` and `raw` every row has this shape; the types of csv-parse do not express that.
    return trusted<ParsedRow[]>(rows);
  } catch (error) {
    if (error instanceof CsvError) throw new ReleaseRefused(`${path} can't be read as CSV: ${error.message}`);
    throw error;
  }
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf)) ? bytes.subarray(3) : bytes;
}

function rowOf(file: FileName, known: readonly string[], header: readonly string[], { record, raw, info }: ParsedRow): Row {
  const line = info.lines - [...raw.trim().matchAll(/\r\n|\n|\r/g)].length;
  const cells = new Map<string, string>();
  const faults: Fault[] = [];
  if (record.length !== header.length)
    faults.push({ file, line, found: `${record.length} cells`, right: `${header.length}, as many as the header has` });
  for (const column of known) {
    const published = Buffer.from(record[header.indexOf(column)] ?? '', 'latin1');
    const text = decoded(published);
    cells.set(column, text?.trim() ?? '');
    if (text === undefined) faults.push({ file, line, column, found: notUtf8(published), right: 'text in UTF-8; convert the whole file' });
  }
  return { file, line, cell: (column) => cells.get(column) ?? '', faults };
}

const strict = new TextDecoder('utf-8', { fatal: true });
function decoded(bytes: Buffer): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

function notUtf8(bytes: Buffer): string {
  const guess = quotedLatin1(bytes.toString('latin1').trim());
  return `bytes that are not UTF-8 (as Latin-1 they would read ${guess})`;
}
function quotedLatin1(text: string): string {
  return `“${text.length <= 60 ? text : `${text.slice(0, 60)}…`}”`;
}
