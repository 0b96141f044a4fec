import { describe, expect, it } from '@jest/globals';
import { collections } from '../../projections/projections.js';
import type { CollectionSpec } from '../ports.js';
import { filterIndexOf, indexesOf } from './indexes.js';

const things: CollectionSpec = {
  name: 'things',
  fields: { owner: 'text', kind: 'text', price: 'money', sold: 'flag', years: 'set' },
  scope: 'owner',
  filters: ['kind', 'price', 'sold', 'years'],
  sorts: ['price'],
  lookups: ['kind'],
};

describe('the indexes of a collection in MongoDB', () => {
  it('are one for each sort, each filter that is no sort and each look-up; that of a flag holds what is true', () => {
    expect(indexesOf(things)).toEqual([
      { key: { _id: 1, position: 1 }, unique: true, name: 'as-read' },
      { key: { 'fields.owner': 1, 'fields.price': 1, _id: 1 }, name: 'by-price' },
      { key: { 'fields.owner': 1, 'fields.kind': 1 }, name: 'where-kind' },
      { key: { 'fields.owner': 1, 'fields.sold': 1 }, name: 'where-sold', partialFilterExpression: { 'fields.sold': 1 } },
      { key: { 'fields.owner': 1, 'fields.years': 1 }, name: 'where-years' },
      { key: { 'fields.kind': 1, position: -1 }, name: 'of-kind' },
    ]);
  });

  it('are divided for some sorts, so that MongoDB merges the parts in order, and then serve the dividing filter too', () => {
    const divided: CollectionSpec = {
      ...things,
      filters: ['kind'],
      sorts: ['price', 'kind'],
      lookups: [],
      fields: { ...things.fields, grade: 'text' },
    };
    const spec: CollectionSpec = {
      ...divided,
      filters: ['kind', 'grade'],
      dividedBy: { field: 'grade', values: ['a', 'b'], sorts: ['price'] },
    };
    expect(indexesOf(spec).map(({ key, name }) => [name, key])).toEqual([
      ['as-read', { _id: 1, position: 1 }],
      ['by-price', { 'fields.owner': 1, 'fields.grade': 1, 'fields.price': 1, _id: 1 }],
      ['by-kind', { 'fields.owner': 1, 'fields.kind': 1, _id: 1 }],
    ]);
    expect(filterIndexOf(spec, 'grade')).toBe('by-price');
  });

  it('are never more than MongoDB keeps', () => {
    const names = Array.from({ length: 62 }, (_, index) => `n${index}`);
    const wide = (many: number): CollectionSpec => ({
      ...things,
      fields: { owner: 'text', ...Object.fromEntries(names.map((name) => [name, 'text' as const])) },
      sorts: names.slice(0, many),
      filters: [],
      lookups: [],
    });
    expect(indexesOf(wide(62))).toHaveLength(63);
    expect(() => indexesOf({ ...wide(62), filters: ['owner'] })).toThrow(
      'things would have 65 indexes, and MongoDB keeps 64 of a collection: declare fewer sorts and filters',
    );
    for (const spec of collections) expect(indexesOf(spec).length).toBeLessThan(40);
  });
});
