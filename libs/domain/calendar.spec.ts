import { describe, expect, it } from '@jest/globals';
import { dayIn, daysBetween, isTimeZone } from './calendar.js';

describe('the day of a moment', () => {
  it.each([
    ['Asia/Bishkek', '2024-03-07T17:59:59.999Z', '2024-03-07'],
    ['Asia/Bishkek', '2024-03-07T18:00:00.000Z', '2024-03-08'],
    ['America/New_York', '2024-03-08T00:30:00.000Z', '2024-03-07'],
    ['America/New_York', '2024-07-01T03:59:59.999Z', '2024-06-30'],
    ['America/New_York', '2024-07-01T04:00:00.000Z', '2024-07-01'],
    ['Asia/Kathmandu', '2023-12-31T18:15:00.000Z', '2024-01-01'],
    ['Pacific/Kiritimati', '2024-02-28T10:00:00.000Z', '2024-02-29'],
    ['Asia/Tehran', '2024-03-19T20:30:00.000Z', '2024-03-20'],
    ['UTC', '0999-12-31T23:00:00.000Z', '0999-12-31'],
  ])('in %s at %s is %s', (timeZone, moment, day) => {
    expect(dayIn(timeZone, Date.parse(moment))).toBe(day);
  });

  it('is asked for in a zone that is known', () => {
    expect([isTimeZone('Asia/Bishkek'), isTimeZone('Asia/Nowhere'), isTimeZone('')]).toEqual([true, false, false]);
    expect(() => dayIn('Asia/Nowhere', 0)).toThrow(RangeError);
  });
});

describe('days between two days', () => {
  it.each([
    ['2024-02-28', '2024-03-01', 2],
    ['2023-02-28', '2023-03-01', 1],
    ['2024-03-01', '2024-02-28', -2],
    ['2024-03-07', '2024-03-07', 0],
    ['2023-12-31', '2025-01-01', 367],
  ])('%s and %s are %i', (from, to, days) => {
    expect(daysBetween(from, to)).toBe(days);
  });
});
