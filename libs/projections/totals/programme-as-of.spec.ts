import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { command, fundedInitiative, justice, openTestLedger, spend } from '../../command-processing/testing/ledger.js';
import type { Command } from '../../domain/commands.js';
import type { LedgerRecord } from '../../event-log/record.js';
import { MemoryReadModels } from '../../read-models/memory/memory-read-models.js';
import type { AsOf } from '../as-of.js';
import { reads } from '../reads.js';
import { Source } from '../source.js';
import { authorityView, regionView, sectorView, sourceView } from './views.js';
import { ReportFold, type Report } from '../report.js';
import { attempts, ledgerOf, manyAttempts, project, rules, type Attempt } from '../testing/random-history.js';

/** The report of the history as of then, folded record by record. */
function cutAt(records: readonly LedgerRecord[], asOf: AsOf): Report {
  const fold = new ReportFold(asOf);
  for (const record of records) fold.add(record);
  return fold.report();
}

async function read(source: Source, asOf: AsOf): Promise<Report> {
  const programme = await reads.programme(source, 'p', asOf);
  const initiatives = [];
  for (const code of ['a', 'b', 'c']) {
    const initiative = await reads.initiative(source, 'p', code, asOf);
    if (initiative) initiatives.push(initiative);
  }
  return {
    programmes: programme ? [programme] : [],
    fiscalYears: (await reads.fiscalYears(source, 'p', asOf)) ?? [],
    authorities: ((await reads.groupsOf(source, 'p', 'authority', asOf)) ?? []).map(authorityView),
    regions: ((await reads.groupsOf(source, 'p', 'region', asOf)) ?? []).map(regionView),
    sources: ((await reads.groupsOf(source, 'p', 'source', asOf)) ?? []).map(sourceView),
    sectors: ((await reads.groupsOf(source, 'p', 'sector', asOf)) ?? []).map(sectorView),
    initiatives,
  };
}

async function sourceOver(ledger: Awaited<ReturnType<typeof ledgerOf>>): Promise<Source> {
  const models = new MemoryReadModels();
  await project(ledger, models);
  return new Source(models);
}

const dates = fc
  .integer({ min: -5, max: 700 })
  .map((days) => new Date(Date.parse('2023-10-28T00:00:00Z') + days * 86_400_000).toISOString());
const cuts: fc.Arbitrary<AsOf> = fc.record(
  { occurredBy: dates.map((moment) => moment.slice(0, 10)), knownBy: dates.map((moment) => moment.replace('T00', 'T18')) },
  { requiredKeys: [] },
);

