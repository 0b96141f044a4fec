import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from './support/client.js';
import { runLedger, startLedger, temporaryFolder, tokenFor, type LedgerProcess } from './support/ledger-process.js';

const nepal = 'test/data/nepal';
type Account = { published: string; accepted: { count: number; sum: string }; refused: { count: number; sum: string } };
type Report = {
  sent: number;
  recordedBefore: number;
  commitments: Account;
  disbursements: Account;
  refusals: { code: string; count: number }[];
  mismatches: object[];
};
const published = JSON.parse(readFileSync(`${nepal}/expected_totals.json`, 'utf8')) as Record<string, unknown>;

describe('ledger import aims', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ledger: LedgerProcess;
  let token: string;
  const importInto = async (more: readonly string[], settings: Record<string, string> = {}) => {
    const ended = await runLedger(['import', 'aims', nepal, '--programme', 'aid', '--currency', 'USD', '--json', ...more], settings);
    expect(ended.stderr).toBe('');
    expect(ended.code).toBe(0);
    return JSON.parse(ended.stdout) as Report;
  };
  const expectPublished = (report: Report) => {
    expect(report.mismatches).toEqual([]);
    for (const { published: all, accepted, refused } of [report.commitments, report.disbursements])
      expect(BigInt(accepted.sum) + BigInt(refused.sum)).toBe(BigInt(all));
    expect(report.commitments.published).toBe('921113446600');
    expect(report.disbursements.published).toBe('433320411400');
    expect(report.refusals.map(({ code, count }) => [code, count])).toEqual([
      ['funding-exceeded', 174],
      ['reversal-exceeds-spending', 1],
    ]);
  };

  beforeAll(async () => {
    folder = await temporaryFolder();
    ledger = await startLedger(folder.path);
    token = await tokenFor(folder.path, 'admin', 'registry');
  });
  afterAll(async () => {
    await ledger.stop();
    await folder.remove();
  });

  it('has the published totals to be held to', () => {
    expect(JSON.stringify(published)).toContain('9211134466');
    expect(JSON.stringify(published)).toContain('4333204114');
  });

  it('into a ledger that serves: accepted and refused make up what was published, with 174 and 1 refusals', async () => {
    expectPublished(await importInto(['--server', ledger.url, '--token', token]));
    const { body } = await new Client(ledger.url).getAt('/programmes/aid', 4010);
    expect(body).toMatchObject({ funded: '921113446600', available: null, initiatives: { finalized: 199 } });
  });

  it('a second time adds nothing, and reports the same', async () => {
    const again = await importInto(['--server', ledger.url, '--token', token]);
    expectPublished(again);
    expect([again.sent, again.recordedBefore]).toEqual([0, 4010]);
    expect((await new Client(ledger.url).get('/heads')).body['items']).toMatchObject([{ position: 4010 }]);
  });

  it('into a ledger of its own, to the same totals; verify passes on both', async () => {
    const own = await temporaryFolder();
    expectPublished(await importInto([], { DATA_DIR: own.path }));
    for (const { path } of [own, folder]) {
      const verified = await runLedger(['verify', '--json'], { DATA_DIR: path });
      expect(verified.code).toBe(0);
      expect(JSON.parse(verified.stdout)).toMatchObject({ sound: true, history: { records: 4010, refusals: 175, initiatives: 873 } });
    }
    await own.remove();
  });

  it('not into a ledger that somebody else has open', async () => {
    const ended = await runLedger(['import', 'aims', nepal, '--programme', 'aid', '--currency', 'USD'], { DATA_DIR: folder.path });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/another process|is written by|in use/i);
  });

  it('another country’s files: decimals, blank statuses, code E and names in any script', async () => {
    const files = join(folder.path, 'release');
    await mkdir(files);
    await writeFile(
      join(files, 'projects.csv'),
      [
        'project_id,project_title,start_actual_isodate,status,donors,total_commitments,total_disbursements,extra',
        '"P/1","Школа №1",2012-03-01,,"Всемирный банк",1000.505,350.25,x',
        'P-2,"Santé, éducation",2013-01-01,Completion,"Agence Française",20.5,20.5,y',
      ].join('\n'),
    );
    await writeFile(
      join(files, 'transactions.csv'),
      [
        'transaction_id,project_id,transaction_isodate,transaction_year,transaction_value_code,transaction_currency,transaction_value',
        't-1,P/1,2012-04-01,2012,C,USD,1000.505',
        't-2,P/1,2012-05-01,2012,D,USD,250.25',
        't-3,P/1,2012-06-01,2012,E,USD,100',
        't-4,P-2,2013-02-01,2013,C,USD,20.5',
        't-5,P-2,2013-03-01,2013,D,USD,20.5',
      ].join('\n'),
    );
    const own = await temporaryFolder();
    const ended = await runLedger(['import', 'aims', files, '--programme', 'other', '--currency', 'USD', '--json'], { DATA_DIR: own.path });
    const report = JSON.parse(ended.stdout) as Report & { projects: number };
    expect(report).toMatchObject({
      projects: 2,
      mismatches: [],
      commitments: { published: '102100', accepted: { count: 2 } },
      disbursements: { accepted: { count: 3, sum: '37075' } },
    });
    expect((await runLedger(['verify'], { DATA_DIR: own.path })).code).toBe(0);
    await own.remove();
  });

  it('files that are not there are named', async () => {
    const ended = await runLedger(['import', 'aims', folder.path, '--programme', 'x', '--currency', 'USD'], {
      DATA_DIR: join(folder.path, 'none'),
    });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/projects\.csv/);
  });
});
