import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from './support/client.js';
import { runLedger, startLedger, temporaryFolder, tokenFor, type LedgerProcess } from './support/ledger-process.js';

const nepal = 'test/data/nepal';
type Account = { published: string } & Record<'accepted' | 'refused' | 'leftOut', { count: number; sum: string }>;
type Held = { published: string; holds: string };
type Report = {
  sent: number;
  recordedBefore: number;
  commitments: Account;
  disbursements: Account;
  refusals: { code: string; count: number }[];
  mismatches: object[];
  rows: { outcome: string; line: number; project: string; code: string }[];
  ledger: { funded: Held; spent: Held };
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
    for (const { published: all, accepted, refused, leftOut } of [report.commitments, report.disbursements])
      expect(BigInt(accepted.sum) + BigInt(refused.sum) + BigInt(leftOut.sum)).toBe(BigInt(all));
    expect(report.ledger.funded.holds).toBe('921113446600');
    expect(report.ledger.spent.holds).toBe('363814653200');
    expect(report.rows).toHaveLength(175);
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
    token = await tokenFor(folder.path, 'admin', 'ledger-import');
  });
  afterAll(async () => {
    await ledger.stop();
    await folder.remove();
  });

  it('has published totals to compare with', () => {
    expect(JSON.stringify(published)).toContain('9211134466');
    expect(JSON.stringify(published)).toContain('4333204114');
  });

  it('imports into a ledger that serves; accepted and refused make up the published amounts, with 174 and 1 refusals', async () => {
    expectPublished(await importInto(['--server', ledger.url, '--token', token]));
    const { body } = await new Client(ledger.url).getAt('/programmes/aid', 4011);
    expect(body).toMatchObject({ funded: '921113446600', available: null, initiatives: { finalized: 199 } });
  });

  it('adds nothing a second time, and reports the same', async () => {
    const again = await importInto(['--server', ledger.url, '--token', token]);
    expectPublished(again);
    expect([again.sent, again.recordedBefore]).toEqual([0, 4011]);
    expect((await new Client(ledger.url).get('/heads')).body['items']).toMatchObject([{ position: 4011 }]);
  });

  it('imports into a ledger of its own with the same totals; verify passes on both', async () => {
    const own = await temporaryFolder();
    expectPublished(await importInto([], { DATA_DIR: own.path }));
    for (const { path } of [own, folder]) {
      const verified = await runLedger(['verify', '--json'], { DATA_DIR: path });
      expect(verified.code).toBe(0);
      expect(JSON.parse(verified.stdout)).toMatchObject({ sound: true, history: { records: 4011, refusals: 175, initiatives: 873 } });
    }
    await own.remove();
  });

  it('does not import into a ledger that another process has open', async () => {
    const ended = await runLedger(['import', 'aims', nepal, '--programme', 'aid', '--currency', 'USD'], { DATA_DIR: folder.path });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/another process|is written by|in use/i);
  });

  it('sends nothing with a token of another organisation, whose fundings would all be refused', async () => {
    const other = await tokenFor(folder.path, 'admin', 'registry');
    const args = ['import', 'aims', nepal, '--programme', 'aid', '--currency', 'USD', '--server', ledger.url, '--token', other];
    const ended = await runLedger(args);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toBe('--token must be of an admin of ledger-import; this one is of admin of registry\n');
  });

  it('names missing files, and makes no ledger', async () => {
    const settings = { DATA_DIR: join(folder.path, 'none') };
    const ended = await runLedger(['import', 'aims', folder.path, '--programme', 'x', '--currency', 'USD', '--dry-run'], settings);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toMatch(/projects\.csv/);
    expect(existsSync(settings.DATA_DIR)).toBe(false);
  });
});

