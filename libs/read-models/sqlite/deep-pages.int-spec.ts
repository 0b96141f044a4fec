import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CollectionSpec, Query } from '../ports.js';
import { rareQuestionsContract } from '../rare-questions.contract.js';
import { openSqliteReadModels, type SqliteReadModels } from './sqlite-read-models.js';

describe('a page deep in a long list of SQLite', () => {
  const things: CollectionSpec = {
    name: 'things',
    fields: { owner: 'text', version: 'integer' },
    scope: 'owner',
    filters: [],
    sorts: ['version'],
  };
  const count = 50_000;
  let folder: string;
  let models: SqliteReadModels;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'initiative-ledger-models-'));
    models = openSqliteReadModels(join(folder, 'read-models.sqlite'));
    await models.create('g', [things]);
    const writes = Array.from({ length: count }, (_, index) => ({
      collection: 'things',
      document: { key: `o/${String(index + 1).padStart(8, '0')}`, position: index + 1, body: { owner: 'o', version: index + 1 } },
    }));
    await models.save('g', { writes, heads: new Map(), checkpoint: { 0: 1 }, follows: undefined });
  });
  afterAll(async () => {
    await models.close();
    await rm(folder, { recursive: true });
  });

  /** The shortest time of several reads, in milliseconds: disturbances only make a read longer. */
  async function least(query: Query): Promise<number> {
    const times: number[] = [];
    for (let round = 0; round < 30; round++) {
      const begun = performance.now();
      await models.find('g', 'things', query);
      times.push(performance.now() - begun);
    }
    return Math.min(...times);
  }
  const from = (version: number): Query => ({ scope: 'o', range: { from: version }, sort: 'version', limit: 10 });

  it('costs no more than the first page, for a range that begins there', async () => {
    expect(await least(from(count - 100))).toBeLessThan(10 * (await least(from(1))));
  });

  it('costs no more than the first page, for a cursor inside a range', async () => {
    const first = await models.find('g', 'things', { ...from(1), limit: count - 100 });
    const cursor = first.cursor ?? '';
    expect(await least({ ...from(1), cursor })).toBeLessThan(10 * (await least(from(1))));
    expect((await models.find('g', 'things', { ...from(1), cursor })).documents[0]?.position).toBe(count - 99);
  });
});

rareQuestionsContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'initiative-ledger-models-'));
  return { models: openSqliteReadModels(join(folder, 'read-models.sqlite')), remove: () => rm(folder, { recursive: true }) };
});
