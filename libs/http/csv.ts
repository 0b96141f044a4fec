import { stringify } from 'csv-stringify/sync';
import { isObject } from './fields.js';

/** What a spreadsheet would take for a formula (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r＝＋－＠]/;
const plainNumber = /^-?\d+(?:\.\d+)?$/;

/**
 * A list as CSV (RFC 4180), nested fields as columns such as `title.en`. Text that a spreadsheet would take for a formula begins with an apostrophe;
 * amounts stay amounts.
 */
export function toCsv(items: readonly object[]): string {
  const rows = items.map((item) => flatten(item));
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return stringify(rows, { header: true, columns, cast: { string: escaped, boolean: String } });
}

function escaped(text: string): string {
  return formula.test(text) && !plainNumber.test(text) ? `'${text}` : text;
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
