import { describe, expect, it } from '@jest/globals';
import { totalsOf } from './totals.js';

describe('the totals of changes', () => {
  it('add up the changes of one fiscal year', () => {
    const changes = [
      { fiscalYear: 2024, funded: 5n, spent: 1n },
      { fiscalYear: 2025, funded: 7n },
      { fiscalYear: 2024, funded: -2n, committed: 3n },
    ];
    expect(totalsOf(changes)).toEqual({ byYear: { 2024: { funded: 3n, spent: 1n, committed: 3n }, 2025: { funded: 7n } } });
  });
});
