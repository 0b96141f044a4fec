import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assignmentOf } from './assignment.js';

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 8 });

describe('the assignment of partitions', () => {
  it('gives every partition to exactly one instance, evenly', () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 24 }), (instances, partitions) => {
        const assigned = [...assignmentOf(instances, partitions).values()];
        expect(assigned.flat().sort((one, other) => one - other)).toEqual(Array.from({ length: partitions }, (_, index) => index));
        const sizes = assigned.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('depends only on the present instances, not on the order in which they came', () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 24 }), (instances, partitions) => {
        expect(assignmentOf([...instances].reverse(), partitions)).toEqual(assignmentOf(instances, partitions));
      }),
    );
  });

  it('leaves most partitions with their instances if one joins', () => {
    const before = assignmentOf(['one', 'two'], 24);
    const after = assignmentOf(['one', 'two', 'three'], 24);
    const kept = ['one', 'two'].flatMap((name) => (after.get(name) ?? []).filter((partition) => before.get(name)?.includes(partition)));
    expect(kept.length).toBeGreaterThanOrEqual(12);
  });
});
