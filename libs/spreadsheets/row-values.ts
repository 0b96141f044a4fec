/** Reads the cells of a row, each by the rule of its column. */
import { codePattern, idPattern, type FiscalYear, type IsoDate, type Money, type Texts } from '../domain/vocabulary.js';
import type { Wrong } from './fault.js';
import type { Column } from './headers.js';
import { readAmount } from './read-amount.js';
import { readDay } from './read-day.js';
import type { Cell } from './table.js';

/** What a row says, by column. The titles of all languages are one value. */
export type Values = {
  initiative: string;
  date: IsoDate;
  amount: Money;
  id: string;
  fiscalYear: FiscalYear;
  payee: string;
  description: string;
  title: Texts;
  authority: string;
  region: string;
  plannedStart: IsoDate;
  plannedEnd: IsoDate;
  reason: string;
  legalBasis: string;
  of: string;
};
export type ValueName = keyof Values;

/** What reading a cell depends on. */
export type Reading = {
  /** Decimals of the programme's currency. */
  digits: number;
  daysFrom1904: boolean;
  /** The language tag of a title whose header names none. */
  language: string;
};

type Reader<T> = (cell: Cell, reading: Reading) => { value: T } | Wrong;

/** A number cell keeps 15 digits, so a longer number in it is another one than was typed. */
function asTyped(cell: Cell): Wrong | undefined {
  if (cell.kind !== 'number' || cell.exact) return undefined;
  return { code: 'imprecise-number', found: cell.text, right: cell.text };
}
const text: Reader<string> = (cell) => asTyped(cell) ?? { value: cell.text };
const day: Reader<IsoDate> = (cell, { daysFrom1904 }) => readDay(cell, daysFrom1904);
const code: Reader<string> = ({ text: found }) => {
  if (codePattern.test(found)) return { value: found };
  const near = found
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|(?<!-)-+$/g, '');
  return { code: 'no-code', found, right: codePattern.test(near) ? near : 'e-notary' };
};
const id: Reader<string> = (cell) => {
  const { text: found } = cell;
  const imprecise = asTyped(cell);
  if (imprecise) return imprecise;
  if (idPattern.test(found)) return { value: found };
  const near = found.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^-+|(?<!-)-+$/g, '');
  return { code: 'no-id', found, right: idPattern.test(near) ? near : 'T-19' };
};
const year: Reader<FiscalYear> = ({ text: found }) =>
  /^(19|[2-9]\d)\d{2}$/.test(found) ? { value: Number(found) } : { code: 'no-year', found, right: '2024' };

const readers: { readonly [N in Exclude<ValueName, 'title'>]: Reader<Values[N]> } = {
  initiative: code,
  date: day,
  amount: (cell, { digits }) => readAmount(cell, digits),
  id,
  fiscalYear: year,
  payee: text,
  description: text,
  authority: code,
  region: text,
  plannedStart: day,
  plannedEnd: day,
  reason: text,
  legalBasis: text,
  of: id,
};

/** Examples for cells that must not be blank. */
export const examples: Readonly<Record<ValueName | 'command', string>> = {
  command: 'propose, fund, spend, reverse, return, appropriate',
  initiative: 'e-notary',
  date: '2024-03-07',
  amount: '1234.50',
  id: 'T-19',
  fiscalYear: '2024',
  payee: 'Notary Systems',
  description: 'Licences',
  title: 'E-notary',
  authority: 'ministry-of-justice',
  region: 'Chuy',
  plannedStart: '2024-02-01',
  plannedEnd: '2024-11-30',
  reason: 'Paid twice',
  legalBasis: 'Budget law 2024, article 12',
  of: 'T-19',
};

export function isValueName(name: string): name is ValueName {
  return name !== 'command' && Object.hasOwn(examples, name);
}

/** The value that a column is part of. */
export function valueOf(column: Exclude<Column, 'command'>): ValueName {
  return isTitle(column) ? 'title' : column;
}
function isTitle(column: Column): column is 'title' | 'title.ky' | 'title.ru' | 'title.en' {
  return column === 'title' || column.startsWith('title.');
}

/** Reads a cell into the row's values. @returns what is wrong with it, if anything is */
export function readInto(values: Partial<Values>, column: Exclude<Column, 'command'>, cell: Cell, reading: Reading): Wrong | undefined {
  if (cell.kind === 'error') return { code: 'formula-error', found: cell.text, right: examples[valueOf(column)] };
  if (isTitle(column)) {
    const language = column === 'title' ? reading.language : column.slice('title.'.length);
    values.title = { ...values.title, [language]: cell.text };
    return undefined;
  }
  return readOne(values, column, cell, reading);
}

function readOne<N extends Exclude<ValueName, 'title'>>(
  values: { [K in N]?: Values[K] },
  name: N,
  cell: Cell,
  reading: Reading,
): Wrong | undefined {
  const read: { value: Values[N] } | Wrong = readers[name](cell, reading);
  if (!('value' in read)) return read;
  values[name] = read.value;
  return undefined;
}
