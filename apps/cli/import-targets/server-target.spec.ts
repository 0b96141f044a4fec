import { describe, expect, it } from '@jest/globals';
import { millisecondsUntilRetry } from './server-target.js';

describe('the wait of an import for a ledger that asks it to come back', () => {
  const now = Date.parse('2024-03-09T05:12:44Z');
  it.each([
    ['2', 2_000],
    ['0', 0],
    ['86400', 60_000],
    ['Sat, 09 Mar 2024 05:12:47 GMT', 3_000],
    ['Sat, 09 Mar 2024 05:12:40 GMT', 0],
    ['Sun, 10 Mar 2024 05:12:44 GMT', 60_000],
    ['soon', 1_000],
    ['', 1_000],
    [undefined, 1_000],
    [null, 1_000],
  ])('Retry-After %s is %d ms', (said, milliseconds) => {
    expect(millisecondsUntilRetry(said, now)).toBe(milliseconds);
  });
});