describe.each(['into a ledger that serves', 'into a ledger of its own'])('ledger import aims %s', (where) => {
  const registers = 'test/data/registers';
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ledger: LedgerProcess | undefined;
  let to: readonly string[] = [];
  beforeAll(async () => {
    folder = await temporaryFolder();
    if (where !== 'into a ledger that serves') return;
    ledger = await startLedger(folder.path);
    to = ['--server', ledger.url, '--token', await tokenFor(folder.path, 'admin', 'ledger-import')];
  });
  afterAll(async () => {
    await ledger?.stop();
    await folder.remove();
  });
  const importKind = (kind: string, programme: string, ...more: string[]) =>
    runLedger(['import', 'aims', `${registers}/${kind}`, '--programme', programme, '--currency', 'USD', ...to, ...more], {
      DATA_DIR: folder.path,
    });
  /** A programme's holdings from imports, as the next import finds them. */
  const recorded = async (kind: string, programme: string, ...more: string[]) => {
    const { stdout } = await importKind(kind, programme, '--dry-run', '--json', ...more);
    return (JSON.parse(stdout) as { report: Report }).report.recordedBefore;
  };

  it('a dry run prints the plan as a table or as JSON, and writes nothing', async () => {
    const table = await importKind('expenditure', 'dry', '--dry-run');
    expect([table.code, table.stderr]).toEqual([0, '']);
    expect(table.stdout).toMatch(/would send 15 commands to dry\. Nothing was sent\./);
    expect(table.stdout).toMatch(/RecordSpending +x-2 +2012-12-31/);
    const { planned } = JSON.parse((await importKind('expenditure', 'dry', '--dry-run', '--json')).stdout) as {
      planned: { type: string; initiative?: string; expected: object }[];
    };
    expect(planned).toHaveLength(15);
    expect(planned[1]).toMatchObject({ type: 'ProposeInitiative', initiative: 'x-1', expected: { accepted: true } });
    expect(await recorded('expenditure', 'dry')).toBe(0);
  });

  it('a release with faults is refused with status 2 and every fault, for people and programs; accepted, its other rows are imported', async () => {
    const refused = await importKind('faults', 'faulty');
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/^Nothing was imported\. 12 faults: correct the files or leave these rows out with --accept-faults\.\n/);
    expect(refused.stderr.trim().split('\n')).toHaveLength(13);
    const forPrograms = JSON.parse((await importKind('faults', 'faulty', '--json')).stdout) as { faults: object[] };
    expect(forPrograms.faults).toHaveLength(12);
    expect(forPrograms.faults[0]).toEqual({
      file: 'transactions.csv',
      line: 4,
      column: 'transaction_year',
      found: '“0000” is not a fiscal year',
      right: expect.stringMatching(/^four digits, 1900 to \d{4}$/),
    });
    expect(await recorded('faults', 'faulty', '--accept-faults')).toBe(0);
    const accepted = await importKind('faults', 'faulty', '--accept-faults');
    expect([accepted.code, accepted.stderr]).toEqual([0, '']);
    expect(accepted.stdout).toMatch(/left-out +projects\.csv +3 +F-2/);
  });

  it('a second release is refused with status 2; with --update its differences are announced and sent', async () => {
    expect((await importKind('first-release', 'twice')).code).toBe(0);
    const refused = await importKind('second-release', 'twice');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/--update sends what differs/);
    const sent = await importKind('second-release', 'twice', '--update');
    expect([sent.code, sent.stderr]).toEqual([0, '']);
    expect(sent.stdout).toMatch(
      /^Release [0-9a-f]{12} differs from what twice holds\. Sending 1 AmendProgramme, 1 AmendInitiative, 2 AdjustFunding, /,
    );
    expect(sent.stdout).toMatch(/15 commands sent, 18 were recorded before/);
    expect(sent.stdout).toMatch(/funded +2,150\.00 +2,190\.00 +40\.00 +0\.00 +40\.00/);
    const again = await importKind('second-release', 'twice', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ sent: 0, recordedBefore: 33 });
  });

  it('the first twenty rows are shown, and a file has all of them', async () => {
    const file = join(folder.path, 'rows.csv');
    const ended = await runLedger(['import', 'aims', nepal, '--programme', 'many', '--currency', 'USD', '--rows', file, ...to], {
      DATA_DIR: folder.path,
    });
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout.split('\n').filter((line) => line.startsWith('refused  transactions.csv'))).toHaveLength(20);
    expect(ended.stdout).toContain(`155 more rows; ${file} has all 175`);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('outcome,file,line,project,transaction,command,letter,amount,code,detail');
    expect(lines.find((line) => line.includes('reversal-exceeds-spending'))).toContain(',D,-2786009.00,');
    expect(lines).toHaveLength(176);
  });
});
