import { beforeAll, describe, expect, it } from '@jest/globals';
import { openTestLedger } from '../../../libs/command-processing/testing/ledger.js';
import { encodeRecord, hashOf, type LedgerRecord } from '../../../libs/event-log/record.js';
import { ReportFold, type Report } from '../../../libs/projections/report.js';
import { demoCommands, demoProgramme } from './commands.js';
import { play } from './play.js';
import { statementCommand } from './statement.js';

/** The demo's history is the same every time, on every machine. A deliberate change of the demo changes this hash. */
const head = { records: 2565, hash: '1f4fc2e8ca68a56e183a8f02928c4846343202fcf88e420e8f14bc7f65e3765d' };

const som = (millions: number) => (BigInt(millions) * 100_000_000n).toString();

async function replay(): Promise<LedgerRecord[]> {
  const ledger = await openTestLedger();
  await play(demoCommands(), ledger.commands, (at) => (ledger.clock.now = Date.parse(at)));
  await ledger.commands.submit(await statementCommand(ledger.log, demoProgramme));
  return ledger.records();
}

describe('the founding case', () => {
  let records: LedgerRecord[];
  let report: Report;
  beforeAll(async () => {
    records = await replay();
    const fold = new ReportFold({});
    for (const record of records) fold.add(record);
    report = fold.report();
  });

  it('is the same history every time', () => {
    expect({ records: records.length, hash: hashOf(encodeRecord(records.at(-1)!)) }).toEqual(head);
  });

  it('appropriates 500 M som in each of 2019–2023, 2.5 bn together, and 600 M in 2024', () => {
    const appropriated = report.fiscalYears.map((year) => [year.fiscalYear, year.appropriated]);
    expect(appropriated).toEqual([...[2019, 2020, 2021, 2022, 2023].map((year) => [year, som(500)]), [2024, som(600)]]);
    const earlier = report.fiscalYears.filter(({ fiscalYear }) => fiscalYear < 2024);
    expect(earlier.reduce((sum, year) => sum + BigInt(year.appropriated), 0n).toString()).toBe(som(2_500));
  });

  it('has 197 initiatives finalized, 19 finalizing, one cancelled and one suspended', () => {
    expect(report.programmes[0]!.initiatives).toEqual({
      proposed: 4,
      funded: 4,
      spending: 7,
      finalizing: 19,
      finalized: 197,
      cancelled: 1,
    });
    expect(report.initiatives.filter(({ suspended }) => suspended)).toHaveLength(1);
  });

  it('returns 200 M som of 2023', () => {
    expect(report.fiscalYears.find(({ fiscalYear }) => fiscalYear === 2023)).toMatchObject({ returned: som(200), spent: som(300) });
  });

  it('spreads spending over the years and several ministries', () => {
    for (const { spent } of report.fiscalYears) expect(BigInt(spent)).toBeGreaterThan(BigInt(som(250)));
    expect(report.authorities.filter(({ spent }) => spent !== '0').length).toBeGreaterThanOrEqual(9);
  });

  it('has every title in Kyrgyz, Russian and English, no two alike', () => {
    for (const { title } of report.initiatives) expect(Object.keys(title).sort()).toEqual(['en', 'ky', 'ru']);
    for (const language of ['ky', 'ru', 'en'])
      expect(new Set(report.initiatives.map(({ title }) => title[language])).size).toBe(report.initiatives.length);
  });

  it('learns of things days or weeks after they happened', () => {
    const averages = report.initiatives.map(({ lateness }) => lateness.averageDays);
    expect(averages.reduce((sum, days) => sum + days, 0) / averages.length).toBeGreaterThan(3);
    expect(Math.max(...report.initiatives.map(({ lateness }) => lateness.longestDays))).toBeGreaterThan(20);
  });

  it('has milestones, results and assessments of the initiatives that run; the audit chamber rates one of them red', () => {
    const running = report.initiatives.filter(({ status, suspended }) => status === 'spending' && !suspended);
    expect(running.map(({ milestones, indicators }) => [milestones?.planned, milestones?.met, indicators?.results])).toEqual(
      running.map(() => [3, 1, 1]),
    );
    const red = running.filter(({ confidence }) => confidence?.independent?.rating === 'red');
    expect(red.map(({ confidence, spendingAhead = 0 }) => [confidence?.own?.rating, spendingAhead > 10])).toEqual([['green', true]]);
  });

  it('has contracts that are drawn from, a transfer, and two requests, of which one waits', () => {
    const of = (type: LedgerRecord['type']) => records.filter((record) => record.type === type);
    const types = ['CommitmentMade', 'FundingTransferred', 'CommandSubmitted', 'RequestReturned', 'RequestApproved'] as const;
    expect(types.map((type) => of(type).length)).toEqual([5, 2, 2, 1, 0]);
    expect(records.filter((record) => record.type === 'SpendingRecorded' && record.data.commitmentId !== undefined)).toHaveLength(5);
    expect(BigInt(report.programmes[0]!.committed)).toBeGreaterThan(0n);
    expect(of('CommitmentMade').map((record) => record.type !== 'CommandRefused' && record.references?.length)).toEqual([1, 1, 1, 1, 1]);
  });

  it('refuses overspending, a year closed too early, a late invoice, another ministry, and too much funding', () => {
    const codes = records.flatMap((record) => (record.type === 'CommandRefused' ? [record.data.code] : []));
    const count = (code: string) => codes.filter((one) => one === code).length;
    expect(codes).toHaveLength(18);
    expect({
      overspending: count('funding-exceeded'),
      early: count('year-has-open-funds'),
      late: count('fiscal-year-closed'),
      foreign: count('forbidden'),
      tooMuch: count('appropriation-exceeded'),
    }).toEqual({ overspending: 14, early: 1, late: 1, foreign: 1, tooMuch: 1 });
  });
});
