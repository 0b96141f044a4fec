import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { readTable, type ReadOptions } from './read-table.js';
import { encodings, limits, type Table } from './table.js';
import { encoded, workbook, workbookOfXml } from './testing/files.js';

const texts = ({ rows }: Table) => rows.map(({ row, cells }) => [row, ...cells.map((cell) => cell?.text ?? '')]);
const faultOf = async (bytes: Uint8Array, options?: ReadOptions) => {
  const error: unknown = await readTable(bytes, options).catch((thrown: unknown) => thrown);
  return error !== null && typeof error === 'object' && 'fault' in error ? error.fault : error;
};

describe('a CSV file', () => {
  const header = ['команда', 'сумма', 'получатель'];
  const content = (separator: string) =>
    [header, ['расход', '"1234,50"', '"ООО ""Нур"" ; ,"']].map((cells) => cells.join(separator)).join('\r\n') + '\r\n';
  const rows = [
    [1, ...header],
    [2, 'расход', '1234,50', 'ООО "Нур" ; ,'],
  ];

  it.each([',', ';', '\t'] as const)('has its separator %j found, in every encoding, named or found', async (separator) => {
    for (const encoding of encodings) {
      const named = await readTable(encoded(content(separator), encoding), { encoding });
      expect(texts(named)).toEqual(rows);
      expect(named.source).toEqual({ format: 'csv', separator, encoding, encodingBy: 'name' });
      const found = await readTable(encoded(content(separator), encoding));
      expect(texts(found)).toEqual(rows);
      expect(found.source).toEqual({ format: 'csv', separator, encoding, encodingBy: 'bytes' });
      if (encoding === 'windows-1251') continue;
      const marked = await readTable(encoded(content(separator), encoding, true), { encoding: 'windows-1251' });
      expect(texts(marked)).toEqual(rows);
      expect(marked.source).toEqual({ format: 'csv', separator, encoding, encodingBy: 'mark' });
    }
  });
  it('has its rows numbered as a spreadsheet numbers them: line breaks in cells make no row, blank rows do', async () => {
    const text = 'a,b\n\n"two\nlines",2\n , \n,,\n3,4\n\n\n';
    expect(texts(await readTable(encoded(text, 'utf-8')))).toEqual([
      [1, 'a', 'b'],
      [3, 'two\nlines', '2'],
      [6, '3', '4'],
    ]);
  });
  it('may say its separator in a line of its own, which is no row', async () => {
    const table = await readTable(encoded('sep=;\r\na,b;c\r\n', 'utf-8'));
    expect(texts(table)).toEqual([[1, 'a,b', 'c']]);
  });
  it('is refused in another encoding than its own, with what would be right', async () => {
    expect(await faultOf(encoded('сумма', 'windows-1251'), { encoding: 'utf-8' })).toEqual({
      code: 'not-in-encoding',
      found: 'utf-8',
      right: 'utf-16le, utf-16be, windows-1251',
    });
  });
  it('is refused if a quote is out of place, or if it is no text', async () => {
    expect(await faultOf(encoded('a,b\n1,x"y"\n', 'utf-8'))).toMatchObject({ code: 'not-csv' });
    expect(await faultOf(encoded('a,b\n1,"never closed\n', 'utf-8'))).toMatchObject({ code: 'not-csv' });
    expect(await faultOf(Uint8Array.of(0x61, 0x02, 0xff, 0x00, 0x00))).toMatchObject({ code: 'not-text' });
  });
  it('has at most 10,000 rows below its header, 100 columns and 10 MiB; blank rows do not count', async () => {
    const lines = (count: number) => encoded('a\n' + '1\n\n'.repeat(count), 'utf-8');
    expect((await readTable(lines(limits.rows))).rows).toHaveLength(limits.rows + 1);
    expect(await faultOf(lines(limits.rows + 1))).toMatchObject({ code: 'too-many-rows', right: '10000' });
    expect(await faultOf(encoded('a,'.repeat(100) + 'a', 'utf-8'))).toMatchObject({ code: 'too-many-columns', right: '100' });
    expect((await readTable(encoded('a' + ','.repeat(300), 'utf-8'))).rows).toHaveLength(1);
    expect(await faultOf(new Uint8Array(limits.bytes + 1))).toMatchObject({ code: 'file-too-large' });
  });
  it.each(['', '\n\n', '\ufeff', ' , \n ,'])('is refused if it is as empty as %j', async (text) => {
    expect(await faultOf(encoded(text, 'utf-8'))).toMatchObject({ code: 'file-empty' });
  });
});

