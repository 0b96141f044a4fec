import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { actor, command, establish, finance, openTestLedger } from '../../command-processing/testing/ledger.js';
import { MemoryReadModels } from '../../read-models/memory/memory-read-models.js';
import type { AsOf } from '../as-of.js';
import { reads } from '../reads.js';
import { Source } from '../source.js';
import { ledgerOf, manyAttempts, project, rules } from '../testing/random-history.js';
import { periodLengths } from './periods.js';
import { measures, mostItems, seriesGroups, sumsOnly, type SeriesAsked, type SeriesView, type StatusSeriesView } from './series.js';
import type { ProgrammeView } from './views.js';

async function sourceOver(ledger: Parameters<typeof project>[0], signal?: AbortSignal): Promise<Source> {
  const models = new MemoryReadModels();
  await project(ledger, models);
  return new Source(models, undefined, signal);
}

const dates = fc
  .integer({ min: -5, max: 700 })
  .map((days) => new Date(Date.parse('2023-10-28T00:00:00Z') + days * 86_400_000).toISOString());
const cuts: fc.Arbitrary<AsOf> = fc.record(
  { occurredBy: dates.map((moment) => moment.slice(0, 10)), knownBy: dates.map((moment) => moment.replace('T00', 'T18')) },
  { requiredKeys: [] },
);

type Sums = Partial<Record<(typeof measures)[number], string>>;
const sum = (items: readonly Sums[]) =>
  Object.fromEntries(measures.map((measure) => [measure, items.reduce((all, item) => all + BigInt(item[measure] ?? '0'), 0n).toString()]));
const nothing: Sums = { appropriated: '0', funded: '0', spent: '0', returned: '0', committed: '0' };
const sumsIn = ({ appropriated, funded, spent, returned, committed }: Sums) => ({
  appropriated: appropriated ?? '0',
  funded: funded ?? '0',
  spent: spent ?? '0',
  returned: returned ?? '0',
  committed: committed ?? '0',
});

async function itemsOf(source: Source, asked: SeriesAsked, asOf: AsOf): Promise<SeriesView[]> {
  return sumsOnly(await reads.series(source, 'p', asked, asOf));
}
async function countsOf(source: Source, asked: SeriesAsked, asOf: AsOf): Promise<StatusSeriesView[]> {
  const found = await reads.series(source, 'p', asked, asOf);
  return found && 'items' in found ? found.items.filter((item) => 'initiatives' in item) : [];
}

/** The programme at the end of a day, within what is asked for. */
function onDay(source: Source, { occurredBy, ...asOf }: AsOf, day: string): Promise<ProgrammeView | undefined> {
  return reads.programme(source, 'p', { ...asOf, occurredBy: occurredBy !== undefined && occurredBy < day ? occurredBy : day });
}
const dayBefore = (day: string) => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);

