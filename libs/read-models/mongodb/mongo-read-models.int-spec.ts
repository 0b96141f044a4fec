import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { mongoForTests } from '../../../services/for-tests.js';
import { openNoticesContract } from '../../projections/notices/open-notices.contract.js';
import { collections } from '../../projections/projections.js';
import { StaleWrite, type CollectionSpec, type Query } from '../ports.js';
import { rareQuestionsContract } from '../rare-questions.contract.js';
import { readModelsContract } from '../read-models.contract.js';
import { MongoReadModels, openMongoReadModels } from './mongo-read-models.js';
import { mostReadingTime } from './reading-time.js';

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

openNoticesContract('MongoDB', () => {
  const url = `${server.url}/t-${randomUUID()}`;
  return Promise.resolve({ models: openMongoReadModels(url), remove: () => dropDatabase(url) });
});

rareQuestionsContract('MongoDB', () => {
  const url = `${server.url}/t-${randomUUID()}`;
  return Promise.resolve({ models: openMongoReadModels(url), remove: () => dropDatabase(url) });
});

/** A query as the driver sends it, and its index. */
type Asked = { find: string; filter: Conditions; sort: Order; hint?: string };
type Conditions = { [field: string]: unknown; $and?: Conditions[] };
type Order = { [field: string]: 1 | -1 };
type Stage = { $match?: Conditions; $sort?: Order };

/** A filter's conditions that every result must meet, by field. */
function conditionsIn({ $and = [], ...others }: Conditions): [string, unknown][] {
  return [...Object.entries(others).filter(([field]) => !field.startsWith('$')), ...$and.flatMap(conditionsIn)];
}

/**
 * Whether an index serves a query in its order, so that nothing is sorted, and nothing is read but the results and documents of the scope that a filter leaves
 * out. Such an index has first the fields with one value, or with some whose parts MongoDB merges, then those of the order, forwards or backwards, from a bound
 * on if one is given.
 */
function isServedBy(index: Order, { filter, sort }: Asked): boolean {
  const conditions = conditionsIn(filter);
  const isOneOf = (condition: unknown) => typeof condition !== 'object' || (condition !== null && '$in' in condition);
  const hasOneValue = (field: string) => conditions.some(([name, condition]) => name === field && isOneOf(condition));
  const keys = Object.entries(index);
  const order = Object.entries(sort);
  const from = keys.findIndex(([field]) => !hasOneValue(field) || field === order[0]?.[0]);
  const rest = from === -1 ? [] : keys.slice(from);
  const [turn = 1] = order.map(([, direction], at) => direction * (rest[at]?.[1] ?? 0));
  const isInOrder = order.every(([field, direction], at) => rest[at]?.[0] === field && rest[at][1] * turn === direction);
  const isLedTo = from !== 0 || conditions.some(([field]) => field === keys[0]?.[0]);
  return isInOrder && isLedTo;
}

