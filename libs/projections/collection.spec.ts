import { describe, expect, it } from '@jest/globals';
import type { CollectionSpec } from '../read-models/ports.js';
import { collection } from './collection.js';

const things: CollectionSpec = {
  name: 'things',
  fields: { owner: 'text', grade: 'text', size: 'integer' },
  scope: 'owner',
  filters: ['grade', 'size'],
  sorts: ['size'],
};

describe('a declared collection', () => {
  it('is divided by a text filter for some of its sorts', () => {
    const divided: CollectionSpec = { ...things, dividedBy: { field: 'grade', values: ['a'], sorts: ['size'] } };
    expect(collection(divided)).toBe(divided);
  });

  it.each([
    ['owner', 'size', 'things is divided by owner, which must be one of its filters and a text'],
    ['size', 'size', 'things is divided by size, which must be one of its filters and a text'],
    ['grade', 'owner', 'things is divided for the sort owner, but its sorts are size'],
  ])('is never divided by %s for the sort %s', (field, sort, told) => {
    expect(() => collection({ ...things, dividedBy: { field, values: ['a'], sorts: [sort] } })).toThrow(told);
  });
});
