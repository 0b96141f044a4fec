import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { command, fundedInitiative, justice, openTestLedger, spend } from '../../command-processing/testing/ledger.js';
import type { LedgerRecord } from '../../event-log/record.js';
import { cursorAfter, positionOf } from '../../read-models/find.js';
import { matches } from '../../read-models/matches.js';
import { BadCursor } from '../../read-models/ports.js';
import { MemoryReadModels } from '../../read-models/memory/memory-read-models.js';
import type { AsOf } from '../as-of.js';
import { reads } from '../reads.js';
import { Source } from '../source.js';
import { entries } from '../entries/collection.js';
import { ledgerOf, manyAttempts, project, rules } from '../testing/random-history.js';
import { groupings } from '../totals/dimensions.js';
import { periodLengths } from '../totals/periods.js';
import { measures, sumsOnly } from '../totals/series.js';
import type { EffectView } from './effects.js';
import { ExplainFold } from './fold.js';
import { figureOf, namesOfFigures, ownerNamed, type FigureAsked, type FigureName, type Owner } from './figures.js';

async function sourceOver(ledger: Parameters<typeof project>[0]): Promise<Source> {
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

/** Mostly a figure fits one page; some come in many. */
const pageSizes = fc.constantFrom(2, 5, 100);

type Explained = { sum: string; items: EffectView[] };
/** A figure with the effects of all its pages. Each page must begin at the end of the one before. */
async function explained(source: Source, asked: FigureAsked, asOf: AsOf = {}, limit = 3): Promise<Explained | string | undefined> {
  const items: EffectView[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await reads.explanation(source, 'p', asked, asOf, { limit, ...(cursor !== undefined && { cursor }) });
    if (!page || 'unknown' in page) return page?.unknown;
    expect(page.before).toBe(items.at(-1)?.sum ?? '0');
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.cursor;
    if (cursor === undefined) return { sum: page.sum, items };
  }
}

/** The same, from the records alone. */
function folded(records: readonly LedgerRecord[], asked: FigureAsked, asOf: AsOf) {
  const figure = figureOf(asked);
  if (!figure) throw new Error(`there is no figure ${asked.figure}`);
  const fold = new ExplainFold(figure, asked, asOf);
  for (const record of records) fold.add(record);
  return fold.explanation();
}

/** What the effects of a figure add up to. */
const total = ({ items }: Explained) => items.reduce((sum, { effect }) => sum + BigInt(effect), 0n).toString();

/** A figure as a list shows it; a share and what has no value are left out. */
type Shown = { asked: FigureAsked; shown: string };

/** Every figure that lists and pages show as of then. */
async function figuresShown(source: Source, asOf: AsOf): Promise<Shown[]> {
  const all: Shown[] = [];
  const add = (owner: Owner, view: Readonly<Record<string, unknown>>, fiscalYear?: number) => {
    for (const figure of namesOfFigures(owner)) {
      const shown = view[figure];
      if (typeof shown === 'string') all.push({ asked: { figure, owner, ...(fiscalYear !== undefined && { fiscalYear }) }, shown });
    }
  };
  const sides = (view: { spent: string; appropriated: string }) => ({
    'absorption-numerator': view.spent,
    'absorption-denominator': view.appropriated,
  });
  const programme = await reads.programme(source, 'p', asOf);
  if (!programme) return all;
  add('programme', { ...programme, ...sides(programme) });
  for (const { fiscalYear, ...year } of (await reads.fiscalYears(source, 'p', asOf)) ?? []) {
    const detail = await reads.fiscalYear(source, 'p', fiscalYear, asOf);
    add('programme', { ...year, ...sides(year), unspent: detail?.year?.openFunds.amount }, fiscalYear);
  }
  for (const grouping of groupings)
    for (const { value, ...group } of (await reads.groupsOf(source, 'p', grouping, asOf)) ?? []) add(ownerNamed(grouping, value), group);
  for (const code of ['a', 'b', 'c']) {
    const initiative = await reads.initiative(source, 'p', code, asOf);
    if (!initiative) continue;
    const denominator = (BigInt(initiative.funded) - BigInt(initiative.returned)).toString();
    add(ownerNamed('initiative', code), { ...initiative, 'absorption-numerator': initiative.spent, 'absorption-denominator': denominator });
    for (const { fiscalYear, ...year } of initiative.fiscalYears) add(ownerNamed('initiative', code), year, fiscalYear);
  }
  return all;
}

describe('an explanation', () => {
  it('adds up to every figure that lists show, now and as of any day, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(
        manyAttempts,
        rules,
        fc.array(cuts, { minLength: 2, maxLength: 2 }),
        pageSizes,
        async (tried, established, asked, limit) => {
          const ledger = await ledgerOf(tried, established);
          const [source, records] = [await sourceOver(ledger), await ledger.records()];
          for (const asOf of [{}, ...asked])
            for (const { asked: figure, shown } of await figuresShown(source, asOf)) {
              const found = await explained(source, figure, asOf, limit);
              if (typeof found !== 'object') throw new Error(`${JSON.stringify(figure)} is not explained: ${String(found)}`);
              expect({ figure, asOf, sum: found.sum, total: total(found), last: found.items.at(-1)?.sum ?? '0' }).toEqual({
                ...{ figure, asOf },
                ...{ sum: shown, total: shown, last: shown },
              });
              expect(found.items.filter(({ effect }) => effect === '0')).toEqual([]);
              const { sum, items } = folded(records, figure, asOf);
              expect({ sum, items }).toEqual(found);
            }
        },
      ),
      { numRuns: 10 },
    );
  });

  it('of a period adds up to that period’s figure in the series', async () => {
    await fc.assert(
      fc.asyncProperty(manyAttempts, rules, cuts, fc.constantFrom(...periodLengths), async (tried, established, cut: AsOf, by) => {
        const source = await sourceOver(await ledgerOf(tried, established));
        for (const asOf of [{}, cut])
          for (const group of [undefined, ...groupings])
            for (const item of sumsOnly(await reads.series(source, 'p', { by, ...(group && { group }), measures }, asOf))) {
              const owner = group === undefined ? 'programme' : ownerNamed(group, item.group ?? '');
              const occurredBy = asOf.occurredBy !== undefined && asOf.occurredBy < item.to ? asOf.occurredBy : item.to;
              for (const figure of measures.filter((measure) => namesOfFigures(owner).some((name) => name === measure))) {
                const found = await explained(source, { figure, owner, occurredAfter: item.from }, { ...asOf, occurredBy }, 100);
                if (typeof found !== 'object') throw new Error(`${figure} of ${item.period} is not explained: ${String(found)}`);
                expect([figure, item.period, found.sum, total(found)]).toEqual([figure, item.period, item[figure], item[figure]]);
              }
            }
      }),
      { numRuns: 5 },
    );
  });
});

