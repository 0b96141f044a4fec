import { stringify } from 'csv-stringify/sync';
import { isObject } from './is-object.js';

/**
 * The places where a spreadsheet may find a formula (OWASP, CSV injection): at the beginning of a text and, for spreadsheets that take `;` or tabs for
 * separators, after `;`, a tab or a line break. Leading white space, byte order marks and zero-width characters are ignored.
 */
const formula = /(^|[;\t\r\n])(?=[\s\u200b-\u200d\u2060\ufeff]*[=+\-@＝＋－＠])|^(?=[\t\r])/g;
const plainNumber = /^-?\d+(?:\.\d+)?$/;

/**
 * Rows as CSV (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe in front; plain numbers stay as they are.
 * @param bom whether to begin with a byte order mark
 */
export function csvOf(columns: readonly string[], rows: readonly (readonly unknown[])[], bom = false): string {
  const cast = { string: escaped, boolean: String };
  return stringify([...rows], { header: true, columns: [...columns], bom, quoted_match: /;/, cast });
}

/** Items as CSV with the columns that they happen to have; nested fields become columns such as `title.en`. */
export function toCsv(items: readonly object[]): string {
  const rows = items.map((item) => flatten(item));
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return csvOf(
    columns,
    rows.map((row) => columns.map((column) => row[column])),
  );
}

function escaped(text: string): string {
  return plainNumber.test(text) ? text : text.replace(formula, "$1'");
}

function flatten(item: object, prefix = ''): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(item)) {
    const field: unknown = value;
    if (Array.isArray(field)) row[prefix + name] = JSON.stringify(field);
    else if (isObject(field)) Object.assign(row, flatten(field, `${prefix}${name}.`));
    else row[prefix + name] = field;
  }
  return row;
}
