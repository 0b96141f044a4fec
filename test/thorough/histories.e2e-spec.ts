import { describe, expect, it } from '@jest/globals';
import { faults } from '../simulation/faults.js';
import { historiesFrom } from '../simulation/simulated.js';

describe('10,000 simulated histories', () => {
  it('keep every promise, whatever goes wrong', async () => {
    const fresh = Date.now() % 1_000_000_000;
    const results = await Promise.all([historiesFrom(1, 4_500), historiesFrom(4_501, 4_500), historiesFrom(fresh, 1_000)]);
    expect(results.map(({ found }) => found)).toEqual([undefined, undefined, undefined]);
    expect(results.reduce((sum, { histories }) => sum + histories, 0)).toBe(10_000);
    expect(results.reduce((sum, { records }) => sum + records, 0)).toBeGreaterThan(100_000);
    // Every kind of fault happened, and more than once.
    const rare = faults.filter((fault) => results.reduce((sum, { faults: counts }) => sum + counts[fault], 0) < 100);
    expect(rare).toEqual([]);
  });
});
