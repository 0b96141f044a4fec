import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Command } from '../domain/commands.js';
import { checkSheet, type CheckOptions } from './check-sheet.js';
import { faultInWords } from './fault.js';
import { columns, columnWords } from './headers.js';
import { commandWords } from './row-commands.js';
import { templateCsv, templateXlsx } from './template.js';
import { checkOptions, encoded, workbook, workbookOfXml } from './testing/files.js';

const check = (text: string, more: Partial<CheckOptions> = {}) => checkSheet(encoded(text, 'utf-8'), checkOptions(more));
const faults = async (text: string, more: Partial<CheckOptions> = {}) => (await check(text, more)).faults.map(faultInWords);
const commands = async (text: string, more: Partial<CheckOptions> = {}) => {
  const checked = await check(text, more);
  expect(checked.faults).toEqual([]);
  return checked.commands.map(({ command }) => command);
};
const contents = (all: readonly Command[]) => all.map(({ commandId: _, ...content }) => content);
const template = async () => {
  const { faults: found, commands: planned } = await checkSheet(encoded(templateCsv(), 'utf-8'), checkOptions());
  expect(found).toEqual([]);
  return planned;
};

describe('the template', () => {
  it('gives one command of every kind, in the order in which a ledger accepts them, each on behalf of the party that may send it', async () => {
    const admin = { id: 'ledger.import', organisation: 'ledger-import', role: 'admin' };
    const finance = { ...admin, onBehalfOf: { organisation: 'ministry-of-finance', role: 'finance' } };
    const ministry = { ...admin, onBehalfOf: { organisation: 'ministry-of-justice', role: 'ministry' } };
    const to = { programme: 'digital', initiative: 'e-notary' };
    expect((await template()).map(({ row, command: { commandId: _, ...content } }) => [row, content])).toEqual([
      [
        2,
        {
          ...{ programme: 'digital', type: 'GrantAppropriation', occurredOn: '2024-01-10', actor: finance },
          data: { fiscalYear: 2024, amount: 60_000_000_000n, legalBasis: 'Budget law 2024, article 12' },
        },
      ],
      [
        3,
        {
          ...{ ...to, type: 'ProposeInitiative', occurredOn: '2024-02-01', actor: ministry },
          data: {
            title: { ky: 'Электрондук нотариус', ru: 'Электронный нотариат', en: 'E-notary' },
            authority: 'ministry-of-justice',
            requestedAmount: 80_000_000n,
            plannedStart: '2024-02-15',
            plannedEnd: '2024-11-30',
            region: 'Chuy',
          },
        },
      ],
      [
        4,
        {
          ...{ ...to, type: 'FundInitiative', occurredOn: '2024-02-12', actor: finance },
          data: { fundingId: 'F-1', fiscalYear: 2024, amount: 80_000_000n },
        },
      ],
      [
        5,
        {
          ...{ ...to, type: 'RecordSpending', occurredOn: '2024-03-07', actor: ministry },
          data: { transactionId: 'T-19', amount: 123_450n, payee: 'Notary Systems', description: 'Licences' },
        },
      ],
      [
        6,
        {
          ...{ ...to, type: 'ReverseSpending', occurredOn: '2024-03-11', actor: ministry },
          data: { reversalId: 'R-1', transactionId: 'T-19', amount: 23_450n, reason: 'Paid twice' },
        },
      ],
      [
        7,
        {
          ...{ ...to, type: 'ReturnFunds', occurredOn: '2024-12-20', actor: ministry },
          data: { returnId: 'U-1', fiscalYear: 2024, amount: 500_000n, reason: 'Not needed this year' },
        },
      ],
    ]);
  });
  it('gives the same commands with the same ids as a workbook', async () => {
    const { source, faults: found, commands: planned } = await checkSheet(await templateXlsx(), checkOptions());
    expect(source).toMatchObject({ format: 'xlsx', sheet: 'Commands' });
    expect(found).toEqual([]);
    expect(planned).toEqual(await template());
  });
});

describe('a header', () => {
  it.each(['en', 'ru', 'ky'] as const)('is understood in %s, in any order and case, as are the words of commands', async (language) => {
    for (const at of [0, 1]) {
      const words = (all: readonly string[]) => all[at] ?? all[0] ?? '';
      const header = columns.map((column) => ` ${words(columnWords[column][language]).toUpperCase()} `).reverse();
      const translated = Object.entries(commandWords).map(([word, all]) => [word, words(all[language])] as const);
      const { commands: expected } = await checkSheet(encoded(templateCsv(), 'utf-8'), checkOptions());
      const rows = templateCsv().trim().split('\n').slice(1);
      const inLanguage = rows.map((row) => {
        const cells = row.replace('"Budget law 2024, article 12"', 'Budget law 2024').split(',');
        return [translated.find(([word]) => word === cells[0])?.[1] ?? '', ...cells.slice(1)].reverse().join(';');
      });
      const found = await commands([header.join(';'), ...inLanguage].join('\n'));
      const law = 'Budget law 2024';
      expect(contents(found)).toEqual(
        contents(expected.map(({ command }) => command)).map((one) =>
          'legalBasis' in one.data ? { ...one, data: { ...one.data, legalBasis: law } } : one,
        ),
      );
    }
  });
  it('has no word that means two columns', () => {
    for (const language of ['en', 'ru', 'ky'] as const) {
      const all = columns.flatMap((column): readonly string[] => columnWords[column][language]);
      expect(new Set(all).size).toBe(all.length);
    }
  });
  it('with unknown, repeated or missing columns is refused, and no row is read', async () => {
    expect(await faults('comand,Date,amount,Сумма\nspend,2024-03-07,x,y\n')).toEqual([
      `row 1 (A1): “comand” is no column; there are ${columns.join(', ')}`,
      'row 1, amount (D1): “Сумма” is there twice; keep one',
      'row 1, command: there is no column command; add it',
    ]);
  });
});