describe('a series', () => {
  it('adds up to the totals of the programme, every authority, region, sector and source, as of any day', async () => {
    await fc.assert(
      fc.asyncProperty(manyAttempts, rules, fc.array(cuts, { minLength: 2, maxLength: 2 }), async (tried, established, asked) => {
        const source = await sourceOver(await ledgerOf(tried, established));
        for (const asOf of [{}, ...asked]) {
          const programme = await reads.programme(source, 'p', asOf);
          const authorities = (await reads.groupsOf(source, 'p', 'authority', asOf)) ?? [];
          const regions = (await reads.groupsOf(source, 'p', 'region', asOf)) ?? [];
          const sectors = (await reads.groupsOf(source, 'p', 'sector', asOf)) ?? [];
          const sources = (await reads.groupsOf(source, 'p', 'source', asOf)) ?? [];
          for (const by of periodLengths) {
            expect(sum(await itemsOf(source, { by, measures }, asOf))).toEqual(sumsIn(programme ?? nothing));
            const groups = [
              ['authority', authorities],
              ['region', regions],
              ['sector', sectors],
              ['source', sources],
            ] as const;
            for (const [group, all] of groups) {
              const items = await itemsOf(source, { by, group, measures }, asOf);
              for (const { value, ...totals } of all)
                expect([value, sum(items.filter((item) => item.group === value))]).toEqual([value, sumsIn({ ...nothing, ...totals })]);
              expect(items.filter((item) => !all.some(({ value }) => value === item.group))).toEqual([]);
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('has in each period what came to the totals from its first day to its last, and every status at its end', async () => {
    await fc.assert(
      fc.asyncProperty(manyAttempts, rules, cuts, fc.constantFrom(...periodLengths), async (tried, established, cut, by) => {
        const source = await sourceOver(await ledgerOf(tried, established));
        for (const asOf of [{}, cut]) {
          for (const { from, to, ...sums } of await itemsOf(source, { by, measures }, asOf)) {
            const [before, after] = [await onDay(source, asOf, dayBefore(from)), await onDay(source, asOf, to)];
            expect(sum([sumsIn(before ?? nothing), sums])).toEqual(sumsIn(after ?? nothing));
          }
          const counts = await countsOf(source, { by, group: 'status', measures: [] }, asOf);
          for (const { to, initiatives } of counts) expect([to, initiatives]).toEqual([to, (await onDay(source, asOf, to))?.initiatives]);
          expect(counts.at(-1)?.initiatives ?? (await reads.programme(source, 'p', asOf))?.initiatives).toEqual(
            (await reads.programme(source, 'p', asOf))?.initiatives,
          );
        }
      }),
      { numRuns: 40 },
    );
  });

  it('of the present is the one walked through the whole history', async () => {
    await fc.assert(
      fc.asyncProperty(manyAttempts, async (tried) => {
        const source = await sourceOver(await ledgerOf(tried));
        for (const by of periodLengths)
          for (const asked of [{ by, measures }, ...seriesGroups.map((group) => ({ by, group, measures }))])
            expect(await reads.series(source, 'p', asked, {})).toEqual(
              await reads.series(source, 'p', asked, { occurredBy: '9999-12-31' }),
            );
      }),
      { numRuns: 20 },
    );
  });

  it('has the periods without a movement between the first and the last, and none for a programme without one', async () => {
    const ledger = await openTestLedger({ clock: { now: Date.parse('2024-12-10T00:00:00Z') } });
    const grant = (fiscalYear: number, occurredOn: string) =>
      command('GrantAppropriation', finance, { fiscalYear, amount: 5n, legalBasis: 'law' }, { occurredOn });
    await ledger.commands.submitAll([{ ...establish(), occurredOn: '2024-01-01' }]);
    expect(await itemsOf(await sourceOver(ledger), { by: 'month', measures }, {})).toEqual([]);
    await ledger.commands.submitAll([grant(2024, '2024-01-15'), grant(2025, '2024-04-02')]);
    const source = await sourceOver(ledger);
    const months = await itemsOf(source, { by: 'month', measures: ['appropriated'] }, {});
    expect(months).toEqual([
      { programme: 'p', period: '2024-01', from: '2024-01-01', to: '2024-01-31', appropriated: '5' },
      { programme: 'p', period: '2024-02', from: '2024-02-01', to: '2024-02-29', appropriated: '0' },
      { programme: 'p', period: '2024-03', from: '2024-03-01', to: '2024-03-31', appropriated: '0' },
      { programme: 'p', period: '2024-04', from: '2024-04-01', to: '2024-04-30', appropriated: '5' },
    ]);
    expect(await itemsOf(source, { by: 'month', measures: ['spent'] }, {})).toEqual([]);
    expect(await reads.series(source, 'q', { by: 'month', measures }, {})).toBeUndefined();
    expect(await reads.series(source, 'p', { by: 'month', measures }, { occurredBy: '2023-12-31' })).toBeUndefined();
  });

  it('that is too long for an answer says how long it is', async () => {
    const ledger = await openTestLedger({ clock: { now: Date.parse('2024-12-10T00:00:00Z') } });
    const many = Array.from({ length: 40 }, (_, index) => `ministry-${String(index).padStart(2, '0')}`);
    const occurredOn = '1900-01-01';
    const fund = (fiscalYear: number, more: { occurredOn: string }) =>
      command(
        'FundInitiative',
        finance,
        { fundingId: `F-${fiscalYear}`, fiscalYear, amount: 1n },
        { initiative: 'i-ministry-00', ...more },
      );
    const outcomes = await ledger.commands.submitAll([
      { ...establish({ ceiling: 'none' }), occurredOn },
      ...many.map((authority) =>
        command(
          'ProposeInitiative',
          actor('ministry', authority),
          { title: { en: 'I' }, authority },
          { initiative: `i-${authority}`, occurredOn },
        ),
      ),
      fund(1900, { occurredOn: '1900-01-02' }),
      fund(2024, { occurredOn: '2024-12-01' }),
    ]);
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(outcomes.map(() => 'accepted'));
    const source = await sourceOver(ledger);
    expect(await reads.series(source, 'p', { by: 'month', group: 'authority', measures }, {})).toEqual({ tooMany: 1_500 * many.length });
    expect(1_500 * many.length).toBeGreaterThan(mostItems);
    expect((await itemsOf(source, { by: 'year', group: 'authority', measures }, {})).length).toBe(125 * many.length);
  });

  it('is read no further once the reader is gone', async () => {
    const gone = new AbortController();
    const source = await sourceOver(await ledgerOf([]), gone.signal);
    gone.abort(new Error('the reader is gone'));
    await expect(reads.series(source, 'p', { by: 'month', measures }, {})).rejects.toThrow('the reader is gone');
    await expect(reads.series(source, 'p', { by: 'month', group: 'region', measures }, {})).rejects.toThrow('the reader is gone');
  });
});
