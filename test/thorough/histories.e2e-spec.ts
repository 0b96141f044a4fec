import { describe, expect, it } from '@jest/globals';
import { faults } from '../simulation/faults.js';
import { historiesFrom } from '../simulation/simulated.js';

/** Each part is two processes with half of its histories each, so that no part outlasts a test on a busy machine. */
const half = 500;
const fresh = Date.now() % 1_000_000_000;
const parts = [...Array.from({ length: 9 }, (_, index) => 1 + index * 2 * half), fresh];

describe('10,000 simulated histories', () => {
  const all: Awaited<ReturnType<typeof historiesFrom>>[] = [];

  it.each(parts)('from %i on keep every promise, whatever goes wrong', async (first) => {
    const results = await Promise.all([historiesFrom(first, half), historiesFrom(first + half, half)]);
    all.push(...results);
    expect(results.map(({ found }) => found)).toEqual([undefined, undefined]);
  });
  it('meet every kind of fault more than once', () => {
    expect(all.reduce((sum, { histories }) => sum + histories, 0)).toBe(10_000);
    expect(all.reduce((sum, { records }) => sum + records, 0)).toBeGreaterThan(100_000);
    const rare = faults.filter((fault) => all.reduce((sum, { faults: counts }) => sum + counts[fault], 0) < 100);
    expect(rare).toEqual([]);
  });
});