describe('the page that explains spreadsheets', () => {
  it('shows every column and every command in three languages', async () => {
    const page = await readFile('docs/spreadsheets.md', 'utf8');
    const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    for (const [word, { ru, ky }] of [...Object.entries(columnWords), ...Object.entries(commandWords)])
      expect(rows.filter((row) => row[1] === `\`${word}\`` && row[2] === ru[0] && row[3] === ky[0])).toHaveLength(1);
  });
});

describe('a sheet with faults', () => {
  const header = 'command;initiative;date;amount;id;payee;fiscalYear\n';
  it('has every fault of every row named, with its row, column and address, and what would be right', async () => {
    const { faults: found, commands: planned } = await check(
      `${header}spend;e-notary;2024-03-07;1.234,5x;T-1;;\n;;;;;;\nfund;E-Notary;31.02.2024;5;№ 12/3;;24\npay;e-notary;;;;;\nspend;e-notary;2024-03-07;10,5;T-2;A;\nspend;;;;;;2024\n`,
    );
    expect(found.map(faultInWords)).toEqual([
      'row 2, amount (D2): “1.234,5x” is no amount; write 1234.50',
      'row 4, initiative (B4): “E-Notary” is no code of small letters, digits and hyphens; write e-notary',
      'row 4, date (C4): “31.02.2024” is no day of the calendar; write 2024-03-07',
      'row 4, id (E4): “№ 12/3” is no id of letters, digits, dots, underscores and hyphens; write 12-3',
      'row 4, fiscalYear (G4): “24” is no fiscal year; write 2024',
      'row 5, command (A5): “pay” is no command; write propose, fund, spend, reverse, return, appropriate',
      'row 7, fiscalYear (G7): “2024” has no place in spend; leave the cell empty',
      'row 7, initiative (B7): the cell is empty; write e-notary',
      'row 7, date (C7): the cell is empty; write 2024-03-07',
      'row 7, amount (D7): the cell is empty; write 1234.50',
      'row 7, id (E7): the cell is empty; write T-19',
    ]);
    expect(planned.map(({ row }) => row)).toEqual([6]);
  });
  it('has values without a header named, and commands that need a column that is not there', async () => {
    expect(await faults('command,date,initiative,amount\nspend,2024-03-07,e-notary,5,T-1\n')).toEqual([
      'row 2 (E2): “T-1” is in a column without a header; name the column or remove the value',
      'row 2, id: the cell is empty; write T-19',
    ]);
  });
  it('has the faults named that the ledger would find: too long texts and titles, a year that is no number', async () => {
    const long = 'x'.repeat(501);
    expect(await faults(`${header}spend;e-notary;2024-03-07;5;T-1;${long};\n`)).toEqual([
      `row 2, payee (F2): “${'x'.repeat(60)}…” (501 characters) can’t be taken; write readable text of 1 to 500 characters`,
    ]);
  });
  it('has formulas named whose value is an error', async () => {
    const cell = (address: string, text: string) => `<c r="${address}" t="inlineStr"><is><t>${text}</t></is></c>`;
    const { faults: found } = await checkSheet(
      workbookOfXml(
        `<row r="3">${['command', 'initiative', 'date', 'id', 'amount'].map((text, index) => cell(`${'ABCDE'.charAt(index)}3`, text)).join('')}</row>` +
          `<row r="9">${cell('A9', 'spend')}${cell('B9', 'e-notary')}<c r="C9" s="1"><v>45358</v></c>${cell('D9', 'T-1')}<c r="E9" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>`,
      ),
      checkOptions(),
    );
    expect(found.map(faultInWords)).toEqual(['row 9, amount (E9): the formula gives “#DIV/0!”; correct the formula or write the value']);
  });
  it('has its texts shown without characters that move a terminal’s cursor or turn the text around', async () => {
    const hostile = '\u009b31m\u202eexe\u2066';
    expect(await faults(`${header}spend;e-notary;2024-03-07;5;${hostile};;\n`)).toEqual([
      'row 2, id (E2): “\ufffd31m\ufffdexe\ufffd” is no id of letters, digits, dots, underscores and hyphens; write 31m-exe',
    ]);
  });
  it('that can’t be read at all has one fault, of the file', async () => {
    const checked = await checkSheet(await workbook({ Rows: [['a']] }), checkOptions({ sheet: 'Other' }));
    expect(checked).toEqual({
      header: [],
      rows: [],
      faults: [{ code: 'unknown-sheet', found: 'Other', right: '“Rows”' }],
      commands: [],
    });
    expect(checked.faults.map(faultInWords)).toEqual(['there is no sheet “Other”; there are “Rows”']);
  });
});

