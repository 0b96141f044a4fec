import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { mongoForTests } from '../../../services/for-tests.js';
import { StaleWrite, type CollectionSpec } from '../ports.js';
import { readModelsContract } from '../read-models.contract.js';
import { MongoReadModels, openMongoReadModels } from './mongo-read-models.js';

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
    const made = (await client.db().listCollections().toArray()).find(({ name }) => name.endsWith('.things'));
    const indexes = await client.db().collection(made!.name).indexes();
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

  it('have no index for replacing in a collection whose documents are written once', async () => {
    const url = `${server.url}/t-${randomUUID()}`;
    const models = openMongoReadModels(url);
    await models.create('g', [{ ...things, writtenOnce: true }]);
    const client = new MongoClient(url);
    const made = (await client.db().listCollections().toArray()).find(({ name }) => name.endsWith('.things'));
    const indexes = await client.db().collection(made!.name).indexes();
    expect(indexes.map(({ name }) => name).sort()).toEqual(['_id_', 'by-name', 'by-price']);
    await client.close();
    await models.close();
    await dropDatabase(url);
  });

  it('are saved in few steps, each acknowledged before the next: the first documents, all others, heads, checkpoint', async () => {
    const url = `${server.url}/t-${randomUUID()}`;
    const client = new MongoClient(url, { monitorCommands: true });
    const models = new MongoReadModels(client);
    const named = ['things', 'notes', 'marks'].map((name) => ({ ...things, name }));
    await models.create('g', named);
    const save = (place: number, follows: number | undefined) =>
      models.save('g', {
        writes: named.map(({ name }) => ({
          collection: name,
          document: { key: 'k', position: place, body: { owner: 'o' } },
          ...(follows !== undefined && { replaces: follows }),
        })),
        heads: new Map(
          ['p', 'q', 'r'].map((programme) => [programme, { position: place, hash: 'h', recordedAt: '2024-01-01T00:00:00.000Z' }]),
        ),
        checkpoint: { 0: place },
        follows: follows === undefined ? undefined : { 0: follows },
      });
    await save(1, undefined);
    const steps: string[][] = [];
    let running = 0;
    client.on('commandStarted', ({ commandName, command }) => {
      if (running++ === 0) steps.push([]);
      const collection: unknown = command[commandName];
      steps.at(-1)?.push(`${commandName} ${String(collection).split('.').at(-1) ?? ''}`);
    });
    client.on('commandSucceeded', () => {
      running--;
    });
    await save(2, 1);
    expect(steps).toEqual([['update places'], ['update things'], ['update notes', 'update marks'], ['update heads'], ['update places']]);
    await models.close();
    await dropDatabase(url);
  });

  it('move each head on and none back, whichever partition brings it', async () => {
    const url = `${server.url}/t-${randomUUID()}`;
    const models = openMongoReadModels(url);
    await models.create('g', [things]);
    const save = (partition: number, positions: Record<string, number>) =>
      models.save('g', {
        writes: [],
        heads: new Map(
          Object.entries(positions).map(([programme, position]) => [
            programme,
            { position, hash: String(position), recordedAt: '2024-01-01T00:00:00.000Z' },
          ]),
        ),
        checkpoint: { [partition]: 1 },
        follows: undefined,
      });
    await save(0, { p: 7, q: 1 });
    await save(1, { p: 3, q: 2, r: 1 });
    expect([...(await models.heads('g'))].map(([programme, { position, hash }]) => [programme, position, hash]).sort()).toEqual([
      ['p', 7, '7'],
      ['q', 2, '2'],
      ['r', 1, '1'],
    ]);
    // Several make the same heads at the same moment.
    await Promise.all(Array.from({ length: 8 }, (_, index) => save(index + 2, { p: 10 + index, s: 1 + index })));
    expect(await models.head('g', 'p')).toMatchObject({ position: 17 });
    expect(await models.head('g', 's')).toMatchObject({ position: 8 });
    await models.close();
    await dropDatabase(url);
  });

  it('of a generation that was dropped and made again take nothing from who wrote the one before', async () => {
    const url = `${server.url}/t-${randomUUID()}`;
    const [slow, models] = [openMongoReadModels(url), openMongoReadModels(url)];
    await slow.create('g', [things]);
    const save = (checkpoint: number, follows?: number) => ({
      writes: [{ collection: 'things', document: { key: `k-${checkpoint}`, position: 1, body: { owner: 'o' } } }],
      heads: new Map(),
      checkpoint: { 0: checkpoint },
      follows: follows === undefined ? undefined : { 0: follows },
    });
    await slow.save('g', save(1));
    await models.drop('g');
    await models.create('g', [things]);
    await expect(slow.save('g', save(2, 1))).rejects.toBeInstanceOf(StaleWrite);
    expect(await slow.checkpoint('g')).toBeUndefined();
    expect(await models.get('g', 'things', ['k-1', 'k-2'])).toEqual([undefined, undefined]);
    await slow.save('g', save(3));
    expect(await models.checkpoint('g')).toEqual({ 0: 3 });
    const client = new MongoClient(url);
    const names = (await client.db().listCollections().toArray()).map(({ name }) => name);
    expect(names.filter((name) => name.endsWith('.things'))).toHaveLength(1);
    await client.close();
    await Promise.all([slow.close(), models.close()]);
    await dropDatabase(url);
  });

  it('do not move the checkpoint of a copy that was put back between documents and checkpoint', async () => {
    const url = `${server.url}/t-${randomUUID()}`;
    const client = new MongoClient(url);
    const models = openMongoReadModels(url);
    await models.create('g', [things]);
    const write = (key: string) => ({ collection: 'things', document: { key, position: 1, body: { owner: 'o' } } });
    await models.save('g', { writes: [write('first')], heads: new Map(), checkpoint: { 0: 1 }, follows: undefined });
    const places = client.db().collection('places');
    const copy = await places.find().toArray();
    const many = Array.from({ length: 20_000 }, (_, index) => write(`k-${index}`));
    const saving = models.save('g', { writes: many, heads: new Map(), checkpoint: { 0: 2 }, follows: { 0: 1 } });
    const stale = expect(saving).rejects.toBeInstanceOf(StaleWrite);
    while (!(await models.get('g', 'things', ['k-0']))[0]);
    await places.deleteMany({});
    await places.insertMany(copy);
    await stale;
    expect(await models.checkpoint('g')).toEqual({ 0: 1 });
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
