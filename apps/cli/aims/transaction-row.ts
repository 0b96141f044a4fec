/** Reads one row of `transactions.csv` into a movement of money. */
import type { Money } from '../../../libs/domain/vocabulary.js';
import { isFiscalYear } from '../../../libs/http/fields.js';
import { parseDecimal, toMinorUnits } from './decimal.js';
import { faultAt, quoted, type Fault } from './fault.js';
import type { Row } from './files.js';
import { digest, movementId } from './names.js';
import type { PlanOptions } from './plan.js';
import type { Letter, Movement, TakeNote } from './published.js';

export type ReadTransaction = {
  /** Why the row can't be taken. */
  faults: Fault[];
  letter?: Letter;
  /** In the programme's currency; absent if it can't be read. */
  amount?: Money;
  /** Absent if there are faults, or if the amount is zero. */
  movement?: Movement;
};

export function letterOf(row: Row): Letter | undefined {
  const code = row.cell('transaction_value_code').toUpperCase();
  return code === 'C' || code === 'D' || code === 'E' ? code : undefined;
}

/** @param nameless the number of earlier rows without an id, by content */
export function readTransaction(
  row: Row,
  { currency, digits, today }: PlanOptions,
  note: TakeNote = () => undefined,
  nameless = new Map<string, number>(),
): ReadTransaction {
  const faults = [...row.faults];
  const wrong = (column: string, what: string, right: string) => {
    if (!faults.some((fault) => fault.column === column)) faults.push(faultAt(row, column, `${quoted(row.cell(column))} ${what}`, right));
  };
  const letter = letterOf(row);
  const year = Number(/^(\d{4})(?:\.0*)?$/.exec(row.cell('transaction_year'))?.[1]);
  const value = parseDecimal(row.cell('transaction_value'));
  const inCurrency = ['', currency].includes(row.cell('transaction_currency').toUpperCase());
  const thisYear = Number(today.slice(0, 4));
  if (!letter) wrong('transaction_value_code', 'is no kind of movement', 'C (commitment), D (disbursement) or E (expenditure)');
  if (!isFiscalYear(year)) wrong('transaction_year', 'is not a fiscal year', `four digits, 1900 to ${thisYear}`);
  else if (year > thisYear) wrong('transaction_year', `is in the future on ${today}`, `a year up to ${thisYear}`);
  if (!value) wrong('transaction_value', 'is no amount', 'a decimal number such as 1234.56');
  if (!inCurrency) wrong('transaction_currency', 'is another currency, and nothing is converted', currency);
  const read: ReadTransaction = { faults, ...(letter && { letter }) };
  if (!value || !inCurrency) return read;
  const { amount, exact } = toMinorUnits(value, digits);
  if (faults.length > 0 || !letter) return { ...read, amount };
  if (!exact) note('rounded', `line ${row.line}: ${row.cell('transaction_value')}`);
  if (amount === 0n) note('nothing-moves', `line ${row.line}: the amount is ${row.cell('transaction_value')}`);
  if (amount === 0n) return { ...read, amount };
  const published = row.cell('transaction_id');
  const id = idOf(row, nameless);
  if (id !== published) note('id-replaced', `line ${row.line}: transaction ${quoted(published)} is ${id} in the ledger`);
  return { ...read, amount, movement: { line: row.line, letter, published, id, year, amount } };
}

/** Rows without an id get one from their content and the number of earlier rows with the same content. */
function idOf(row: Row, nameless: Map<string, number>): string {
  const published = row.cell('transaction_id');
  if (published !== '') return movementId(published);
  const content = digest(
    ['project_id', 'transaction_year', 'transaction_value_code', 'transaction_value'].map((column) => row.cell(column)),
    32,
  );
  const before = nameless.get(content) ?? 0;
  nameless.set(content, before + 1);
  return `aims-${content}-${before + 1}`;
}

/** The order of a project's movements: year, commitments before spending, positive before negative, id. */
export function inOrder(one: Movement, other: Movement): number {
  return (
    one.year - other.year ||
    Number(one.letter !== 'C') - Number(other.letter !== 'C') ||
    Number(one.amount < 0n) - Number(other.amount < 0n) ||
    (one.id < other.id ? -1 : Number(one.id > other.id))
  );
}