describe('a file of any bytes', () => {
  it('never makes the check throw, and never gives another command than the sound file', async () => {
    const sound = await templateXlsx();
    const expected = await template();
    const damaged = fc
      .array(fc.tuple(fc.nat({ max: sound.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 })
      .map((changes) => {
        const bytes = sound.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        return bytes;
      });
    const lines = fc.array(fc.array(fc.constantFrom('spend', 'e-notary', '2024-03-07', '1,5', 'T-1', '"', '', 'x')), { maxLength: 5 });
    const text = lines.map((rows) => encoded(`${columns.join(',')}\n${rows.map((row) => row.join(',')).join('\n')}`, 'utf-8'));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), text, damaged), async (bytes) => {
        const checked = await checkSheet(bytes, checkOptions());
        if (checked.source?.format === 'xlsx') expect(checked.commands).toEqual(expected);
        expect(checked.faults.map(faultInWords)).not.toContain('');
        if (!checked.source) expect(checked.faults).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the sender of a row', () => {
  const propose = 'command,initiative,date,title,authority\npropose,e-health,2024-02-01,E-health,ministry-of-health\n';
  const spend = (authority: string, initiative = 'e-health') =>
    `command,initiative,date,amount,id,authority\nspend,${initiative},2024-03-07,5,T-1,${authority}\n`;
  const justice = { id: 'aida', organisation: 'ministry-of-justice', role: 'ministry' } as const;

  it('is the authority that the row names, that the sheet proposes, or that the ledger knows', async () => {
    const both = propose.trim().replace('title,authority', 'title,authority,amount,id') + ',,\nspend,e-health,2024-03-07,,,5,T-1\n';
    const senders = async (text: string) => (await commands(text)).map(({ actor }) => actor.onBehalfOf?.organisation);
    expect(await senders(spend('ministry-of-health'))).toEqual(['ministry-of-health']);
    expect(await senders(both)).toEqual(['ministry-of-health', 'ministry-of-health']);
    expect(await senders(spend('', 'e-notary'))).toEqual(['ministry-of-justice']);
  });
  it('must be named if nobody knows it', async () => {
    expect(await faults(spend(''))).toEqual(['row 2, authority (F2): the cell is empty; write ministry-of-justice']);
  });
  it('is the one that the import names, if any; rows need not name its authority and must not change it', async () => {
    const sender = { actor: justice };
    expect((await commands(spend('', 'e-notary'), { sender })).map(({ actor }) => actor)).toEqual([justice]);
    const [proposed] = await commands(propose.replace('ministry-of-health', ''), { sender });
    expect(proposed).toMatchObject({ actor: justice, data: { authority: 'ministry-of-justice' } });
    expect(await faults(spend('ministry-of-health'), { sender })).toEqual([
      'row 2, authority (F2): “ministry-of-health” is another authority than the one that sends this sheet; write ministry-of-justice',
    ]);
  });
});

describe('the id of a command', () => {
  const header = 'command,initiative,date,amount,id\n';
  const ids = async (text: string, more: Partial<CheckOptions> = {}) => (await commands(text, more)).map(({ commandId }) => commandId);

  it('is the same wherever the row stands, however it is written, and another for the same row again', async () => {
    const [first, second, third] = await ids(
      `${header}spend,e-notary,2024-03-07,1234.50,T-1\nspend,e-notary,2024-03-07,5,T-2\nspend,e-notary,07.03.2024,"1 234,5",T-1\n`,
    );
    const [other, again] = await ids(`${header}\nspend,e-notary,2024-03-07,5.00,T-2\nрасход,e-notary,2024-03-07,1234.5,T-1\n`);
    expect([other, again]).toEqual([second, first]);
    expect(first).toMatch(/^sheet-[0-9a-f]{40}-1$/);
    expect(third).toBe(first?.replace(/1$/, '2'));
  });
  it('is another for another programme, another party and every other content', async () => {
    const row = `${header}spend,e-notary,2024-03-07,5,T-1\n`;
    const as = (organisation: string) => ({
      sender: {
        actor: { id: 'i', organisation: 'ledger-import', role: 'admin' as const, onBehalfOf: { organisation, role: 'ministry' as const } },
      },
    });
    const all = [
      ...(await ids(row)),
      ...(await ids(row, { programme: 'other' })),
      ...(await ids(row, as('ministry-of-health'))),
      ...(await ids(row.replace('T-1', 'T-2'))),
      ...(await ids(row.replace(',5,', ',6,'))),
      ...(await ids(row.replace('03-07', '03-08'))),
    ];
    expect(new Set(all).size).toBe(6);
    expect(await ids(row, as('ministry-of-justice'))).toEqual(all.slice(0, 1));
  });
});
