import type { Cell } from './table.js';

/** The digits of a number that a spreadsheet shows and keeps. */
export const digitsKept = 15;

const shown = new Intl.NumberFormat('en', { useGrouping: false, maximumSignificantDigits: digitsKept });

/**
 * The cell of a number. Workbooks hold binary fractions, such as 1234.0999999999999 for 1234.1; the text has the 15 digits that a spreadsheet shows, without an
 * exponent.
 */
export function decimalCell(value: number): Cell {
  const text = shown.format(value);
  return { kind: 'number', text, exact: Number(text) === value };
}
