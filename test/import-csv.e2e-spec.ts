import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '../libs/domain/vocabulary.js';
import { Client } from './support/client.js';
import { runLedger, startLedger, temporaryFolder, tokenFor, type Ended } from './support/ledger-process.js';

const sheets = 'test/data/sheets';
type Report = {
  outcome: string;
  accepted: number;
  recordedBefore: number;
  source: object;
  rows: number;
  faults: { row?: number; column?: string; code: string; sentence: string }[];
  refused: { row: number; code: string; available?: string; requested?: string; detail: string }[];
};
const reportIn = ({ stdout }: Ended) => JSON.parse(stdout) as Report;

/** A ledger with the programme `digital`, in som, and nothing else; it is not served. */
async function establishedLedger(path: string): Promise<void> {
  const ledger = await startLedger(path);
  const admin = new Client(ledger.url, await tokenFor(path, 'admin', 'cabinet'));
  const data = { title: { en: 'Digital' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' };
  const establishing = {
    ...{ commandId: 'establish', type: 'EstablishProgramme', occurredOn: '2024-01-01', data },
  };
  const [answer] = await admin.batch('digital', [establishing]);
  expect(answer).toMatchObject({ status: 201 });
  await ledger.stop();
}

describe('ledger import csv', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const importFile = (file: string, ...more: string[]) =>
    runLedger(['import', 'csv', file, '--programme', 'digital', ...more], { DATA_DIR: folder.path });

  beforeAll(async () => {
    folder = await temporaryFolder();
    await establishedLedger(folder.path);
  });
  afterAll(async () => {
    await folder.remove();
  });

  it('sends nothing while rows have faults, names each with row, column and what would be right, and ends with status 2', async () => {
    const ended = await importFile(`${sheets}/faults.csv`);
    expect([ended.code, ended.stderr]).toEqual([2, '']);
    expect(ended.stdout.split('\n')).toEqual([
      `${sheets}/faults.csv: 5 rows of CSV with semicolons, in windows-1251 (as its bytes look)`,
      '',
      'row 4, amount (D4): “1.234,5x” is no amount; write 1234.50',
      'row 5, date (C5): “31.02.2024” is no day of the calendar; write 2024-03-07',
      'row 6, id (E6): the cell is empty; write T-19',
      '',
      'Nothing was sent. 3 faults: correct the file and import it again.',
      '',
    ]);
    const { outcome, faults } = reportIn(await importFile(`${sheets}/faults.csv`, '--json'));
    expect(outcome).toBe('faults');
    expect(faults[0]).toEqual({
      ...{ code: 'no-amount', row: 4, column: 'amount', cell: 'D4', found: '1.234,5x', right: '1234.50' },
      sentence: 'row 4, amount (D4): “1.234,5x” is no amount; write 1234.50',
    });
  });

  it('sends nothing while the ledger would refuse two rows, names them with figures and sentences, and ends with status 1', async () => {
    const ended = await importFile(`${sheets}/refused.csv`, '--json');
    expect([ended.code, ended.stderr]).toEqual([1, '']);
    expect(reportIn(ended)).toMatchObject({
      ...{ outcome: 'refused', accepted: 4, recordedBefore: 0, rows: 6, faults: [] },
      source: { format: 'csv', separator: ';', encoding: 'windows-1251', encodingBy: 'bytes' },
      refused: [
        { row: 5, code: 'funding-exceeded', available: '80000000', requested: '90000000' },
        { row: 7, code: 'transaction-exists' },
      ],
    });
    const table = await importFile(`${sheets}/refused.csv`);
    expect(table.stdout).toMatch(/\n5 +RecordSpending +e-notary +funding-exceeded +900000\.00 +800000\.00 +\S/);
    expect(table.stdout).toMatch(/The ledger would refuse 2 rows and accept 4\. Correct the file, or leave these rows out/);
    expect(reportIn(await importFile(`${sheets}/refused.csv`, '--json'))).toMatchObject({ recordedBefore: 0 });
  });

  it('records the mended file, as a workbook too, and the same file again adds nothing', async () => {
    const checked = await importFile(`${sheets}/mended.csv`, '--dry-run');
    expect([checked.code, checked.stderr]).toEqual([0, '']);
    expect(checked.stdout).toMatch(/\nNothing was sent\. The ledger would accept 6 rows\.\n$/);
    const sent = await importFile(`${sheets}/mended.csv`);
    expect([sent.code, sent.stderr]).toEqual([0, '']);
    expect(sent.stdout).toMatch(/\n6 rows recorded\.\n$/);
    for (const file of ['mended.csv', 'mended.xlsx']) {
      const again = await importFile(`${sheets}/${file}`, '--json');
      expect(reportIn(again)).toMatchObject({ outcome: 'sent', accepted: 0, recordedBefore: 6, faults: [], refused: [] });
    }
  });

  it('leaves a ledger that verifies, with one record for each row and the exact amounts', async () => {
    const verified = await runLedger(['verify', '--json'], { DATA_DIR: folder.path });
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ sound: true, history: { records: 7, refusals: 0, initiatives: 1 } });
    const report = await runLedger(['report', '--json', '--programme', 'digital'], { DATA_DIR: folder.path });
    expect(JSON.parse(report.stdout)).toMatchObject({ programmes: [{ funded: '80000000', spent: '13356789' }] });
  });

  it('shows the first twenty faults, and a file has all of them', async () => {
    const file = join(folder.path, 'many.csv');
    const rows = join(folder.path, 'rows.csv');
    await writeFile(file, 'command,date\n' + 'spend,soon\n'.repeat(10));
    const ended = await importFile(file, '--rows', rows);
    expect(ended.code).toBe(2);
    expect(ended.stdout.split('\n').filter((line) => line.startsWith('row '))).toHaveLength(20);
    expect(ended.stdout).toContain(`20 more; ${rows} has all 40`);
    const lines = (await readFile(rows, 'utf8')).trimEnd().split('\n');
    expect(lines[0]).toBe('row,column,cell,code,found,right,requested,available,sentence');
    expect(lines).toHaveLength(41);
  });

  it('ends with status 2 and a sentence if there is no such file, programme, ledger or option', async () => {
    const none = await importFile('none.csv');
    expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/^none\.csv can’t be read: .*no such file/)]);
    const other = await importFile(`${sheets}/mended.csv`, '--programme', 'other');
    expect([other.code, other.stderr]).toEqual([2, 'there is no programme other in this ledger\n']);
    const empty = await runLedger(['import', 'csv', `${sheets}/mended.csv`, '--programme', 'digital'], {
      DATA_DIR: join(folder.path, 'none'),
    });
    expect([empty.code, empty.stderr]).toEqual([2, 'there is no programme digital in this ledger\n']);
    const as = await importFile(`${sheets}/mended.csv`, '--as', 'auditor:x');
    expect([as.code, as.stderr]).toEqual([2, expect.stringMatching(/ministry or finance, a colon and a code/)]);
  });
});