describe('read models in MongoDB', () => {
  const things: CollectionSpec = {
    name: 'things',
    fields: { owner: 'text', name: 'text', price: 'money' },
    scope: 'owner',
    filters: [],
    sorts: ['name', 'price'],
  };
  const filtered: CollectionSpec = {
    ...things,
    fields: { ...things.fields, years: 'set', sold: 'flag' },
    filters: ['years', 'sold', 'price'],
  };

  it('are built where another process dropped and made them again meanwhile', async () => {
    const url = `${server.url}/t-${randomUUID()}`;
    const [one, other] = [openMongoReadModels(url), openMongoReadModels(url)];
    await one.create('g', [things]);
    await one.markBuilt('g', 0);
    await other.drop('g');
    await other.create('g', [things]);
    await one.create('g', [things]);
    expect(await one.markBuilt('g', 0)).toEqual([0]);
    expect(await other.markBuilt('g', 1)).toEqual([0, 1]);
    await Promise.all([one.close(), other.close()]);
    await dropDatabase(url);
  });

  it('have an index for every sort and filter, led by the scope, and one for replacing what was read', async () => {
    const url = `${server.url}/t-${randomUUID()}`;
    const models = openMongoReadModels(url);
    await models.create('g', [filtered]);
    const client = new MongoClient(url);
    const made = (await client.db().listCollections().toArray()).find(({ name }) => name.endsWith('.things'));
    const indexes = await client.db().collection(made!.name).indexes();
    expect(indexes.map(({ key }) => key)).toEqual(
      expect.arrayContaining([
        { _id: 1, position: 1 },
        { 'fields.owner': 1, 'fields.name': 1, _id: 1 },
        { 'fields.owner': 1, 'fields.price': 1, _id: 1 },
        { 'fields.owner': 1, 'fields.years': 1 },
        { 'fields.owner': 1, 'fields.sold': 1 },
      ]),
    );
    await client.close();
    await models.close();
    await dropDatabase(url);
  });

  it('answer whatever the service may ask from an index: nothing is sorted, and a page begins where the one before ended', async () => {
    const url = `${server.url}/t-${randomUUID()}`;
    const client = new MongoClient(url, { monitorCommands: true });
    const models = new MongoReadModels(client);
    await models.create('g', collections);
    const value: Record<CollectionSpec['fields'][string], string | number | boolean> = {
      text: 'p',
      money: '7',
      integer: 7,
      number: 0.5,
      flag: true,
      set: 'p',
    };
    const valueIn = ({ fields, dividedBy }: CollectionSpec, field: string) =>
      field === dividedBy?.field ? dividedBy.values[0] : value[fields[field]!];
    const bodyOf = (spec: CollectionSpec) =>
      Object.fromEntries(
        Object.entries(spec.fields).map(([field, kind]) => [field, kind === 'set' ? [value[kind]] : valueIn(spec, field)!]),
      );
    await models.save('g', {
      writes: collections.flatMap((spec) =>
        ['k-1', 'k-2', 'k-3'].map((key) => ({ collection: spec.name, document: { key, position: 1, body: bodyOf(spec) } })),
      ),
      heads: new Map(),
      checkpoint: { 0: 1 },
      follows: undefined,
    });
    const asked: Asked[] = [];
    client.on('commandStarted', ({ commandName, command }) => {
      if (commandName === 'find') {
        const { sort = new Map<string, 1 | -1>(), ...find } = command as Omit<Asked, 'sort'> & { sort?: ReadonlyMap<string, 1 | -1> };
        asked.push({ ...find, sort: Object.fromEntries(sort) });
      }
      if (commandName === 'aggregate') {
        const { aggregate, pipeline, hint } = command as { aggregate: string; pipeline: readonly Stage[]; hint?: string };
        const [{ $match: filter = {} } = {}, { $sort: sort } = {}] = pipeline;
        // A count has no order.
        if (sort) asked.push({ find: aggregate, filter, sort, ...(hint !== undefined && { hint }) });
      }
    });
    const ask = async (work: () => Promise<unknown>) => {
      asked.splice(0);
      await work();
      return asked.filter(({ find }) => find.includes('.'));
    };
    for (const spec of collections) {
      const { name, sorts, filters, lookups = [], search } = spec;
      const made = (await client.db().listCollections().toArray()).find((one) => one.name.endsWith(`.${name}`));
      const indexes = await client.db().collection(made!.name).indexes();
      const unserved = (questions: readonly Asked[]) =>
        questions.filter(
          ({ hint, ...question }) => !indexes.some(({ key, name: own }) => (hint ?? own) === own && isServedBy(key as Order, question)),
        );
      for (const sort of sorts)
        for (const descending of [false, true]) {
          const query: Query = { scope: 'p', sort, descending, limit: 1 };
          const equals = Object.fromEntries(filters.map((filter) => [filter, valueIn(spec, filter)!]));
          const { cursor } = await models.find('g', name, query);
          const bound = value[spec.fields[sort]!];
          const range = typeof bound === 'boolean' ? {} : { from: bound, to: bound };
          const questions = await ask(async () => {
            for (const more of [{}, { equals }, { range }, { cursor: cursor! }, ...(search === undefined ? [] : [{ search: 'p' }])])
              await models.find('g', name, { ...query, ...more });
          });
          const direction = descending ? -1 : 1;
          const order = { [`fields.${sort}`]: direction, _id: direction };
          expect(questions.map((question) => question.sort)).toEqual(Array(search === undefined ? 4 : 5).fill(order));
          expect(unserved(questions)).toEqual([]);
          // Without a bound on the sort field, everything before the page would be read again.
          const [, , , next] = questions;
          expect(conditionsIn(next!.filter).map(([field]) => field)).toContain(`fields.${sort}`);
        }
      const others = await ask(async () => {
        for (const field of lookups) await models.lookUp('g', name, field, 'p');
        await models.get('g', name, ['k-1']);
        await models.get('g', name, ['k-1', 'k-2']);
        for await (const documents of models.scan('g', name)) expect(documents).toHaveLength(3);
      });
      expect(others.length).toBeGreaterThanOrEqual(lookups.length + 3);
      expect(unserved(others)).toEqual([]);
    }
    await models.close();
    await dropDatabase(url);
  });

  it('begin a question with the filter that finds few, and otherwise with its order', async () => {
    const url = `${server.url}/t-${randomUUID()}`;
    const client = new MongoClient(url, { monitorCommands: true });
    const models = new MongoReadModels(client);
    await models.create('g', [filtered]);
    const writes = Array.from({ length: 200 }, (_, index) => {
      const body = { owner: 'o', name: `n${index}`, price: String(index), years: index === 7 ? [2023] : [2024], sold: index < 3 };
      return { collection: 'things', document: { key: `k${index}`, position: 1, body } };
    });
    await models.save('g', { writes, heads: new Map(), checkpoint: { 0: 1 }, follows: undefined });
    const hints: unknown[] = [];
    client.on('commandStarted', ({ commandName, command }) => {
      // The choice counts in groups; what it chooses is read in one batch of a page.
      if (commandName === 'find' || JSON.stringify(command['pipeline'] ?? '').includes('$project')) hints.push(command['hint']);
    });
    for (const equals of [{}, { years: 2023 }, { years: 2024 }, { sold: true }, { years: 2024, sold: true }])
      await models.find('g', 'things', { scope: 'o', equals, sort: 'name', limit: 2 });
    await models.find('g', 'things', { scope: 'o', within: { price: { from: '199' } }, sort: 'name', limit: 2 });
    expect(hints).toEqual(['by-name', 'where-years', 'by-name', 'where-sold', 'where-sold', 'by-price']);
    hints.splice(0);
    // No index has what is not sold.
    await models.find('g', 'things', { scope: 'o', equals: { sold: false }, sort: 'name', limit: 2 });
    expect(hints).toEqual(['by-name']);
    await models.close();
    await dropDatabase(url);
  });

  it('give the server a time for every read, after which it gives up', async () => {
    const url = `${server.url}/t-${randomUUID()}`;
    const client = new MongoClient(url, { monitorCommands: true });
    const models = new MongoReadModels(client);
    await models.create('g', [{ ...filtered, lookups: ['name'] }]);
    const document = { key: 'k', position: 1, body: { owner: 'o', name: 'n', years: [2024] } };
    const heads = new Map([['o', { position: 1, hash: 'h', recordedAt: '2024-01-01T00:00:00.000Z' }]]);
    await models.save('g', { writes: [{ collection: 'things', document }], heads, checkpoint: { 0: 1 }, follows: undefined });
    const read: { commandName: string; time: unknown }[] = [];
    client.on('commandStarted', ({ commandName, command }) => {
      if (['find', 'aggregate', 'count'].includes(commandName)) read.push({ commandName, time: command['maxTimeMS'] });
    });
    await models.serving();
    await models.generations();
    await models.checkpoint('g');
    await models.heads('g');
    await models.head('g', 'o');
    await models.get('g', 'things', ['k', 'l']);
    await models.lookUp('g', 'things', 'name', 'n');
    for (const equals of [{}, { years: 2024 }, { sold: false }]) {
      await models.findShown('g', 'things', { scope: 'o', equals, sort: 'name', limit: 2 });
      await models.count('g', 'things', { scope: 'o', equals }, 5);
    }
    for await (const documents of models.scan('g', 'things')) expect(documents).toHaveLength(1);
    expect(new Set(read.map(({ commandName }) => commandName))).toEqual(new Set(['find', 'aggregate', 'count']));
    expect(read.filter(({ time }) => time !== mostReadingTime)).toEqual([]);
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
    const save = (offset: number, follows: number | undefined) =>
      models.save('g', {
        writes: named.map(({ name }) => ({
          collection: name,
          document: { key: 'k', position: offset, body: { owner: 'o' } },
          ...(follows !== undefined && { replaces: follows }),
        })),
        heads: new Map(
          ['p', 'q', 'r'].map((programme) => [programme, { position: offset, hash: 'h', recordedAt: '2024-01-01T00:00:00.000Z' }]),
        ),
        checkpoint: { 0: offset },
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
    expect(steps).toEqual([
      ['update checkpoints'],
      ['update things'],
      ['update notes', 'update marks'],
      ['update heads'],
      ['update checkpoints'],
    ]);
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
    // Several writers create the same heads at the same moment.
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
    const offsets = client.db().collection('checkpoints');
    const copy = await offsets.find().toArray();
    const many = Array.from({ length: 20_000 }, (_, index) => write(`k-${index}`));
    const saving = models.save('g', { writes: many, heads: new Map(), checkpoint: { 0: 2 }, follows: { 0: 1 } });
    const stale = expect(saving).rejects.toBeInstanceOf(StaleWrite);
    while (!(await models.get('g', 'things', ['k-0']))[0]);
    await offsets.deleteMany({});
    await offsets.insertMany(copy);
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