/** Read models that examine a few entries for a page, as indexes of a large store do, and then answer with what they found. */
function examiningFew(models: MemoryReadModels, few: number): { models: MemoryReadModels; finds: () => number } {
  let finds = 0;
  const find: MemoryReadModels['find'] = async (generation, collection, query) => {
    if (collection !== entries.name) return models.find(generation, collection, query);
    finds++;
    const { equals, within, ...others } = query;
    const { documents, cursor } = await models.find(generation, collection, { ...others, limit: few });
    const last = documents.at(-1);
    const found = documents.filter((document) =>
      matches(entries, { scope: query.scope, ...(equals && { equals }), ...(within && { within }) }, document),
    );
    const all =
      found.length <= query.limit ? { looked: last, isRest: cursor !== undefined } : { looked: found[query.limit - 1], isRest: true };
    const rest = all.isRest && all.looked && { cursor: cursorAfter(entries, query, positionOf(entries, query, all.looked)) };
    return { documents: found.slice(0, query.limit), ...rest };
  };
  return { models: Object.assign(Object.create(models) as MemoryReadModels, { find }), finds: () => finds };
}

describe('an explanation from a store that examines few entries for a page', () => {
  it('is the same, in more pages', async () => {
    await fc.assert(
      fc.asyncProperty(manyAttempts, fc.integer({ min: 1, max: 9 }), async (tried, few) => {
        const models = new MemoryReadModels();
        await project(await ledgerOf(tried), models);
        const sparing = new Source(examiningFew(models, few).models);
        for (const { asked } of await figuresShown(new Source(models), {}))
          expect(await explained(sparing, asked, {}, 7)).toEqual(await explained(new Source(models), asked, {}, 100));
      }),
      { numRuns: 3 },
    );
  });

  it('goes on with the next record that changes the figure, however far away it is', async () => {
    const ledger = await openTestLedger();
    const many = Array.from({ length: 20_050 }, (_, index) => spend(1n, `T-${index}`));
    await ledger.commands.submitAll([
      ...fundedInitiative(90_000n),
      ...many,
      command('ReturnFunds', justice, { returnId: 'U-1', fiscalYear: 2024, amount: 5n }),
    ]);
    const models = new MemoryReadModels();
    await project(ledger, models);
    const { models: sparing, finds } = examiningFew(models, 100);
    const returned = await reads.explanation(new Source(sparing), 'p', { figure: 'returned', owner: 'programme' }, {}, { limit: 9 });
    expect(returned).toMatchObject({ sum: '5', items: [{ position: 20_055, effect: '5' }] });
    expect(returned).not.toHaveProperty('cursor');
    expect(finds()).toBe(2);
  });
});

