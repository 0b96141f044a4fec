import { describe, expect, it } from '@jest/globals';
import { brokenInvariant } from './invariants.js';
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
  fiscalYears,
  ...more,
});
const initiative = (years: Record<number, Sums>, status: Exclude<Status, 'finalizing'> = 'spending') =>
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
  }) as Initiative;
const sums = (funded: bigint, spent: bigint, returned = 0n): Sums => ({ funded, spent, returned });

describe('what holds after every command', () => {
  it.each([
    ['funding up to the appropriation', programme({ 2024: year({ appropriated: 10n, funded: 12n, returned: 2n }) }), undefined],
    ['no ceiling', programme({ 2024: year({ funded: 12n }) }, { ceiling: 'none' }), undefined],
    ['a balance of nothing after an end', programme({}), initiative({ 2024: sums(5n, 3n, 2n) }, 'finalized')],
    ['a balance over all years', programme({}, { years: 'multi-year' }), initiative({ 2023: sums(10n, 0n), 2024: sums(0n, 5n) })],
    ['everything spent', programme({}), initiative({ 2024: sums(5n, 5n) })],
    [
      'totals of 18 digits',
      programme({ 2024: year({ appropriated: 999_999_999_999_999_999n, spent: 999_999_999_999_999_999n }) }, { ceiling: 'none' }),
      undefined,
    ],
  ])('%s is as it should be', (_what, known, one) => {
    expect(brokenInvariant(known, one)).toBeUndefined();
  });

  it.each([
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
    ['negative spending of a year', programme({ 2024: year({ spent: -1n }) }), undefined, '-1 of 2024 is spent, below zero'],
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
      'i has -1 available, below zero',
    ],
    [
      'overspending of one annual year',
      programme({}),
      initiative({ 2023: sums(10n, 4n), 2024: sums(0n, 1n) }),
      'i has -1 of 2024 available, below zero',
    ],
    ['negative spending', programme({}), initiative({ 2024: sums(0n, -1n) }), 'i has spent -1, below zero'],
    ['money left after an end', programme({}), initiative({ 2024: sums(5n, 3n) }, 'cancelled'), 'i has ended with 2 unspent'],
  ])('%s is named', (_what, known, one, says) => {
    expect(brokenInvariant(known, one)).toBe(says);
  });
});