describe('documents as of a past day', () => {
  it('equal a fold of the history cut there, whatever was recorded late', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(attempts, manyAttempts),
        rules,
        fc.array(cuts, { minLength: 4, maxLength: 4 }),
        async (tried, established, asked) => {
          const ledger = await ledgerOf(tried, established);
          const source = await sourceOver(ledger);
          const records = await ledger.records();
          for (const asOf of [{}, ...asked]) expect(await read(source, asOf)).toEqual(cutAt(records, asOf));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('follow an initiative that changes hands after the fact', async () => {
    const attempt = (what: Attempt['what'], later: number, late: number, authority = 'ministry-of-justice', amount = 60): Attempt => ({
      what,
      later,
      late,
      authority,
      amount,
      initiative: 'a',
      pick: 1,
    });
    const ledger = await ledgerOf([
      attempt('propose', 0, 0),
      attempt('fund', 5, 0),
      attempt('spend', 20, 0),
      // Entered at the end, and dated before the money was spent.
      attempt('hand-over', 10, 20, 'ministry-of-health'),
    ]);
    const source = await sourceOver(ledger);
    const spentBy = async (asOf: AsOf) =>
      (await reads.groupsOf(source, 'p', 'authority', asOf))?.map(({ value: authority, funded, spent, initiatives }) => ({
        authority,
        funded,
        spent,
        spending: initiatives.spending,
      }));
    const justice = { authority: 'ministry-of-justice', funded: '60', spent: '21', spending: 1 };
    expect(await spentBy({ knownBy: '2023-11-27T00:00:00.000Z' })).toEqual([justice]);
    expect(await spentBy({ occurredBy: '2023-11-14' })).toEqual([{ ...justice, spent: '0', spending: 0 }]);
    expect(await spentBy({ occurredBy: '2023-11-30' })).toEqual([
      { authority: 'ministry-of-health', funded: '60', spent: '21', spending: 1 },
      { authority: 'ministry-of-justice', funded: '0', spent: '0', spending: 0 },
    ]);
    expect(await spentBy({})).toEqual(await spentBy({ occurredBy: '2023-11-30' }));
  });

  it('count money of a day before the first region, recorded late, from that region on', async () => {
    const ledger = await openTestLedger({ clock: { now: Date.parse('2024-05-01T00:00:00Z') } });
    const region = (occurredOn: string) => command('AmendInitiative', justice, { region: 'Чүй', reason: 'why' }, { occurredOn });
    const outcomes = await ledger.commands.submitAll([
      ...fundedInitiative(1_000n).map((one) => ({ ...one, occurredOn: '2024-01-01' })),
      spend(1n, 'T-1', { occurredOn: '2024-02-01' }),
      region('2024-04-01'),
      spend(10n, 'T-2', { occurredOn: '2024-03-01' }),
      spend(100n, 'T-3', { occurredOn: '2024-04-01' }),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(outcomes.map(() => 'accepted'));
    const source = await sourceOver(ledger);
    const spentIn = async (asOf: AsOf) => (await reads.groupsOf(source, 'p', 'region', asOf))?.map(({ spent }) => spent);
    expect(await spentIn({})).toEqual(['111']);
    expect(await spentIn({ occurredBy: '2024-04-01' })).toEqual(['111']);
    expect(await spentIn({ occurredBy: '2024-03-31' })).toEqual([]);
  });

  it.each(['of one day', 'of many days'])(
    'equal a fold of the history cut at and around the ends of checkpoint intervals %s',
    async (what) => {
      // Established, granted, proposed, funded: four records, and then spending, up to the cut.
      const ends = [5, 999, 1_000, 1_001, 1_500, 19_999, 20_000, 20_001, 20_999, 21_000, 21_250];
      const ledger = await openTestLedger({ clock: { now: Date.parse('2024-03-04T00:00:00Z') } });
      const submit = async (commands: Command[]) => {
        for (const outcome of await ledger.commands.submitAll(commands)) expect(outcome.kind).toBe('accepted');
      };
      await submit(fundedInitiative(1_000_000n));
      const moments = [];
      let position = 4;
      for (const end of ends) {
        ledger.clock.now += what === 'of one day' ? 60_000 : 86_400_000;
        await submit(Array.from({ length: end - position }, (_, index) => spend(BigInt(1 + (index % 7)), `T-${position + index}`)));
        position = end;
        moments.push(new Date(ledger.clock.now).toISOString());
      }
      const source = await sourceOver(ledger);
      const found = await Promise.all(moments.map((knownBy) => reads.programme(source, 'p', { knownBy })));
      expect(found.map((programme) => programme?.position)).toEqual(ends);
      const records = await ledger.records();
      expect(found).toEqual(moments.map((knownBy) => cutAt(records, { knownBy }).programmes[0]));
    },
  );

  it('know nothing of what was not there yet', async () => {
    const ledger = await ledgerOf([]);
    const source = await sourceOver(ledger);
    expect(await reads.programme(source, 'p', { occurredBy: '2023-10-31' })).toBeUndefined();
    expect(await reads.programme(source, 'p', { knownBy: '2023-11-01T11:59:59.999Z' })).toBeUndefined();
    expect(await reads.programme(source, 'q', { occurredBy: '2024-01-01' })).toBeUndefined();
    expect(await reads.fiscalYears(source, 'p', { occurredBy: '2023-10-31' })).toBeUndefined();
    expect(await reads.initiative(source, 'p', 'a', { occurredBy: '2024-01-01' })).toBeUndefined();
  });
});
