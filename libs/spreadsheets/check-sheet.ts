/** Checks a spreadsheet before anything is sent: the file, its header, every row and every cell. */
import { UnreadableSheet, type SheetFault } from './fault.js';
import { planRows, type PlannedCommand, type PlanOptions } from './plan-rows.js';
import { readTable, type ReadOptions } from './read-table.js';
import type { Table, TableSource } from './table.js';

export type CheckOptions = PlanOptions & ReadOptions;

/** A sheet as checked. */
export type CheckedSheet = {
  /** How the file was read; absent if it could not be. */
  source?: TableSource;
  /** The headers as written. */
  header: readonly string[];
  /** Every row below the header that is not blank, as text, with its number in the spreadsheet. */
  rows: readonly { row: number; texts: readonly string[] }[];
  /** Every fault, in the order of rows. Nothing should be sent while there are any. */
  faults: readonly SheetFault[];
  /** The commands of the rows without a fault, in their order. */
  commands: readonly PlannedCommand[];
};

/**
 * Reads a CSV file or an XLSX workbook and makes a command of every row. A dry run of all commands tells whether the ledger would accept them.
 * It never throws for what a file holds.
 */
export async function checkSheet(bytes: Uint8Array, options: CheckOptions): Promise<CheckedSheet> {
  const table = await readable(bytes, options);
  if ('fault' in table) return { header: [], rows: [], faults: [table.fault], commands: [] };
  const [header, ...rows] = table.rows.map(({ row, cells }) => ({ row, texts: Array.from(cells, (cell) => cell?.text ?? '') }));
  return { source: table.source, header: header?.texts ?? [], rows, ...planRows(table, options) };
}

async function readable(bytes: Uint8Array, options: ReadOptions): Promise<Table | { fault: SheetFault }> {
  try {
    return await readTable(bytes, options);
  } catch (error) {
    if (error instanceof UnreadableSheet) return { fault: error.fault };
    throw error;
  }
}