const changed = (bytes: Uint8Array, from: string, to: string) => {
  const copy = Buffer.from(bytes);
  copy.write(to, copy.indexOf(from));
  return copy;
};

describe('an XLSX workbook', () => {
  it('has texts, numbers, dates and truth values at their addresses', async () => {
    const table = await readTable(
      await workbook({
        Rows: [
          ['a', 'b', 'c', 'd'],
          [null, null, null, null],
          ['  x ', 1234.1, new Date('2024-03-07T00:00:00Z'), true],
        ],
      }),
    );
    expect(table).toEqual({
      source: { format: 'xlsx', sheet: 'Rows', sheets: ['Rows'] },
      daysFrom1904: false,
      rows: [
        { row: 1, cells: ['a', 'b', 'c', 'd'].map((text) => ({ kind: 'text', text })) },
        {
          row: 3,
          cells: [
            { kind: 'text', text: 'x' },
            { kind: 'number', text: '1234.1', exact: true },
            { kind: 'date', text: '2024-03-07' },
            { kind: 'boolean', text: 'TRUE' },
          ],
        },
      ],
    });
  });
  it('has formulas with the values they were saved with, numbers as they are shown, and errors as errors', async () => {
    const { rows } = await readTable(
      workbookOfXml(
        '<row r="2"><c r="B2"><f>0.1+0.2</f><v>0.30000000000000004</v></c><c r="C2" s="2"><v>45358</v></c><c r="D2" s="1"><v>45358.5</v></c>' +
          '<c r="E2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="F2" t="str"><f>"a"</f><v>a</v></c><c r="G2" t="inlineStr"><is><t>in</t></is></c></row>',
      ),
    );
    expect(rows).toEqual([
      {
        row: 2,
        cells: [
          undefined,
          { kind: 'number', text: '0.3', exact: false },
          { kind: 'number', text: '45358', exact: true },
          { kind: 'date', text: '2024-03-07' },
          { kind: 'error', text: '#DIV/0!' },
          { kind: 'text', text: 'a' },
          { kind: 'text', text: 'in' },
        ],
      },
    ]);
  });
  it('has no rows and columns that hold only formats, as far as its last row and column', async () => {
    const formats = Array.from({ length: 50_000 }, (_, index) => `<row r="${index + 2}"><c r="XFD${index + 2}" s="1"/></row>`).join('');
    const { rows } = await readTable(workbookOfXml(`<row r="1"><c r="A1"><v>1</v></c></row>${formats}`));
    expect(rows).toHaveLength(1);
  });
  it('says that its days count from 1904', async () => {
    expect(await readTable(workbookOfXml('<row r="1"><c r="A1" s="1"><v>43896</v></c></row>', { date1904: true }))).toMatchObject({
      daysFrom1904: true,
      rows: [{ cells: [{ kind: 'date', text: '2024-03-07' }] }],
    });
  });
  it('is read from its first sheet that is shown, or from the one that is named', async () => {
    const bytes = await workbook({ Lists: [['x']], Payments: [['y']], Old: [['z']] }, ['Lists']);
    expect(await readTable(bytes)).toMatchObject({ source: { sheet: 'Payments', sheets: ['Lists', 'Payments', 'Old'] } });
    expect(texts(await readTable(bytes, { sheet: 'Old' }))).toEqual([[1, 'z']]);
    expect(await faultOf(bytes, { sheet: 'New' })).toEqual({ code: 'unknown-sheet', found: 'New', right: '“Lists”, “Payments”, “Old”' });
  });
  it('has at most 10,000 rows below its header and 100 columns', async () => {
    const rows = (count: number) => workbook({ Rows: Array.from({ length: count }, () => ['x']) });
    expect((await readTable(await rows(limits.rows + 1))).rows).toHaveLength(limits.rows + 1);
    expect(await faultOf(await rows(limits.rows + 2))).toMatchObject({ code: 'too-many-rows' });
    expect(await faultOf(await workbook({ Rows: [Array.from({ length: 101 }, () => 'x')] }))).toMatchObject({ code: 'too-many-columns' });
  });
  it('is refused at its first row that is too wide, however many there are', async () => {
    for (const column of ['CW', 'XFD']) {
      const wide = Array.from({ length: 50_000 }, (_, index) => `<row r="${index + 1}"><c r="${column}${index + 1}"><v>1</v></c></row>`);
      expect(await faultOf(workbookOfXml(wide.join('')))).toMatchObject({ code: 'too-many-columns', right: '100' });
    }
  });
  it('has no entities that it declares itself: none is fetched, and none grows', async () => {
    const plain = unzipSync(workbookOfXml('<row r="1"><c r="A1" t="inlineStr"><is><t>a&near;b&far;</t></is></c></row>'));
    const sheet = 'xl/worksheets/sheet1.xml';
    const declared = '<!DOCTYPE worksheet [<!ENTITY near "grown"><!ENTITY far SYSTEM "file:package.json">]><worksheet';
    const xml = strFromU8(plain[sheet] ?? new Uint8Array()).replace('<worksheet', () => declared);
    expect(xml).toContain('<!ENTITY far SYSTEM');
    expect(texts(await readTable(zipSync({ ...plain, [sheet]: strToU8(xml) })))).toEqual([[1, 'a&near;b&far;']]);
  });
  it('is refused as a bomb by the sizes that it declares, before it is unpacked', async () => {
    const bomb = zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(limits.bytesInside + 1) }, { level: 1 });
    expect(bomb.byteLength).toBeLessThan(limits.bytes);
    expect(await faultOf(bomb)).toMatchObject({ code: 'too-large-inside' });
  });
  it('is refused if a part that is stored declares another size than it has', async () => {
    const lying = Buffer.from(zipSync({ 'xl/workbook.xml': new Uint8Array(1_000) }, { level: 0 }));
    lying.writeUInt32LE(0, lying.indexOf('PK\u0001\u0002') + 24);
    expect(await faultOf(lying)).toMatchObject({ code: 'not-a-workbook', found: 'xl/workbook.xml is damaged' });
  });
  it('is refused if its parts share their bytes, so that a small archive would unpack to a large one', async () => {
    const one = Buffer.from(zipSync({ 'xl/workbook.xml': randomBytes(1_000) }, { level: 0 }));
    const [directory, end] = [one.indexOf('PK\u0001\u0002'), one.lastIndexOf('PK\u0005\u0006')];
    const entry = one.subarray(directory, end);
    const tail = Buffer.from(one.subarray(end));
    tail.writeUInt16LE(50, 8);
    tail.writeUInt32LE(50 * entry.length, 12);
    const shared = Buffer.concat([one.subarray(0, directory), ...Array.from({ length: 50 }, () => entry), tail]);
    expect(await faultOf(shared)).toMatchObject({ code: 'not-a-workbook', found: 'xl/workbook.xml is damaged' });
  });
  it('has no cell that is longer than any text of a command', async () => {
    expect(await faultOf(await workbook({ Rows: [['x'.repeat(limits.cell + 1)]] }))).toMatchObject({
      code: 'too-long-cell',
      found: '5001',
    });
    expect(await faultOf(strToU8(`a;${'x'.repeat(limits.cell + 1)}`))).toMatchObject({ code: 'too-long-cell', right: '5000' });
    expect(texts(await readTable(strToU8(`a;${'x'.repeat(limits.cell)}`)))).toEqual([[1, 'a', 'x'.repeat(limits.cell)]]);
  });
  it('is not unpacked beyond the size that it declares', async () => {
    const lying = Buffer.from(zipSync({ 'xl/workbook.xml': new Uint8Array(1_000_000) }));
    for (const at of [lying.indexOf('PK\u0001\u0002') + 24, 22]) lying.writeUInt32LE(100, at);
    expect(await faultOf(lying)).toMatchObject({ code: 'not-a-workbook' });
  });
  it.each([
    ['an archive of something else', zipSync({ 'a.txt': strToU8('a') })],
    [
      'a workbook with a digit changed',
      changed(zipSync(unzipSync(workbookOfXml('<row r="1"><c r="A1"><v>1234</v></c></row>')), { level: 0 }), '1234', '9234'),
    ],
    ['a workbook that is cut off', workbookOfXml('<row r="1"><c r="A1"><v>1</v></c></row>').subarray(0, 900)],
    ['a sheet that is cut off', workbookOfXml('<row r="1"><c r="A1"><v>1</v></c></row>', { end: '' })],
    ['a row without a number', workbookOfXml('<row r="x"><c r="A1"><v>1</v></c></row>')],
    ['an old workbook, or one with a password', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)],
  ])('is refused if it is %s', async (_, bytes) => {
    expect(await faultOf(bytes)).toMatchObject({ code: 'not-a-workbook' });
  });
});
