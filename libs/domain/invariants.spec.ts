import { describe, expect, it } from '@jest/globals';
import { brokenInvariants, firstWorsened } from './invariants.js';
import type { Initiative, Programme, YearState } from './state.js';
import type { Status, Sums } from './vocabulary.js';
import { justice } from './testing/given.js';

const year = (more: Partial<YearState>): YearState => ({
  funded: 0n,
  spent: 0n,
  returned: 0n,
  initiativesWithOpenFunds: 0,
  closed: false,
  ...more,
});
const programme = (fiscalYears: Programme['fiscalYears'], more: Partial<Programme> = {}): Programme => ({
  code: 'p',
  version: 1,
  title: { en: 'P' },
  currency: 'KGS',
  timeZone: 'UTC',
  ceiling: 'enforced',
  years: 'annual',
  establishedOn: '2023-01-01',
  established: { content: '', occurredOn: '2023-01-01' },
  fiscalYears,
  ...more,
});
const initiative = (years: Record<number, Sums>, status: Exclude<Status, 'finalizing'> = 'spending', left = 0n) =>
  ({
    programme: 'p',
    code: 'i',
    version: 1,
    terms: { title: { en: 'I' }, authority: 'm' },
    proposedOn: '2023-01-01',
    proposedBy: justice,
    suspended: false,
    years,
    status,
    ...(left !== 0n && { commitments: [{ id: 'C-1', on: '2023-01-01', fiscalYear: 2023, left }] }),
  }) as Initiative;
const sums = (funded: bigint, spent: bigint, returned = 0n): Sums => ({ funded, spent, returned });

describe('what holds after every command', () => {
  it.each([
    ['funding up to the appropriation', programme({ 2024: year({ appropriated: 10n, funded: 12n, returned: 2n }) }), undefined],
    ['no ceiling', programme({ 2024: year({ funded: 12n }) }, { ceiling: 'none' }), undefined],
    ['a balance of nothing after an end', programme({}), initiative({ 2024: sums(5n, 3n, 2n) }, 'finalized')],
    ['a balance over all years', programme({}, { years: 'multi-year' }), initiative({ 2023: sums(10n, 0n), 2024: sums(0n, 5n) })],
    ['commitments up to what is unspent', programme({}), initiative({ 2024: { ...sums(10n, 4n), committed: 6n } }, 'funded', 6n)],
    ['everything spent', programme({}), initiative({ 2024: sums(5n, 5n) })],
    [
      'a reversal in a later year than the spending, where years are taken together',
      programme({ 2011: year({ spent: 100n }), 2012: year({ spent: -40n }) }, { years: 'multi-year', ceiling: 'none' }),
      initiative({ 2011: sums(100n, 100n), 2012: sums(0n, -40n) }),
    ],
    [
      'funding taken back in a later year, where years are taken together',
      programme({ 2023: year({ appropriated: 10n, funded: 10n }), 2024: year({ funded: -4n }) }, { years: 'multi-year' }),
      initiative({ 2023: sums(10n, 0n), 2024: sums(-4n, 0n) }),
    ],
    [
      'totals of 18 digits',
      programme({ 2024: year({ appropriated: 999_999_999_999_999_999n, spent: 999_999_999_999_999_999n }) }, { ceiling: 'none' }),
      undefined,
    ],
  ])('%s is as it should be', (_what, known, one) => {
    expect(brokenInvariants(known, one)).toEqual([]);
  });

  it.each([
    [
      'more milestones than an initiative may have',
      programme({}),
      { ...initiative({}), delivery: { milestones: 201, indicators: 50 } },
      'i has 201 milestones, above the limit of 200',
    ],
    [
      'a broken ceiling',
      programme({ 2024: year({ appropriated: 10n, funded: 13n, returned: 2n }) }),
      undefined,
      '11 of 2024 is funded and not returned, above the appropriation of 10',
    ],
    [
      'funding without an appropriation',
      programme({ 2024: year({ funded: 1n }) }),
      undefined,
      '1 of 2024 is funded and not returned, above the appropriation of 0',
    ],
    ['negative spending of an annual year', programme({ 2024: year({ spent: -1n }) }), undefined, '-1 of 2024 is spent, below zero'],
    [
      'negative spending over all years',
      programme({ 2023: year({ spent: 1n }), 2024: year({ spent: -2n }) }, { years: 'multi-year' }),
      undefined,
      '-1 over all years is spent, below zero',
    ],
    [
      'too many digits appropriated',
      programme({ 2023: year({ appropriated: 999_999_999_999_999_999n }), 2024: year({ appropriated: 1n }) }),
      undefined,
      'a total has more than 18 digits',
    ],
    [
      'too many digits spent',
      programme({ 2023: year({ spent: 999_999_999_999_999_999n }), 2024: year({ spent: 1n }) }),
      undefined,
      'a total has more than 18 digits',
    ],
    [
      'overspending',
      programme({}, { years: 'multi-year' }),
      initiative({ 2023: sums(10n, 4n), 2024: sums(0n, 7n) }),
      'i has -1 over all years available, below zero',
    ],
    [
      'overspending of one annual year',
      programme({}),
      initiative({ 2023: sums(10n, 4n), 2024: sums(0n, 1n) }),
      'i has -1 of 2024 available, below zero',
    ],
    [
      'commitments beyond what is unspent',
      programme({}),
      initiative({ 2024: { ...sums(10n, 4n), committed: 7n } }, 'funded', 7n),
      'i has 7 of 2024 committed, and 6 unspent',
    ],
    [
      'commitments beyond what is unspent over all years',
      programme({}, { years: 'multi-year' }),
      initiative({ 2023: { ...sums(10n, 4n), committed: 3n }, 2024: { ...sums(1n, 1n), committed: 4n } }, 'funded', 7n),
      'i has 7 over all years committed, and 6 unspent',
    ],
    [
      'sums that commit other than the open commitments',
      programme({}),
      initiative({ 2024: { ...sums(10n, 4n), committed: 3n } }, 'funded', 2n),
      'the open commitments of i have 2 left, and its sums say 3',
    ],
    ['negative spending', programme({}), initiative({ 2024: sums(0n, -1n) }), 'i has spent -1 of 2024, below zero'],
    [
      'negative spending over all years of an initiative',
      programme({}, { years: 'multi-year' }),
      initiative({ 2023: sums(0n, 2n), 2024: sums(9n, -3n) }),
      'i has spent -1 over all years, below zero',
    ],
    [
      'too many digits of one year, though other years make up for it',
      programme(
        { 2023: year({ funded: 1_000_000_000_000_000_000n }), 2024: year({ funded: -2n }) },
        { years: 'multi-year', ceiling: 'none' },
      ),
      undefined,
      'a total of 2023 has more than 18 digits',
    ],
    [
      'too many digits of one year of an initiative',
      programme({}, { years: 'multi-year' }),
      initiative({ 2023: sums(1_000_000_000_000_000_000n, 0n), 2024: sums(-2n, 0n) }),
      'a total of i of 2023 has more than 18 digits',
    ],
    ['money left after an end', programme({}), initiative({ 2024: sums(5n, 3n) }, 'cancelled'), 'i has ended with 2 unspent'],
  ])('%s is named', (_what, known, one, says) => {
    expect(brokenInvariants(known, one).map(({ inWords }) => inWords)).toEqual([says]);
  });
});