describe('ledger import csv into a ledger that serves', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let url: string;
  let stop: () => Promise<Ended>;
  const importAs = async (role: Role, organisation: string, ...more: string[]) => {
    const token = await tokenFor(folder.path, role, organisation);
    return runLedger(['import', 'csv', `${sheets}/mended.csv`, '--programme', 'digital', '--server', url, '--json', ...more], {
      LEDGER_TOKEN: token,
    });
  };
  beforeAll(async () => {
    folder = await temporaryFolder();
    await establishedLedger(folder.path);
    ({ url, stop } = await startLedger(folder.path));
  });
  afterAll(async () => {
    await stop();
    await folder.remove();
  });

  it('refuses a ministry the rows that are for finance, and sends nothing', async () => {
    const ended = await importAs('ministry', 'ministry-of-justice');
    expect([ended.code, ended.stderr]).toEqual([1, '']);
    const { outcome, refused } = reportIn(ended);
    expect(outcome).toBe('refused');
    expect(refused[0]).toMatchObject({ row: 2, code: 'forbidden' });
  });
  it('takes every row from an admin of imports, once; a ministry then sends its own rows as itself', async () => {
    expect(reportIn(await importAs('admin', 'ledger-import'))).toMatchObject({ outcome: 'sent', accepted: 6, recordedBefore: 0 });
    expect(reportIn(await importAs('admin', 'ledger-import'))).toMatchObject({ outcome: 'sent', accepted: 0, recordedBefore: 6 });
    const own = join(folder.path, 'own.csv');
    await writeFile(own, 'буйрук;демилге;күнү;сумма;номери\nтөлөм;e-notary;08.03.2024;10,00;T-30\n');
    const token = await tokenFor(folder.path, 'ministry', 'ministry-of-justice');
    const sent = await runLedger(['import', 'csv', own, '--programme', 'digital', '--server', url, '--json'], { LEDGER_TOKEN: token });
    expect(reportIn(sent)).toMatchObject({ outcome: 'sent', accepted: 1, refused: [] });
  });
  it('needs a party from an admin of another organisation', async () => {
    const ended = await importAs('admin', 'cabinet');
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(/^name the party with --as/)]);
    const asFinance = reportIn(await importAs('admin', 'cabinet', '--as', 'finance:ministry-of-finance', '--dry-run'));
    expect(asFinance.refused.map(({ code }) => code)).toContain('forbidden');
  });
});

describe('ledger import template', () => {
  it('prints CSV with a byte order mark and every column, or a workbook', async () => {
    const csv = await runLedger(['import', 'template']);
    expect([csv.code, csv.stderr]).toEqual([0, '']);
    expect(csv.stdout).toMatch(/^\ufeffcommand,initiative,date,amount,id,.*,of\nappropriate,/);
    const workbook = await runLedger(['import', 'template', '--xlsx']);
    expect([workbook.code, workbook.stderr]).toEqual([0, '']);
    expect(workbook.stdout).toMatch(/^PK\u0003\u0004/);
  });
});
