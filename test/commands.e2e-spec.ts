import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runLedger, startLedger, temporaryFolder } from './support/ledger-process.js';
import { clientsFor, fundInitiative } from './support/programme.js';
import { thisYear } from './support/days.js';

describe('the command line', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let overHttp: string;
  let headsOverHttp: string;
  const ledger = (...args: string[]) => runLedger([...args, '--data', folder.path]);

  beforeAll(async () => {
    folder = await temporaryFolder();
    const served = await startLedger(folder.path);
    const clients = await clientsFor(served.url, folder.path);
    await fundInitiative(clients, '1000');
    for (const [transactionId, amount] of [
      ['T-1', '300'],
      ['T-2', '9999'],
    ])
      await clients.ministry.post('/programmes/p/initiatives/i/spending', { transactionId, amount });
    overHttp = (await clients.auditor.getAt('/programmes/p/records', 6)).text;
    headsOverHttp = (await clients.auditor.get('/heads')).text;
    await served.stop();
  });
  afterAll(() => folder.remove());

  it('export prints the same bytes as the ledger serves', async () => {
    expect((await ledger('export')).stdout).toBe(overHttp);
    expect((await ledger('export', '--programme', 'p', '--after', '5')).stdout).toBe(`${overHttp.trimEnd().split('\n')[5]!}\n`);
  });

  it('report prints every initiative and total as CSV, now and as of then', async () => {
    const lines = (await ledger('report')).stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['kind', 'programme', 'fiscal-year', 'authority', 'initiative']);
    const report = JSON.parse((await ledger('report', '--json')).stdout) as { initiatives: object[]; programmes: object[] };
    expect(report.initiatives).toMatchObject([{ initiative: 'i', spent: '300', available: '700', status: 'spending' }]);
    for (const past of [
      ['--known-by', '2000-01-01T00:00:00Z'],
      ['--occurred-by', `${thisYear - 1}-12-31`, '--json'],
    ]) {
      const { code, stdout, stderr } = await ledger('report', ...past);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/there was no programme at that time; choose a day from its establishment on/);
    }
  });

  it.each([
    [['report', '--occurred-by', '2024-02-30'], /day that exists/],
    [['report', '--known-by', 'yesterday'], /moment with its offset/],
    [['token', '--role', 'king', '--org', 'x'], /Allowed choices are ministry, finance, auditor, admin/],
    [['token', '--role', 'finance'], /required option '--org/],
    [['token', '--role', 'finance', '--org', 'Not A Code'], /small letters, digits and hyphens/],
    [['export', '--after', '-1'], /whole number/],
    [['steal'], /unknown command 'steal'/],
    [['verify', '--file', 'nowhere.ndjson'], /nowhere\.ndjson/],
    [['verify', '--heads', 'nowhere.json'], /nowhere\.json can't be read/],
    [['verify', '--heads', 'package.json'], /package\.json holds no heads: it must be the JSON of GET \/heads/],
    [['export', '--programme', 'q'], /there is no programme q in this ledger/],
    [['report', '--programme', 'q'], /there is no programme q in this ledger/],
    [['verify', '--programme', 'q'], /there is no programme q in this ledger/],
  ])('%j is refused with what would be right', async (args, says) => {
    const ended = await runLedger(args, { DATA_DIR: folder.path });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(says);
    expect(ended.stdout).toBe('');
  });

  it.each(['verify', 'export', 'report'])('%s says that there is no ledger', async (command) => {
    const ended = await runLedger([command, '--data', join(folder.path, 'nowhere')]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/there is no ledger at .*nowhere/);
  });

  it('verify exits 1 and names the changed record; serve leaves such a ledger as it is', async () => {
    const file = join(folder.path, 'ledger.sqlite');
    const original = await readFile(file);
    const changed = Buffer.from(original);
    const at = changed.indexOf('"amount":"300"');
    changed.write('"amount":"301"', at);
    await writeFile(file, changed);
    const verified = await ledger('verify');
    expect(verified.code).toBe(1);
    expect(verified.stdout).toMatch(/WRONG: the record at position 6 of p .*one of the two was changed/);
    const served = await ledger('serve', '--port', '0');
    expect(served.code).toBe(1);
    expect(served.stderr).toMatch(/was changed: offset 5 .*left as it is/);
    expect((await readFile(file)).equals(changed)).toBe(true);
    await writeFile(file, original);
    expect((await ledger('verify')).code).toBe(0);
  });

  it('verify compares a ledger and its export with kept heads, and exits 1 if the end is missing', async () => {
    const [heads, exported] = [join(folder.path, 'heads.json'), join(folder.path, 'export.ndjson')];
    await writeFile(heads, headsOverHttp);
    await writeFile(exported, overHttp);
    expect(await ledger('verify', '--heads', heads)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('kept heads looked for in the history: 1'),
    });
    expect(await ledger('verify', '--file', exported, '--heads', heads)).toMatchObject({ code: 0 });
    // The ledger wrote the same heads by itself.
    const ofToday = join(folder.path, 'heads', `${new Date().toISOString().slice(0, 10)}.json`);
    expect(JSON.parse(await readFile(ofToday, 'utf8'))).toEqual(JSON.parse(headsOverHttp));
    await writeFile(exported, `${overHttp.trimEnd().split('\n').slice(0, -1).join('\n')}\n`);
    expect(await ledger('verify', '--file', exported)).toMatchObject({ code: 0 });
    const shortened = await ledger('verify', '--file', exported, '--heads', heads);
    expect(shortened.code).toBe(1);
    expect(shortened.stdout).toMatch(/WRONG: the history of p ends at position 5, but a kept head says that it had 6 records/);
  });

  it('import records also folds the documents to the head, and adds nothing the second time', async () => {
    const other = await temporaryFolder();
    const exported = join(folder.path, 'whole.ndjson');
    await writeFile(exported, overHttp);
    const imported = async () =>
      JSON.parse((await runLedger(['import', 'records', exported, '--json', '--data', other.path])).stdout) as object;
    expect(await imported()).toEqual({ added: 6, there: 0 });
    const heads = async (path: string) =>
      (JSON.parse((await runLedger(['verify', '--json', '--data', path])).stdout) as { heads: object[] }).heads;
    expect(await heads(other.path)).toEqual(await heads(folder.path));
    expect(await heads(other.path)).toMatchObject([{ readModels: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(await imported()).toEqual({ added: 0, there: 6 });
    await other.remove();
  });

  it('a file that is no ledger is left alone', async () => {
    const other = await temporaryFolder();
    await writeFile(join(other.path, 'ledger.sqlite'), 'a letter to the ministry');
    const served = await runLedger(['serve', '--port', '0', '--data', other.path]);
    expect(served.code).toBe(1);
    expect(served.stderr).toMatch(/ledger\.sqlite .*left as it is/);
    expect(await readFile(join(other.path, 'ledger.sqlite'), 'utf8')).toBe('a letter to the ministry');
    await other.remove();
  });
});
