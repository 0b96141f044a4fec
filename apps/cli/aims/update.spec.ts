import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actor, command, openTestLedger, type TestLedger } from '../../../libs/command-processing/testing/ledger.js';
import type { LedgerRecord } from '../../../libs/event-log/record.js';
import { logSource } from '../import-targets/log-source.js';
import type { ImportRequest } from './import.js';
import { dryRunOf } from './dry-run.js';
import { isAccountedFor } from './report.js';
import { importInto, requestOf } from './testing/target.js';

const first = 'test/data/registers/first-release';
const second = 'test/data/registers/second-release';
/** The records that the second release adds to a ledger that holds the first. */
const updated = async (more: Partial<ImportRequest> = {}) => {
  const ledger = await openTestLedger();
  await importInto(ledger, first);
  const before = (await ledger.records()).length;
  const report = await importInto(ledger, second, { update: true, ...more });
  return { ledger, report, added: (await ledger.records()).slice(before) };
};
const amountIn = ({ data }: LedgerRecord) => ('amount' in data ? data.amount : 'change' in data ? data.change : undefined);
const reasonIn = ({ data }: LedgerRecord) => ('reason' in data ? data.reason : 'description' in data ? data.description : undefined);
const recordsIn = async (ledger: TestLedger) => (await ledger.records()).length;

