import { describe, expect, it } from '@jest/globals';
import type { GroupView, FiscalYearView, ProgrammeView, TotalsView } from '../projections/totals/views.js';
import { differencesOf, type OneDay } from './differences.js';

const none = { proposed: 0, funded: 0, spending: 0, finalizing: 0, finalized: 0, cancelled: 0 };
const totals = (amounts: Partial<TotalsView> = {}): TotalsView => ({
  appropriated: '0',
  funded: '0',
  spent: '0',
  returned: '0',
  available: '0',
  lapsed: '0',
  committed: '0',
  free: '0',
  absorption: null,
  initiatives: none,
  ...amounts,
});
const programme = (amounts: Partial<TotalsView>): ProgrammeView => ({
  programme: 'p',
  version: 1,
  position: 1,
  title: { en: 'P' },
  currency: 'KGS',
  lastRecordedAt: '2024-03-09T05:12:44.120Z',
  minorUnits: 2,
  timeZone: 'UTC',
  ceiling: 'enforced',
  years: 'annual',
  establishedOn: '2023-01-01',
  approvals: [],
  thresholds: { spent: [], funded: [] },
  ...totals(amounts),
});
const year = (fiscalYear: number, amounts: Partial<FiscalYearView> = {}): FiscalYearView => ({
  programme: 'p',
  fiscalYear,
  closedOn: null,
  ...totals(amounts),
});
const authority = (code: string, amounts: Partial<GroupView>): GroupView => ({
  programme: 'p',
  dimension: 'authority',
  value: code,
  appropriated: '0',
  name: null,
  funded: '0',
  spent: '0',
  returned: '0',
  available: '0',
  committed: '0',
  free: '0',
  initiatives: none,
  ...amounts,
});
const nothing: OneDay = { years: [], authorities: [] };

describe('the differences of two days', () => {
  it('are exact for amounts beyond what a number holds', () => {
    const from = { ...nothing, programme: programme({ spent: '9007199254740993' }) };
    const to = { ...nothing, programme: programme({ spent: '18014398509481987' }) };
    expect(differencesOf(from, to).totals.find(({ name }) => name === 'spent')).toEqual({
      name: 'spent',
      from: '9007199254740993',
      to: '18014398509481987',
      change: '9007199254740994',
    });
  });

  it('count a programme that did not exist yet as zero', () => {
    const { totals: changes, counts } = differencesOf(nothing, {
      ...nothing,
      programme: programme({ funded: '5', initiatives: { ...none, funded: 2 } }),
    });
    expect(changes.find(({ name }) => name === 'funded')).toEqual({ name: 'funded', from: '0', to: '5', change: '5' });
    expect(counts.find(({ status }) => status === 'funded')).toEqual({ status: 'funded', from: 0, to: 2, change: 2 });
  });

  it('have no free money if a programme has no ceiling', () => {
    const open = { ...nothing, programme: programme({ available: null, lapsed: null }) };
    expect(differencesOf(nothing, open).totals.slice(5)).toEqual([
      { name: 'available', from: null, to: null, change: null },
      { name: 'lapsed', from: null, to: null, change: null },
    ]);
  });

  it('name the years without a change, and show of the others only the changes, and that they closed', () => {
    const from = { ...nothing, years: [year(2022, { spent: '1' }), year(2023), year(2024)] };
    const to = { ...nothing, years: [year(2022, { spent: '1' }), year(2023, { closedOn: '2024-03-20' }), year(2024, { spent: '7' })] };
    const { years, sameYears } = differencesOf(from, to);
    expect(sameYears).toEqual([2022]);
    expect(years).toEqual([
      { fiscalYear: 2023, closed: true, changes: [] },
      { fiscalYear: 2024, closed: false, changes: [{ name: 'spent', from: '0', to: '7', change: '7' }] },
    ]);
  });

  it('begin with the authority whose spending changed most, and count those that did not change', () => {
    const from = { ...nothing, authorities: [authority('a', { spent: '5' }), authority('b', { spent: '90' }), authority('c', {})] };
    const to = { ...nothing, authorities: [authority('a', { spent: '15' }), authority('b', { spent: '10' }), authority('c', {})] };
    const { authorities, sameAuthorities } = differencesOf(from, to);
    expect(authorities.map((one) => [one.authority, one.changes.map(({ change }) => change)])).toEqual([
      ['b', ['-80']],
      ['a', ['10']],
    ]);
    expect(sameAuthorities).toBe(1);
  });

  it('of shares need a share on both days', () => {
    const at = (absorption: number | null): OneDay => ({ ...nothing, programme: programme({ absorption }) });
    expect(differencesOf(at(0.25), at(0.5)).absorption).toEqual({ from: 0.25, to: 0.5, change: 0.25 });
    expect(differencesOf(at(null), at(0.5)).absorption).toEqual({ from: null, to: 0.5, change: null });
  });
});
