import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MemoryReadModels } from '../../read-models/memory/memory-read-models.js';
import type { CollectionSpec, Page, Query, ShownDocument } from '../../read-models/ports.js';
import { Source } from '../source.js';
import { listPage } from './filled-pages.js';

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
  /** The limits by which the ways of reading are chosen. */
  readonly pageLimits = new Set<number>();
  onAsked: () => void = () => undefined;
  override findShown(generation: string, name: string, wanted: Query): Promise<Page<ShownDocument>> {
    this.asked++;
    this.onAsked();
    this.pageLimits.add(wanted.pageLimit ?? wanted.limit);
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
  it('is filled if a step stopped looking before it was full, in a bounded number of steps', async () => {
    await add([1, 2, 3, 4, 5, 6, 7], 1);
    const first = await listPage(source, things, query);
    expect(sizesOf(first)).toEqual([1, 2, 3].map((size) => ({ owner: 'o', size })));
    expect([...models.pageLimits]).toEqual([3]);
    const { cursor = '' } = first;
    expect(sizesOf(await listPage(source, things, { ...query, cursor }))).toEqual([4, 5, 6].map((size) => ({ owner: 'o', size })));
    const long = await listPage(source, things, { ...query, limit: 7 });
    expect([long.texts.length, long.cursor === undefined]).toEqual([5, false]);
  });

  it('is read once for all readers of the same page at the same head, and again once the head moves', async () => {
    await add([1, 2], 1);
    const pages = await Promise.all([listPage(source, things, query), listPage(source, things, query)]);
    expect(pages.map(({ texts }) => texts.length)).toEqual([2, 2]);
    expect(models.asked).toBe(2);
    await add([3], 2);
    expect((await listPage(source, things, query)).texts).toHaveLength(3);
    expect((await listPage(source, things, { ...query, descending: true })).texts).toHaveLength(3);
    expect(models.asked).toBe(8);
  });

  it('is not kept if it could not be read', async () => {
    await add([1], 1);
    const cursor = 'of another query';
    for (const _time of [1, 2]) await expect(listPage(source, things, { ...query, cursor })).rejects.toThrow('the cursor is not one');
    expect(models.asked).toBe(2);
  });

  it('makes way for other pages, whose questions count even if they find nothing', async () => {
    await add([1], 1);
    await listPage(source, things, query);
    await listPage(source, things, query);
    expect(models.asked).toBe(1);
    for (let one = 0; one < 300; one++) await listPage(source, things, { ...query, equals: { size: -one }, question: 'q'.repeat(15_000) });
    await listPage(source, things, query);
    expect(models.asked).toBe(302);
  });

  it('is kept for some seconds', async () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(1_000);
    try {
      await add([1], 1);
      for (const time of [1_000, 5_000, 7_000]) {
        now.mockReturnValue(time);
        await listPage(source, things, query);
        // A cache reads the clock once a millisecond.
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(models.asked).toBe(2);
    } finally {
      now.mockRestore();
    }
  });

  it('is read on only while somebody waits for it, and read again for a later reader', async () => {
    await add([1, 2, 3], 1);
    const [leaving, staying] = [new AbortController(), new AbortController()];
    const sourceOf = ({ signal }: AbortController) => new Source(models, undefined, signal);
    models.onAsked = () => {
      if (models.asked === 2) leaving.abort(new Error('the reader has left'));
    };
    const shared = [listPage(sourceOf(leaving), things, query), listPage(sourceOf(staying), things, query)];
    expect((await Promise.all(shared)).map(({ texts }) => texts.length)).toEqual([3, 3]);
    const backwards = { ...query, descending: true };
    const gone = listPage(sourceOf(leaving), things, backwards);
    const outcome = expect(gone).rejects.toThrow('the reader has left');
    const after = listPage(source, things, backwards);
    const again = await after;
    await outcome;
    expect(again.texts).toHaveLength(3);
    expect(models.asked).toBe(3 + 1 + 3);
    await listPage(source, things, backwards);
    expect(models.asked).toBe(3 + 1 + 3);
  });
});
