import { describe, expect, it } from '@jest/globals';
import { endOfDay } from './days.js';

describe('the end of a day', () => {
  it.each([
    ['Asia/Bishkek', '2024-03-07', '2024-03-07T17:59:59.999Z'],
    ['UTC', '2024-03-07', '2024-03-07T23:59:59.999Z'],
    ['America/New_York', '2024-11-03', '2024-11-04T04:59:59.999Z'],
    ['Pacific/Kiritimati', '2024-01-01', '2024-01-01T09:59:59.999Z'],
  ])('in %s, %s, is %s', (timeZone, day, instant) => {
    expect(endOfDay(timeZone, day)).toBe(instant);
  });
});
