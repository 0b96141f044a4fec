/** The columns of the template and the words that their headers may have, in English, Russian and Kyrgyz. */
import type { SheetFault } from './fault.js';
import { addressOf, type TableRow } from './table.js';

export const titleLanguages = ['ky', 'ru', 'en'] as const;

/** Each column with its headers; the first of each language is the one that the documentation shows. Letter case, spaces and ё make no difference. */
export const columnWords = {
  command: { en: ['command'], ru: ['команда', 'операция'], ky: ['буйрук', 'операция'] },
  initiative: { en: ['initiative'], ru: ['инициатива', 'код инициативы'], ky: ['демилге', 'демилгенин коду'] },
  date: { en: ['date', 'occurredOn'], ru: ['дата'], ky: ['күнү', 'дата'] },
  amount: { en: ['amount'], ru: ['сумма'], ky: ['сумма', 'суммасы'] },
  id: { en: ['id', 'number'], ru: ['номер', '№'], ky: ['номери', 'номер'] },
  fiscalYear: { en: ['fiscalYear', 'fiscal year', 'year'], ru: ['финансовый год', 'год'], ky: ['каржы жылы', 'жыл'] },
  payee: { en: ['payee'], ru: ['получатель'], ky: ['алуучу'] },
  description: { en: ['description'], ru: ['описание', 'назначение платежа'], ky: ['сүрөттөмө', 'төлөмдүн максаты'] },
  title: { en: ['title'], ru: ['название', 'наименование'], ky: ['аталышы', 'аты'] },
  'title.ky': { en: ['title.ky'], ru: ['название.ky', 'название на кыргызском'], ky: ['аталышы.ky', 'кыргызча аталышы'] },
  'title.ru': { en: ['title.ru'], ru: ['название.ru', 'название на русском'], ky: ['аталышы.ru', 'орусча аталышы'] },
  'title.en': { en: ['title.en'], ru: ['название.en', 'название на английском'], ky: ['аталышы.en', 'англисче аталышы'] },
  authority: { en: ['authority'], ru: ['орган', 'ведомство'], ky: ['орган', 'мекеме'] },
  region: { en: ['region'], ru: ['регион'], ky: ['аймак'] },
  plannedStart: { en: ['plannedStart', 'planned start'], ru: ['плановое начало'], ky: ['пландалган башталышы'] },
  plannedEnd: { en: ['plannedEnd', 'planned end'], ru: ['плановое окончание'], ky: ['пландалган аякташы'] },
  reason: { en: ['reason'], ru: ['причина'], ky: ['себеби', 'себеп'] },
  legalBasis: { en: ['legalBasis', 'legal basis'], ru: ['правовое основание'], ky: ['укуктук негизи', 'укуктук негиз'] },
  of: { en: ['of', 'reverses'], ru: ['отменяемый платёж'], ky: ['жокко чыгарылуучу төлөм'] },
} as const satisfies Record<string, Record<'en' | 'ru' | 'ky', readonly string[]>>;

export type Column = keyof typeof columnWords;
export const columns: readonly Column[] = Object.keys(columnWords).filter(isColumn);

/** Columns without which no row can be read. */
const needed: readonly Column[] = ['command', 'date'];

function isColumn(name: string): name is Column {
  return Object.hasOwn(columnWords, name);
}

/** A word as it is compared: headers and commands in any case, with any spaces and either spelling of ё. */
export function comparable(word: string): string {
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[\s_]+/g, ' ')
    .replace(/(?<![ :*])[ :*]+$/, '')
    .trim();
}

const columnOf: ReadonlyMap<string, Column> = new Map(
  columns.flatMap((column) =>
    Object.values<readonly string[]>(columnWords[column]).flatMap((words) => words.map((word) => [comparable(word), column] as const)),
  ),
);

export type Header = {
  /** The column at each place of a row, from A on; `undefined` if the header is blank. */
  columns: readonly (Column | undefined)[];
  /** The headers as written. */
  texts: readonly string[];
  faults: readonly SheetFault[];
};

/** Reads the header of a table, whatever its order and language. */
export function readHeader({ row, cells }: TableRow): Header {
  const faults: SheetFault[] = [];
  const found: (Column | undefined)[] = [];
  for (const [index, cell] of cells.entries()) {
    const column = cell && columnOf.get(comparable(cell.text));
    const at = { row, ...(column && { column }), cell: addressOf(row, index + 1), found: cell?.text ?? '' };
    if (cell && !column) faults.push({ code: 'unknown-header', ...at, right: columns.join(', ') });
    if (cell && column && found.includes(column)) faults.push({ code: 'repeated-header', ...at, right: '' });
    found.push(column);
  }
  for (const column of needed) if (!found.includes(column)) faults.push({ code: 'missing-header', row, column, found: '', right: column });
  return { columns: found, texts: cells.map((cell) => cell?.text ?? ''), faults };
}
