/** Reads a row of a table: its command, its values, and every fault of its cells. */
import type { SheetFault, Wrong } from './fault.js';
import type { Column, Header } from './headers.js';
import { rowKinds, rowWordOf, type RowKind } from './row-commands.js';
import { examples, readInto, valueOf, type Reading, type ValueName, type Values } from './row-values.js';
import { addressOf, type Cell, type TableRow } from './table.js';

export type ReadRow = {
  row: number;
  /** Absent if the row names no command. */
  kind?: RowKind;
  values: Partial<Values>;
  faults: SheetFault[];
  /** A fault of this row in the column of a value. */
  at: (name: ValueName | 'command', wrong: Omit<Wrong, 'found'>) => SheetFault;
};

/** @param ownAuthority the authority that sends the sheet, if one authority does: rows need not name it, and may name no other */
export function readRow({ row, cells }: TableRow, header: Header, reading: Reading, ownAuthority?: string): ReadRow {
  const faults: SheetFault[] = [];
  const values: Partial<Values> = {};
  const placed = cells.flatMap((cell, index) =>
    cell ? [{ cell, column: header.columns[index], address: addressOf(row, index + 1) }] : [],
  );
  const at: ReadRow['at'] = (name, wrong) => {
    const index = header.columns.findIndex((column) => column !== undefined && nameOf(column) === name);
    return { ...wrong, row, column: name, found: cells[index]?.text ?? '', ...(index >= 0 && { cell: addressOf(row, index + 1) }) };
  };
  const command = placed.find(({ column }) => column === 'command')?.cell;
  const word = command && rowWordOf(command.text);
  if (!word) faults.push(at('command', { code: command ? 'no-command' : 'empty', right: examples.command }));
  const kind = word && rowKinds[word];
  for (const { cell, column, address } of placed) {
    if (column === 'command') continue;
    const wrong = column === undefined ? noHeader(cell) : readPlaced(values, column, cell, reading, kind, command?.text);
    if (wrong) faults.push({ ...wrong, row, ...(column !== undefined && { column }), cell: address });
  }
  if (kind) faults.push(...ownAuthorityFaults(values, kind, at, ownAuthority), ...missing(values, kind, faults, at));
  return { row, ...(kind && { kind }), values, faults, at };
}

const nameOf = (column: Column) => (column === 'command' ? column : valueOf(column));
const noHeader = ({ text }: Cell): Wrong => ({ code: 'no-header', found: text, right: '' });

function readPlaced(
  values: Partial<Values>,
  column: Exclude<Column, 'command'>,
  cell: Cell,
  reading: Reading,
  kind: RowKind | undefined,
  command = '',
): Wrong | undefined {
  const name = valueOf(column);
  if (kind && !kind.needs.includes(name) && !kind.takes.includes(name)) return { code: 'no-place', found: cell.text, right: command };
  return readInto(values, column, cell, reading);
}

function ownAuthorityFaults(values: Partial<Values>, { side }: RowKind, at: ReadRow['at'], own: string | undefined): SheetFault[] {
  if (own === undefined || side !== 'authority') return [];
  if (values.authority !== undefined && values.authority !== own) return [at('authority', { code: 'other-authority', right: own })];
  values.authority = own;
  return [];
}

/** Faults for needed values that are blank; a cell that could not be read has its fault already. */
function missing(values: Partial<Values>, { needs }: RowKind, faults: readonly SheetFault[], at: ReadRow['at']): SheetFault[] {
  return needs
    .filter((name) => values[name] === undefined && !faults.some(({ column }) => column === name))
    .map((name) => at(name, { code: 'empty', right: examples[name] }));
}
