/** For specs: text in every encoding, workbooks, and options for a check. */
import { zipSync } from 'fflate';
import { writeXlsx } from 'hucre/xlsx';
import { faultsOf } from '../../http/batch-line.js';
import type { CheckOptions } from '../check-sheet.js';
import type { Encoding } from '../table.js';

const cyrillic = new TextDecoder('windows-1251');
/** The byte of each character of Windows-1251. */
const bytesOf1251 = new Map(Array.from({ length: 256 }, (_, byte) => [cyrillic.decode(Uint8Array.of(byte)), byte] as const));

/** Text in an encoding; `mark` is the byte order mark at its beginning. */
export function encoded(text: string, encoding: Encoding, mark = false): Uint8Array {
  const marked = (mark ? '\ufeff' : '') + text;
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(marked, 'utf8');
    case 'utf-16le':
      return Buffer.from(marked, 'utf16le');
    case 'utf-16be':
      return Buffer.from(marked, 'utf16le').swap16();
    case 'windows-1251':
      return Uint8Array.from(text, (character) => bytesOf1251.get(character) ?? 0x3f);
  }
}

type Value = string | number | boolean | Date | null;
/** A workbook with one sheet for each name. */
export function workbook(
  sheets: Readonly<Record<string, readonly (readonly Value[])[]>>,
  hidden: readonly string[] = [],
): Promise<Uint8Array> {
  return writeXlsx({
    sheets: Object.entries(sheets).map(([name, rows]) => ({ name, rows: rows.map((row) => [...row]), hidden: hidden.includes(name) })),
  });
}

const text = (part: string) => new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>${part}`);
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const documents = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A workbook with one sheet whose data are given as XML, for what no writer writes. Style 1 is a date, style 2 an amount in som. */
export function workbookOfXml(
  sheetData: string,
  { date1904 = false, end = '</sheetData></worksheet>' }: { date1904?: boolean; end?: string } = {},
): Uint8Array {
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${documents}/${type}" Target="${target}"/>`;
  const relations = (all: string) => text(`<Relationships xmlns="${packages}/relationships">${all}</Relationships>`);
  return zipSync({
    '[Content_Types].xml': text(
      `<Types xmlns="${packages}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    ),
    '_rels/.rels': relations(relation('rId1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': text(
      `<workbook xmlns="${main}" xmlns:r="${documents}"><workbookPr date1904="${date1904 ? 1 : 0}"/><sheets><sheet name="Лист1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': relations(
      relation('rId1', 'worksheet', 'worksheets/sheet1.xml') + relation('rId2', 'styles', 'styles.xml'),
    ),
    'xl/styles.xml': text(
      `<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="[$-419]dd\\.mm\\.yyyy"/><numFmt numFmtId="165" formatCode="#,##0.00\\ [$сом-440]"/></numFmts>` +
        '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>' +
        '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>',
    ),
    'xl/worksheets/sheet1.xml': text(`<worksheet xmlns="${main}"><sheetData>${sheetData}${end}`),
  });
}

/** Options for a programme in som, sent by an importer who knows the authority of `e-notary`. */
export function checkOptions(more: Partial<CheckOptions> = {}): CheckOptions {
  return {
    programme: 'digital',
    digits: 2,
    language: 'en',
    sender: {
      importer: { id: 'ledger.import', organisation: 'ledger-import' },
      finance: 'ministry-of-finance',
      authorityOf: (initiative) => (initiative === 'e-notary' ? 'ministry-of-justice' : undefined),
    },
    faultsOf,
    ...more,
  };
}
