import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { mongoForTests } from '../../../services/for-tests.js';
import type { CollectionSpec } from '../ports.js';
import { readModelsContract } from '../read-models.contract.js';
import { openMongoReadModels } from './mongo-read-models.js';

let server: Awaited<ReturnType<typeof mongoForTests>>;
beforeAll(async () => {
  server = await mongoForTests();
});
afterAll(() => server.stop());

async function dropDatabase(url: string): Promise<void> {
  const client = new MongoClient(url);
  await client.db().dropDatabase();
  await client.close();
}

readModelsContract('MongoDB', () => {
  const url = `${server.url}/t-${randomUUID()}`;
  return Promise.resolve({ models: openMongoReadModels(url), remove: () => dropDatabase(url) });
});

describe('read models in MongoDB', () => {
  const things: CollectionSpec = {
    name: 'things',
    fields: { owner: 'text', name: 'text', price: 'money' },
    scope: 'owner',
    filters: [],
    sorts: ['name', 'price'],
  };

  it('have an index for every sort, led by the scope, and one for replacing what was read', async () => {
    const url = `${server.url}/t-${randomUUID()}`;
    const models = openMongoReadModels(url);
    await models.create('g', [things]);
    const client = new MongoClient(url);
    const indexes = await client.db().collection('g.things').indexes();
    expect(indexes.map(({ key }) => key)).toEqual(
      expect.arrayContaining([
        { _id: 1, position: 1 },
        { 'fields.owner': 1, 'fields.name': 1, _id: 1 },
        { 'fields.owner': 1, 'fields.price': 1, _id: 1 },
      ]),
    );
    await client.close();
    await models.close();
    await dropDatabase(url);
  });

  it('say soon that a server is away', async () => {
    const models = openMongoReadModels('mongodb://127.0.0.1:1/nowhere');
    await expect(models.serving()).rejects.toThrow(/ECONNREFUSED|selection/i);
    await models.close();
  });
});