const spentBy = (authority: string): FigureAsked => ({ figure: 'spent', owner: `authority/${authority}` });
const effectsIn = (found: Explained | string | undefined) =>
  typeof found === 'object' ? found.items.map(({ position, type, effect, sum }) => [position, type, effect, sum]) : found;

describe('the events that add up to a figure', () => {
  /** Recorded: 1 the programme, 2 its appropriation, 3 the proposal, 4 the funding. */
  async function ledger(...commands: Parameters<Awaited<ReturnType<typeof openTestLedger>>['commands']['submitAll']>[0]) {
    const one = await openTestLedger({ clock: { now: Date.parse('2024-05-01T00:00:00Z') } });
    const outcomes = await one.commands.submitAll([
      ...fundedInitiative(1_000n).map((command) => ({ ...command, occurredOn: '2024-01-01' })),
      ...commands,
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(outcomes.map(() => 'accepted'));
    return sourceOver(one);
  }

  it('are the amendment too that brings money from another group and takes it there', async () => {
    const source = await ledger(
      spend(10n, 'T-1', { occurredOn: '2024-02-01' }),
      command('AmendInitiative', justice, { region: 'Chuy', reason: 'why' }, { occurredOn: '2024-03-01' }),
      spend(5n, 'T-2', { occurredOn: '2024-04-01' }),
    );
    const spentInChuy: FigureAsked = { figure: 'spent', owner: 'region/Chuy' };
    expect(effectsIn(await explained(source, spentInChuy))).toEqual([
      [6, 'InitiativeAmended', '10', '10'],
      [7, 'SpendingRecorded', '5', '15'],
    ]);
    expect(effectsIn(await explained(source, spentInChuy, { occurredBy: '2024-02-29' }))).toEqual([]);
    expect(effectsIn(await explained(source, spentBy('ministry-of-justice')))).toEqual([
      [5, 'SpendingRecorded', '10', '10'],
      [7, 'SpendingRecorded', '5', '15'],
    ]);
  });

  it('count money that was spent before the first region, and recorded after it, from that region’s first day on', async () => {
    const source = await ledger(
      command('AmendInitiative', justice, { region: 'Chuy', reason: 'why' }, { occurredOn: '2024-04-01' }),
      spend(5n, 'T-1', { occurredOn: '2024-03-01' }),
    );
    const spentInChuy: FigureAsked = { figure: 'spent', owner: 'region/Chuy' };
    expect(effectsIn(await explained(source, spentInChuy, { occurredBy: '2024-03-31' }))).toEqual([]);
    expect(effectsIn(await explained(source, spentInChuy))).toEqual([[6, 'SpendingRecorded', '5', '5']]);
  });

  it('say of a figure of several amounts how each of them changed', async () => {
    const commitment = { commitmentId: 'C-1', supplier: 'S' };
    const source = await ledger(
      command('MakeCommitment', justice, { ...commitment, amount: 300n }, { occurredOn: '2024-02-01' }),
      command('RecordSpending', justice, { transactionId: 'T-1', amount: 100n, commitmentId: 'C-1' }, { occurredOn: '2024-02-02' }),
      spend(50n, 'T-2', { occurredOn: '2024-02-03' }),
    );
    const page = await reads.explanation(source, 'p', { figure: 'free', owner: 'initiative/i' }, {}, { limit: 100 });
    expect(page).toMatchObject({
      sum: '650',
      before: '0',
      position: 7,
      parts: [
        { amount: 'funded', sign: '+', sum: '1000' },
        { amount: 'spent', sign: '-', sum: '150' },
        { amount: 'returned', sign: '-', sum: '0' },
        { amount: 'committed', sign: '-', sum: '200' },
      ],
      // Money drawn from a commitment was not free before.
      items: [
        { position: 4, effect: '1000', sum: '1000', changes: { funded: '1000' } },
        { position: 5, effect: '-300', sum: '700', changes: { committed: '300' } },
        { position: 7, effect: '-50', sum: '650', changes: { spent: '50' } },
      ],
    });
    expect(page).not.toHaveProperty('cursor');
  });

  it('stay the same on every page while the history goes on', async () => {
    const one = await openTestLedger();
    await one.commands.submitAll([...fundedInitiative(1_000n), ...[1, 2, 3].map((index) => spend(10n, `T-${index}`))]);
    const models = new MemoryReadModels();
    await project(one, models);
    const spent: FigureAsked = { figure: 'spent', owner: 'programme' };
    const first = await reads.explanation(new Source(models), 'p', spent, {}, { limit: 2 });
    if (!first || 'unknown' in first) throw new Error('the figure is not explained');
    expect([first.sum, first.position, first.cursor]).toEqual(['30', 7, '6-7']);
    await one.commands.submitAll([spend(10n, 'T-4')]);
    await project(one, models);
    const rest = await reads.explanation(new Source(models), 'p', spent, {}, { limit: 2, cursor: '6-7' });
    expect(rest).toMatchObject({ sum: '30', before: '20', position: 7, items: [{ position: 7, sum: '30' }] });
    expect(rest).not.toHaveProperty('cursor');
    expect(await reads.explanation(new Source(models), 'p', spent, {}, { limit: 9 })).toMatchObject({ sum: '40', position: 8 });
  });
});

describe('a question about a figure', () => {
  it('is not answered for a figure that does not exist', async () => {
    const source = await sourceOver(await ledgerOf([], { ceiling: 'none', years: 'annual' }));
    const of = (figure: FigureName, owner: Owner, fiscalYear?: number) =>
      explained(source, { figure, owner, ...(fiscalYear !== undefined && { fiscalYear }) });
    expect(await of('spent', 'initiative/a')).toBe('initiative');
    expect(await of('spent', 'programme', 1999)).toBe('fiscal-year');
    expect(await of('available', 'programme')).toBe('figure');
    expect(await of('spent', 'source/budget')).toBe('figure');
    expect(await of('spent', 'region/nowhere')).toEqual({ sum: '0', items: [] });
    const spent: FigureAsked = { figure: 'spent', owner: 'programme' };
    expect(await explained(source, spent, { occurredBy: '2023-10-31' })).toBeUndefined();
    expect(await reads.explanation(source, 'q', spent, {}, { limit: 1 })).toBeUndefined();
  });

  it.each(['x', '0-2', '2-2', '3-2', '1-9999', '1', '1-2-3'])('has no page at the cursor %s', async (cursor) => {
    const source = await sourceOver(await ledgerOf([]));
    const spent: FigureAsked = { figure: 'spent', owner: 'programme' };
    await expect(reads.explanation(source, 'p', spent, {}, { limit: 1, cursor })).rejects.toThrow(BadCursor);
  });
});