describe('a second release of a register', () => {
  it('is refused before anything is sent, and the message says what to do', async () => {
    const ledger = await openTestLedger();
    await importInto(ledger, first);
    const before = await recordsIn(ledger);
    await expect(importInto(ledger, second)).rejects.toThrow(
      /^Nothing was imported\. aid holds release [0-9a-f]{12}, and these files are another one, [0-9a-f]{12}\. --update sends what differs, --update --dry-run shows it first/,
    );
    expect(await recordsIn(ledger)).toBe(before);
  });

  it('with --update sends what differs and nothing else', async () => {
    const { added } = await updated();
    expect(added.map((record) => [record.type, record.initiative, amountIn(record), record.occurredOn])).toEqual([
      ['ProgrammeAmended', undefined, undefined, '2024-06-01'],
      ['InitiativeAmended', 'u-1', undefined, '2024-06-01'],
      ['FundingAdjusted', 'u-1', 200_00n, '2010-01-01'],
      ['SpendingReversed', 'u-3', 50_00n, '2012-12-31'],
      ['InitiativeFunded', 'u-3', 300_00n, '2013-01-01'],
      ['SpendingRecorded', 'u-3', 100_00n, '2013-12-31'],
      ['FundingAdjusted', 'u-3', -300_00n, '2012-01-01'],
      ['InitiativeResumed', 'u-4', undefined, '2024-06-01'],
      ['SpendingReversed', 'u-4', 20_00n, '2012-12-31'],
      ['InitiativeProposed', 'u-6', undefined, '2009-01-01'],
      ['InitiativeFunded', 'u-6', 70_00n, '2009-01-01'],
      ['FinalizationStarted', 'u-3', undefined, '2024-06-01'],
      ['FundsReturned', 'u-3', 50_00n, '2024-06-01'],
      ['InitiativeFinalized', 'u-3', undefined, '2024-06-01'],
      ['InitiativeSuspended', 'u-4', undefined, '2024-06-01'],
    ]);
  });

  it('is the reason of each adjustment, reversal and amendment', async () => {
    const { added, report } = await updated();
    const { release } = report.release;
    expect(added.map(reasonIn).filter((reason) => reason?.startsWith('release'))).toEqual([
      `release ${release} as of 2024-06-01: a project began before`,
      `release ${release} as of 2024-06-01`,
      `release ${release} as of 2024-06-01: 1,000.00 of 2010 corrected to 1,200.00, published as a commitment (C), transaction c1`,
      `release ${release} as of 2024-06-01: 200.00 of 2012 corrected to 150.00, published as a disbursement (D), transaction d4`,
      `release ${release} as of 2024-06-01: 300.00 of 2012 corrected to 0.00, published as a commitment (C), transaction c3`,
      `release ${release} as of 2024-06-01: its figures change`,
      `release ${release} as of 2024-06-01: 50.00 of 2012 corrected to 30.00, published as a disbursement (D), transaction d5`,
    ]);
  });

  it('is reported as the ledger itself holds it, beside what was published', async () => {
    const { report } = await updated();
    expect(report.commitments).toMatchObject({
      published: 2150_00n,
      accepted: { count: 5, sum: 2150_00n },
      refused: { count: 0, sum: 0n },
    });
    expect(report.disbursements).toMatchObject({
      published: 1580_00n,
      accepted: { count: 5, sum: 1280_00n },
      refused: { count: 1, sum: 300_00n },
    });
    // 40 funded and spent belong to the project that the release no longer has.
    expect(report.ledger).toEqual({
      funded: { published: 2150_00n, holds: 2190_00n, byOthers: 0n, kept: 40_00n },
      spent: { published: 1580_00n, holds: 1320_00n, byOthers: 0n, kept: 40_00n },
    });
    expect(isAccountedFor(report)).toBe(true);
    expect(report.rows).toMatchObject([{ outcome: 'refused', line: 6, project: 'U-2', transaction: 'd3', code: 'funding-exceeded' }]);
    expect(report.notes).toEqual([{ kind: 'project-gone', project: 'u-5', detail: 'no longer published; the ledger keeps it' }]);
  });

  it('adds nothing when it is imported again, with --update or without', async () => {
    const { ledger, report } = await updated();
    const before = await recordsIn(ledger);
    for (const more of [{}, { update: true }]) {
      const again = await importInto(ledger, second, more);
      expect(again).toEqual({ ...report, sent: 0, recordedBefore: report.recordedBefore + report.sent });
      expect(await recordsIn(ledger)).toBe(before);
    }
  });

  it('continues an interrupted update, and ends as if it had not been interrupted', async () => {
    const whole = await updated();
    for (let taken = 1; taken < whole.added.length; taken++) {
      const ledger = await openTestLedger();
      await importInto(ledger, first);
      const { planned } = await dryRunOf(requestOf(ledger, second, { update: true }), logSource(ledger.log));
      await ledger.commands.submitAll(planned.slice(0, taken).map(({ command }) => command));
      const report = await importInto(ledger, second);
      expect([taken, report.ledger]).toEqual([taken, whole.report.ledger]);
      expect((await ledger.records()).map(({ type }) => type).sort()).toEqual(
        (await whole.ledger.records()).map(({ type }) => type).sort(),
      );
    }
  });

  it('can be undone by importing the first one: the rows that a final status forbids are refused and named', async () => {
    const { ledger } = await updated();
    await expect(importInto(ledger, first)).rejects.toThrow('--update');
    const back = await importInto(ledger, first, { update: true });
    expect(back.release.number).toBe(3);
    expect(isAccountedFor(back)).toBe(true);
    expect(back.commitments.published).toBe(1920_00n);
    expect(back.rows.filter(({ project }) => project !== 'U-3').map(({ transaction }) => transaction)).toEqual(['d3']);
    const before = await recordsIn(ledger);
    await importInto(ledger, first);
    expect(await recordsIn(ledger)).toBe(before);
  });

  it('is tried in memory: the dry run says what will be recorded, and records nothing', async () => {
    const ledger = await openTestLedger();
    await importInto(ledger, first);
    const before = await recordsIn(ledger);
    const { planned, report } = await dryRunOf(requestOf(ledger, second, { update: true }), logSource(ledger.log));
    expect(await recordsIn(ledger)).toBe(before);
    const imported = await importInto(ledger, second, { update: true });
    expect(imported).toEqual(report);
    expect((await ledger.records()).slice(before).map(({ commandId }) => commandId)).toEqual(
      planned.map(({ command }) => command.commandId),
    );
  });

  it('tries again what was refused before, once the project’s money changes', async () => {
    const ledger = await openTestLedger();
    await importInto(ledger, 'test/data/registers/overspent');
    const report = await importInto(ledger, 'test/data/registers/overspent-mended', { update: true });
    expect(report.rows).toEqual([]);
    expect(report.ledger.spent).toMatchObject({ published: 700_00n, holds: 700_00n });
  });

  it('with a fault in a row leaves the ledger’s records of it as they are, and counts the row as left out', async () => {
    const release = await copyOf(first, (line) => line.replace('d2,U-2,,2011,D,USD,400', 'd2,U-2,,2011,D,USD,4OO'));
    const ledger = await openTestLedger();
    await importInto(ledger, first);
    const before = await recordsIn(ledger);
    const report = await importInto(ledger, release, { update: true, acceptFaults: true });
    expect(await recordsIn(ledger)).toBe(before);
    expect(report.rows).toMatchObject([
      { outcome: 'refused', line: 6, transaction: 'd3' },
      { outcome: 'left-out', line: 5, transaction: 'd2' },
    ]);
    expect(report.disbursements).toMatchObject({ published: 1590_00n, accepted: { sum: 890_00n }, leftOut: { count: 1, sum: 400_00n } });
    expect(report.ledger.spent).toEqual({ published: 1590_00n, holds: 1290_00n, byOthers: 0n, kept: 400_00n });
    expect(isAccountedFor(report)).toBe(true);
  });

  it('of a ledger from before releases were named is an update as well', async () => {
    const ledger = await openTestLedger();
    const { planned } = await dryRunOf(requestOf(ledger, first), logSource(ledger.log));
    const nameless = planned.map(({ command }) => ({ ...command, commandId: command.commandId.replace(/-1\..*$/, '') }));
    await ledger.commands.submitAll(nameless);
    const before = await recordsIn(ledger);
    await expect(importInto(ledger, first)).rejects.toThrow('aid holds a release imported before releases had names');
    const report = await importInto(ledger, first, { update: true });
    expect(await recordsIn(ledger)).toBe(before);
    expect(isAccountedFor(report)).toBe(true);
    expect((await importInto(ledger, second, { update: true })).ledger.funded.holds).toBe(2190_00n);
  });

  it('keeps what others recorded, which is no difference; the report shows it separately', async () => {
    const ledger = await openTestLedger();
    await importInto(ledger, first);
    const clerk = actor('finance', 'treasury');
    await ledger.commands.submit(
      command('FundInitiative', clerk, { fundingId: 'own', fiscalYear: 2024, amount: 5_00n }, { programme: 'aid', initiative: 'u-1' }),
    );
    const report = await importInto(ledger, second, { update: true });
    expect(report.ledger.funded).toEqual({ published: 2150_00n, holds: 2195_00n, byOthers: 5_00n, kept: 40_00n });
    expect(isAccountedFor(report)).toBe(true);
  });

  it('keeps what others recorded under a command id that looks like an import’s', async () => {
    const ledger = await openTestLedger();
    await importInto(ledger, first);
    const ministry = actor('ministry', 'bank-of-roads');
    const own = command(
      'RecordSpending',
      ministry,
      { transactionId: 'own', amount: 5_00n },
      {
        programme: 'aid',
        initiative: 'u-1',
        commandId: `aims-${'0'.repeat(40)}-9.${'0'.repeat(12)}`,
      },
    );
    expect(await ledger.commands.submit(own)).toMatchObject({ kind: 'accepted' });
    const report = await importInto(ledger, second, { update: true });
    expect(report.release.number).toBe(2);
    expect(report.ledger.spent).toEqual({ published: 1580_00n, holds: 1325_00n, byOthers: 5_00n, kept: 40_00n });
    expect(report.rows.map(({ transaction }) => transaction)).toEqual(['d3']);
  });
});

const copies: string[] = [];
afterAll(async () => {
  for (const copy of copies) await rm(copy, { recursive: true });
});
/** A copy of a release with some lines of it changed. */
async function copyOf(release: string, change: (line: string) => string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'release-'));
  copies.push(copy);
  for (const file of ['projects.csv', 'transactions.csv']) {
    const lines = (await readFile(join(release, file), 'utf8')).split('\n');
    await writeFile(join(copy, file), lines.map(change).join('\n'));
  }
  return copy;
}
