import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryReadModels } from '../../read-models/memory/memory-read-models.js';
import type { CollectionSpec, Page, Query, ShownDocument } from '../../read-models/ports.js';
import { Source } from '../source.js';
import { pageOf } from './kept-pages.js';

const things: CollectionSpec = {
  name: 'things',
  fields: { owner: 'text', size: 'integer' },
  scope: 'owner',
  filters: ['size'],
  sorts: ['size'],
};
const query: Query & { scope: string } = { scope: 'o', sort: 'size', limit: 3 };

/** Read models that look at one document a step, and count how often they are asked. */
class ShortSighted extends MemoryReadModels {
  asked = 0;
  override findShown(generation: string, name: string, wanted: Query): Promise<Page<ShownDocument>> {
    this.asked++;
    return super.findShown(generation, name, { ...wanted, limit: Math.min(wanted.limit, 1) });
  }
}

let models: ShortSighted;
let source: Source;
const sizesOf = ({ texts }: { texts: readonly string[] }) => texts.map((text): unknown => JSON.parse(text));
async function add(sizes: readonly number[], position: number): Promise<void> {
  await models.save('g', {
    writes: sizes.map((size) => ({ collection: 'things', document: { key: `k${size}`, position, body: { owner: 'o', size } } })),
    heads: new Map([['o', { position, hash: 'h', recordedAt: '2024-01-01T00:00:00.000Z' }]]),
    checkpoint: { 0: position },
    follows: await models.checkpoint('g'),
  });
}
beforeEach(async () => {
  models = new ShortSighted();
  source = new Source(models);
  await models.create('g', [things]);
  await models.serve('g');
});

describe('a page of a list', () => {
  it('is filled where a step stopped looking before it was full, in a bounded number of steps', async () => {
    await add([1, 2, 3, 4, 5, 6, 7], 1);
    const first = await pageOf(source, things, query);
    expect(sizesOf(first)).toEqual([1, 2, 3].map((size) => ({ owner: 'o', size })));
    const { cursor = '' } = first;
    expect(sizesOf(await pageOf(source, things, { ...query, cursor }))).toEqual([4, 5, 6].map((size) => ({ owner: 'o', size })));
    const long = await pageOf(source, things, { ...query, limit: 7 });
    expect([long.texts.length, long.cursor === undefined]).toEqual([5, false]);
  });

  it('is read once for all who ask the same at the same head, and again once the head moves', async () => {
    await add([1, 2], 1);
    const pages = await Promise.all([pageOf(source, things, query), pageOf(source, things, query)]);
    expect(pages.map(({ texts }) => texts.length)).toEqual([2, 2]);
    expect(models.asked).toBe(2);
    await add([3], 2);
    expect((await pageOf(source, things, query)).texts).toHaveLength(3);
    expect((await pageOf(source, things, { ...query, descending: true })).texts).toHaveLength(3);
    expect(models.asked).toBe(8);
  });

  it('is not kept where it could not be read', async () => {
    await add([1], 1);
    const cursor = 'of another query';
    for (const _time of [1, 2]) await expect(pageOf(source, things, { ...query, cursor })).rejects.toThrow('the cursor is not one');
    expect(models.asked).toBe(2);
  });
});
