/** The template: every column, and one row for each command that shows how to fill it in. */
import { stringify } from 'csv-stringify/sync';
import { columns, type Column } from './headers.js';

type TemplateRow = Partial<Record<Column, string | number | Date>>;

const day = (text: string) => new Date(`${text}T00:00:00Z`);

/** One row for each command, in the order in which the ledger would accept them. Amounts are for a currency with two decimals. */
export const templateRows: readonly TemplateRow[] = [
  {
    ...{ command: 'appropriate', date: day('2024-01-10'), amount: 600_000_000, fiscalYear: 2024 },
    legalBasis: 'Budget law 2024, article 12',
  },
  {
    ...{ command: 'propose', initiative: 'e-notary', date: day('2024-02-01'), amount: 800_000 },
    ...{ 'title.ky': 'Электрондук нотариус', 'title.ru': 'Электронный нотариат', 'title.en': 'E-notary' },
    ...{ authority: 'ministry-of-justice', region: 'Chuy', plannedStart: day('2024-02-15'), plannedEnd: day('2024-11-30') },
  },
  { command: 'fund', initiative: 'e-notary', date: day('2024-02-12'), amount: 800_000, id: 'F-1', fiscalYear: 2024 },
  {
    ...{ command: 'spend', initiative: 'e-notary', date: day('2024-03-07'), amount: 1_234.5, id: 'T-19' },
    ...{ payee: 'Notary Systems', description: 'Licences' },
  },
  { command: 'reverse', initiative: 'e-notary', date: day('2024-03-11'), amount: 234.5, id: 'R-1', of: 'T-19', reason: 'Paid twice' },
  {
    ...{ command: 'return', initiative: 'e-notary', date: day('2024-12-20'), amount: 5_000, id: 'U-1', fiscalYear: 2024 },
    reason: 'Not needed this year',
  },
];

const isAmount = (column: Column) => column === 'amount';

/** The template as CSV: UTF-8 with a byte order mark, without which Excel would take it for another encoding. */
export function templateCsv(): string {
  const text = (row: TemplateRow, column: Column) => {
    const value = row[column];
    if (value instanceof Date) return value.toISOString().slice(0, 10);
    return typeof value === 'number' && isAmount(column) ? value.toFixed(2) : value;
  };
  return stringify(
    templateRows.map((row) => columns.map((column) => text(row, column))),
    { header: true, columns: [...columns], bom: true },
  );
}

/** The template as an XLSX workbook, with dates as dates and amounts as numbers. */
export async function templateXlsx(): Promise<Uint8Array> {
  const { writeXlsx } = await import('hucre/xlsx');
  return writeXlsx({
    sheets: [
      {
        name: 'Commands',
        columns: columns.map((column) => ({
          header: column,
          key: column,
          width: Math.max(12, column.length + 2),
          ...(isAmount(column) && { numFmt: '#,##0.00' }),
        })),
        data: templateRows.map((row) => ({ ...row })),
        freezePane: { rows: 1 },
      },
    ],
  });
}
