import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CollectionSpec, Query, ReadModels } from './ports.js';
import type { OpenedModels } from './read-models.contract.js';

/** What an adapter with indexes promises: a question never examines more than 10,000 documents in the order of its sort for a page, however few it finds. */
export function rareQuestionsContract(name: string, open: () => Promise<OpenedModels>): void {
  describe(`a question of ${name} that finds little among much`, () => {
    const things: CollectionSpec = {
      name: 'things',
      fields: { owner: 'text', version: 'integer', name: 'text', kind: 'text', sold: 'flag', years: 'set' },
      scope: 'owner',
      filters: ['kind', 'sold', 'years'],
      sorts: ['version'],
      search: 'name',
    };
    const count = 50_000;
    /** The only one of its kind that is sold. */
    const rare = 25_000;
    let opened: OpenedModels;
    let models: ReadModels;
    beforeAll(async () => {
      opened = await open();
      models = opened.models;
      await models.create('g', [things]);
      const writes = Array.from({ length: count }, (_, index) => {
        const version = index + 1;
        const years = version === 40_000 ? [2023, 2024] : [2024];
        const body = { owner: 'o', version, name: 'n', kind: version <= rare ? 'x' : 'y', sold: version >= rare, years };
        return { collection: 'things', document: { key: `o/${String(version).padStart(8, '0')}`, position: version, body } };
      });
      await models.save('g', { writes, heads: new Map(), checkpoint: { 0: 1 }, follows: undefined });
    });
    afterAll(async () => {
      await models.close();
      await opened.remove();
    });

    /** The positions of the documents on each page. */
    async function pagesOf(asked: Partial<Query>): Promise<number[][]> {
      const query: Query = { scope: 'o', sort: 'version', limit: 10, ...asked };
      const pages: number[][] = [];
      let cursor: string | undefined;
      do {
        const page = await models.find('g', 'things', { ...query, ...(cursor !== undefined && { cursor }) });
        pages.push(page.documents.map(({ position }) => position));
        cursor = page.cursor;
      } while (cursor !== undefined);
      return pages;
    }

    it.each([false, true])('is answered in short pages that together find all (descending: %s)', async (descending) => {
      expect(await pagesOf({ equals: { kind: 'x', sold: true }, descending })).toEqual([[], [], [rare], [], [], []]);
    });

    it('is answered in one page where one of its filters finds few', async () => {
      expect(await pagesOf({ equals: { years: 2023, sold: true } })).toEqual([[40_000]]);
      expect(await pagesOf({ equals: { years: [2022, 2023], sold: false } })).toEqual([[]]);
    });

    it('is answered in pages of its range alone', async () => {
      expect(await pagesOf({ equals: { sold: true }, range: { to: rare + 1 } })).toEqual([[], [], [rare, rare + 1]]);
    });

    it('is counted as far as it was examined', async () => {
      const conditions = { scope: 'o', equals: { kind: 'x', sold: true } };
      expect(await models.count('g', 'things', conditions, 1_000)).toEqual({ documents: 0, isExact: false });
      expect(await models.count('g', 'things', conditions, count)).toEqual({ documents: 1, isExact: true });
      expect(await models.count('g', 'things', { scope: 'o', equals: { years: 2023 } }, 1_000)).toEqual({ documents: 1, isExact: true });
    });
  });
}
