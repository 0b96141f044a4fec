import { describe, expect, it } from '@jest/globals';
import { periodNumber, periodOf } from './periods.js';

describe('a calendar period', () => {
  it.each([
    ['2024-02-29', 'month', { period: '2024-02', from: '2024-02-01', to: '2024-02-29' }],
    ['2023-02-01', 'month', { period: '2023-02', from: '2023-02-01', to: '2023-02-28' }],
    ['1900-02-28', 'month', { period: '1900-02', from: '1900-02-01', to: '1900-02-28' }],
    ['2000-02-29', 'month', { period: '2000-02', from: '2000-02-01', to: '2000-02-29' }],
    ['2024-12-31', 'month', { period: '2024-12', from: '2024-12-01', to: '2024-12-31' }],
    ['2024-03-31', 'quarter', { period: '2024-Q1', from: '2024-01-01', to: '2024-03-31' }],
    ['2024-04-01', 'quarter', { period: '2024-Q2', from: '2024-04-01', to: '2024-06-30' }],
    ['2024-11-11', 'quarter', { period: '2024-Q4', from: '2024-10-01', to: '2024-12-31' }],
    ['2024-07-07', 'year', { period: '2024', from: '2024-01-01', to: '2024-12-31' }],
    ['0001-01-01', 'quarter', { period: '0001-Q1', from: '0001-01-01', to: '0001-03-31' }],
  ] as const)('of %s by %s has its name, its first and its last day', (day, length, expected) => {
    expect(periodOf(periodNumber(day, length), length)).toEqual(expected);
  });

  it.each(['month', 'quarter', 'year'] as const)('by %s follows the one before without a gap, across years', (length) => {
    const first = periodNumber('2019-01-01', length);
    const all = Array.from({ length: 30 }, (_, index) => periodOf(first + index, length));
    const dayAfter = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    expect(all.slice(1).map(({ from }) => from)).toEqual(all.slice(0, -1).map(({ to }) => dayAfter(to)));
  });
});
