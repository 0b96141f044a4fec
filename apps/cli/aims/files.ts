/** Reads the two files of an aid management platform's release: `projects.csv` and `transactions.csv`, of any country, with any further columns. */
import { parse, CsvError } from 'csv-parse';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** One row of `projects.csv`, as published. */
export type ProjectRow = {
  /** The line of the file it ends on, for messages. */
  line: number;
  id: string;
  title: string;
  start: string;
  status: string;
  donors: string;
  totalCommitments: string;
  totalDisbursements: string;
};

/** One row of `transactions.csv`, as published. */
export type TransactionRow = {
  line: number;
  id: string;
  projectId: string;
  year: string;
  /** C commitment, D disbursement, E expenditure. */
  code: string;
  currency: string;
  value: string;
};

/** A file can't be imported; the message names the file, and what is wrong with it. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

const projectColumns = ['project_id', 'start_actual_isodate', 'status', 'donors', 'total_commitments', 'total_disbursements'] as const;
const transactionColumns = ['transaction_id', 'project_id', 'transaction_year', 'transaction_value_code', 'transaction_value'] as const;

type Cells = { line: number; cell: (column: string) => string };

/** Reads a CSV file row by row (UTF-8 with or without a byte order mark, quoted cells, any line ends). @throws {FileError} */
async function* readRows(folder: string, file: string, required: readonly string[]): AsyncGenerator<Cells> {
  const path = join(folder, file);
  const checkHeader = (header: string[]) => {
    const columns = header.map((name) => name.trim());
    const missing = required.filter((name) => !columns.includes(name));
    if (missing.length > 0)
      throw new FileError(`${path} has no column ${missing.join(', ')}; an AIMS release has ${required.join(', ')} at least`);
    return columns;
  };
  const parser = parse({ bom: true, columns: checkHeader, info: true, skip_empty_lines: true });
  const piped = pipeline(createReadStream(path), parser);
  // Whoever reads the parser gets the error first; this only keeps it from being thrown twice.
  piped.catch(() => undefined);
  try {
    let rows = 0;
    for await (const row of parser) {
      const { record, line } = rowOf(row);
      rows++;
      yield { line, cell: (column) => record[column]?.trim() ?? '' };
    }
    if (rows === 0) await checkNotEmpty(path, required);
  } catch (error) {
    if (error instanceof CsvError) throw new FileError(`${path} is no readable CSV: ${error.message}`, { cause: error });
    if (isMissing(error))
      throw new FileError(`there is no file ${path}; name the folder that holds projects.csv and transactions.csv`, { cause: error });
    throw error;
  }
}

async function checkNotEmpty(path: string, required: readonly string[]): Promise<void> {
  for await (const chunk of createReadStream(path)) if (String(chunk).trim() !== '') return;
  throw new FileError(`${path} is empty; an AIMS release has a header with ${required.join(', ')} at least`);
}

function rowOf(row: unknown): { record: Record<string, string>; line: number } {
  if (!isRow(row)) throw new Error('the CSV parser gave something else than a row');
  return { record: row.record, line: row.info.lines };
}
function isRow(row: unknown): row is { record: Record<string, string>; info: { lines: number } } {
  return typeof row === 'object' && row !== null && 'record' in row && 'info' in row;
}
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** @throws {FileError} */
export async function* readProjects(folder: string): AsyncGenerator<ProjectRow> {
  for await (const { line, cell } of readRows(folder, 'projects.csv', projectColumns))
    yield {
      line,
      id: cell('project_id'),
      title: cell('project_title'),
      start: cell('start_actual_isodate'),
      status: cell('status'),
      donors: cell('donors'),
      totalCommitments: cell('total_commitments'),
      totalDisbursements: cell('total_disbursements'),
    };
}

/** @throws {FileError} */
export async function* readTransactions(folder: string): AsyncGenerator<TransactionRow> {
  for await (const { line, cell } of readRows(folder, 'transactions.csv', transactionColumns))
    yield {
      line,
      id: cell('transaction_id'),
      projectId: cell('project_id'),
      year: cell('transaction_year'),
      code: cell('transaction_value_code'),
      currency: cell('transaction_currency'),
      value: cell('transaction_value'),
    };
}