describe('what a command worsens', () => {
  const known = (spent: bigint) => programme({ 2024: year({ spent }) });
  const worsened = (before: [Programme, Initiative?], after: [Programme, Initiative?]) =>
    firstWorsened(brokenInvariants(before[0], before[1]), brokenInvariants(after[0], after[1]))?.inWords;

  it('is nothing where what was broken is mended in part, or stays as it is', () => {
    expect(worsened([known(-100n)], [known(-50n)])).toBeUndefined();
    expect(worsened([known(-100n)], [known(-100n)])).toBeUndefined();
  });

  it('is what was broken and is so further', () => {
    expect(worsened([known(-100n)], [known(-101n)])).toBe('-101 of 2024 is spent, below zero');
    const tooMuch = 1_000_000_000_000_000_000n;
    const digits = (funded: bigint) => programme({ 2024: year({ funded }) }, { ceiling: 'none' });
    expect(worsened([digits(tooMuch)], [digits(tooMuch + 1n)])).toBe('a total of 2024 has more than 18 digits');
    expect(worsened([digits(tooMuch + 1n)], [digits(tooMuch)])).toBeUndefined();
  });

  it('is what held before, though something else was broken and stays so', () => {
    const [sound, overspent] = [initiative({ 2024: sums(5n, 5n) }), initiative({ 2024: sums(5n, 6n) })];
    expect(worsened([known(-100n), sound], [known(-100n), overspent])).toBe('i has -1 of 2024 available, below zero');
    const ofAnotherYear = programme({ 2024: year({ spent: -100n }), 2025: year({ spent: -1n }) });
    expect(worsened([known(-100n)], [ofAnotherYear])).toBe('-1 of 2025 is spent, below zero');
  });
});
