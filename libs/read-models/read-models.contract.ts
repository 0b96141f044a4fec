import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { absent, searchable } from './find.js';
import {
  BadCursor,
  StaleWrite,
  UndeclaredField,
  type CollectionSpec,
  type Conditions,
  type Document,
  type JsonObject,
  type Query,
  type ReadModels,
  type Save,
  type ScannedDocument,
  type ShownDocument,
} from './ports.js';

export type OpenedModels = { models: ReadModels; remove(): Promise<void> };

const things: CollectionSpec = {
  name: 'things',
  fields: { owner: 'text', name: 'text', size: 'integer', weight: 'number', price: 'money', sold: 'flag', tags: 'set' },
  scope: 'owner',
  filters: ['sold', 'size', 'weight', 'tags'],
  sorts: ['name', 'size', 'price'],
  lookups: ['name'],
  version: 'size',
  search: 'name',
};
/** Things whose grade divides the indexes of two of their sorts. */
const graded: CollectionSpec = {
  ...things,
  name: 'graded',
  fields: { ...things.fields, grade: 'text' },
  filters: [...things.filters, 'grade'],
  dividedBy: { field: 'grade', values: ['a', 'b', 'c'], sorts: ['name', 'size'] },
};
const notes: CollectionSpec = { name: 'notes', fields: { owner: 'text' }, scope: 'owner', filters: [], sorts: [] };
const thing = (key: string, body: JsonObject, position = 1): Document => ({ key, position, body: { owner: 'o', name: key, ...body } });
const head = (position: number) => ({ position, hash: 'a'.repeat(64), recordedAt: '2024-06-01T00:00:00.000Z' });

/** The rules that every adapter of the read models keeps. */
export function readModelsContract(name: string, open: () => Promise<OpenedModels>): void {
  describe(`${name} as read models`, () => {
    let opened: OpenedModels;
    let models: ReadModels;
    beforeEach(async () => {
      opened = await open();
      models = opened.models;
      await models.create('g', [things, notes]);
    });
    afterEach(async () => {
      await models.close();
      await opened.remove();
    });

    let offset = 0;
    /** Saves documents as the next step of a generation. */
    async function save(documents: readonly Document[], more: Partial<Save> = {}, generation = 'g'): Promise<void> {
      const follows = await models.checkpoint(generation);
      const writes = documents.map((document) => ({ collection: 'things', document }));
      await models.save(generation, { writes, heads: new Map(), checkpoint: { 0: offset++ }, follows, ...more });
    }
    const keys = (documents: readonly Document[]) => documents.map(({ key }) => key);
    const find = (query: Partial<Query>) => models.find('g', 'things', { scope: 'o', sort: 'name', limit: 100, ...query });

    it('has generations, of which one serves', async () => {
      expect(await models.serving()).toBeUndefined();
      await models.serve('g');
      await models.create('h', [things, notes]);
      expect(await models.generations()).toEqual(['g', 'h']);
      expect(await models.serving()).toBe('g');
      await models.serve('h');
      await models.drop('g');
      expect(await models.serving()).toBe('h');
      expect(await models.generations()).toEqual(['h']);
    });

    it('leaves a generation that is made again as it is, and keeps generations apart', async () => {
      await save([thing('a', {})]);
      await models.create('g', [things, notes]);
      await models.create('h', [things, notes]);
      expect(await models.get('g', 'things', ['a'])).toEqual([thing('a', {})]);
      expect(await models.get('h', 'things', ['a'])).toEqual([undefined]);
    });

    it('gets documents in the order asked for, with gaps for those it does not have', async () => {
      await save([thing('a', { size: 1 }), thing('b', { deep: { list: [1, 'two', null, { x: true }] } })]);
      expect(await models.get('g', 'things', ['b', 'x', 'a', 'b'])).toEqual([
        thing('b', { deep: { list: [1, 'two', null, { x: true }] } }),
        undefined,
        thing('a', { size: 1 }),
        thing('b', { deep: { list: [1, 'two', null, { x: true }] } }),
      ]);
    });

    it('shows readers the body as text with its version, and nothing of what is internal', async () => {
      const [a, b] = [thing('a', { size: 7, deep: { text: 'say "ab" 🏛' } }), thing('b', { size: 2 })];
      await save([{ ...a, internal: { sums: ['1'], price: '5' } }, b]);
      const textOf = ({ body }: Document): unknown => JSON.parse(JSON.stringify(body));
      const parsed = ({ text, ...more }: ShownDocument) => {
        const body: unknown = JSON.parse(text);
        return { ...more, body };
      };
      const shown = await models.getShown('g', 'things', 'a');
      expect(shown && parsed(shown)).toEqual({ key: 'a', version: 7, body: textOf(a) });
      expect(await models.getShown('g', 'things', 'x')).toBeUndefined();
      expect(await models.get('g', 'things', ['a', 'b'])).toEqual([{ ...a, internal: { sums: ['1'], price: '5' } }, b]);
      await models.save('g', {
        writes: [{ collection: 'notes', document: { key: 'n', position: 9, body: { owner: 'o' } } }],
        heads: new Map(),
        checkpoint: {},
        follows: undefined,
      });
      expect(await models.getShown('g', 'notes', 'n')).toMatchObject({ version: 9 });
      // Queries compare internal fields as well.
      const query = { scope: 'o', sort: 'price', descending: true, limit: 1 };
      const first = await models.findShown('g', 'things', query);
      expect(first.documents.map(parsed)).toEqual([{ key: 'a', version: 7, body: textOf(a) }]);
      const second = await models.findShown('g', 'things', { ...query, ...(first.cursor !== undefined && { cursor: first.cursor }) });
      expect(second.documents.map(parsed)).toEqual([{ key: 'b', version: 2, body: textOf(b) }]);
      expect(second.cursor).toBeUndefined();
    });

    it('takes a body as text, and its declared fields from what is internal', async () => {
      const internal = { owner: 'o', name: 'said', size: 3 };
      const text = '{"said":"\\"exactly\\" this","amount":"1"}';
      await save([], { writes: [{ collection: 'things', document: { key: 'a', position: 4, body: text, internal } }] });
      const document = { key: 'a', position: 4, body: { said: '"exactly" this', amount: '1' }, internal };
      expect(await models.get('g', 'things', ['a'])).toEqual([document]);
      expect((await find({ equals: { size: 3 } })).documents).toEqual([document]);
      expect(await models.getShown('g', 'things', 'a')).toEqual({ key: 'a', version: 3, text });
    });

    it('looks up the newest document that has a value, whatever its scope', async () => {
      await save([
        thing('a', { name: 'one' }, 3),
        thing('b', { name: 'one', owner: 'p' }, 7),
        thing('c', { name: 'one' }, 5),
        thing('d', { name: 'two' }, 9),
      ]);
      expect(await models.lookUp('g', 'things', 'name', 'one')).toEqual(thing('b', { name: 'one', owner: 'p' }, 7));
      expect(await models.lookUp('g', 'things', 'name', 'none')).toBeUndefined();
      await expect(models.lookUp('g', 'things', 'owner', 'o')).rejects.toBeInstanceOf(UndeclaredField);
    });

    it('keeps heads and the checkpoint with the documents', async () => {
      expect(await models.checkpoint('g')).toBeUndefined();
      expect(await models.head('g', 'p')).toBeUndefined();
      await save([], {
        heads: new Map([
          ['p', head(1)],
          ['q', head(4)],
        ]),
        checkpoint: { 0: 7 },
      });
      await save([], { heads: new Map([['p', head(2)]]), checkpoint: { 0: 9 } });
      expect(await models.checkpoint('g')).toEqual({ 0: 9 });
      expect(await models.heads('g')).toEqual(
        new Map([
          ['p', head(2)],
          ['q', head(4)],
        ]),
      );
      expect(await models.head('g', 'p')).toEqual(head(2));
    });

    it('replaces exactly the document it was folded from', async () => {
      await save([thing('a', {}, 1)]);
      await save([], { writes: [{ collection: 'things', document: thing('a', { size: 2 }, 2), replaces: 1 }] });
      expect(await models.get('g', 'things', ['a'])).toEqual([thing('a', { size: 2 }, 2)]);
      for (const replaces of [1, 3])
        await expect(save([], { writes: [{ collection: 'things', document: thing('a', {}, 4), replaces }] })).rejects.toBeInstanceOf(
          StaleWrite,
        );
      await expect(save([thing('a', {}, 4)])).rejects.toBeInstanceOf(StaleWrite);
      await expect(save([], { writes: [{ collection: 'things', document: thing('n', {}, 4), replaces: 1 }] })).rejects.toBeInstanceOf(
        StaleWrite,
      );
      expect(await models.get('g', 'things', ['a', 'n'])).toEqual([thing('a', { size: 2 }, 2), undefined]);
    });

    it('goes on from exactly the checkpoint it was folded from', async () => {
      await save([], { checkpoint: { 0: 5 } });
      for (const follows of [undefined, { 0: 4 }])
        await expect(models.save('g', { writes: [], heads: new Map(), checkpoint: { 0: 6 }, follows })).rejects.toBeInstanceOf(StaleWrite);
      expect(await models.checkpoint('g')).toEqual({ 0: 5 });
    });

    it('goes on in each partition from its own offset', async () => {
      await save([], { checkpoint: { 0: 5 } });
      await models.save('g', { writes: [], heads: new Map(), checkpoint: { 1: 7 }, follows: undefined });
      await models.save('g', { writes: [], heads: new Map(), checkpoint: { 0: 6 }, follows: { 0: 5 } });
      await expect(models.save('g', { writes: [], heads: new Map(), checkpoint: { 1: 9 }, follows: { 1: 8 } })).rejects.toBeInstanceOf(
        StaleWrite,
      );
      expect(await models.checkpoint('g')).toEqual({ 0: 6, 1: 7 });
    });

    it('knows which partitions have been folded to the end', async () => {
      expect(await models.markBuilt('g', 1)).toEqual([1]);
      expect(await models.markBuilt('g', 1)).toEqual([1]);
      expect([...(await models.markBuilt('g', 0))].sort()).toEqual([0, 1]);
      await models.create('h', [things, notes]);
      expect(await models.markBuilt('h', 2)).toEqual([2]);
    });

    it('is made, filled and dropped by several at once', async () => {
      await Promise.all(Array.from({ length: 4 }, () => models.create('h', [things, notes])));
      const marks = await Promise.all([0, 1, 2, 3].map((partition) => models.markBuilt('h', partition)));
      expect(Math.max(...marks.map(({ length }) => length))).toBe(4);
      await Promise.all([models.drop('h'), models.drop('h')].map((dropping) => dropping.catch(() => undefined)));
      expect(await models.generations()).toEqual(['g']);
    });

    it('serves nobody once what served is dropped', async () => {
      await models.serve('g');
      await models.drop('g');
      expect(await models.serving()).toBeUndefined();
      expect(await models.generations()).not.toContain('g');
    });

    it('never moves a head back, whoever comes late', async () => {
      const head = (position: number) => ({
        heads: new Map([['p', { position, hash: String(position), recordedAt: '2024-01-01T00:00:00.000Z' }]]),
      });
      await save([], { ...head(7), checkpoint: { 0: 7 } });
      await expect(models.save('g', { writes: [], ...head(3), checkpoint: { 0: 3 }, follows: undefined })).rejects.toBeInstanceOf(
        StaleWrite,
      );
      expect(await models.head('g', 'p')).toMatchObject({ position: 7 });
    });

    it('sorts money by value, missing values first, and breaks ties by key', async () => {
      await save([
        thing('a', { price: '10' }),
        thing('b', { price: '9' }),
        thing('c', { price: '-10' }),
        thing('d', { price: '-9' }),
        thing('e', {}),
        thing('f', { price: '9' }),
        thing('g', { price: '999999999999999999' }),
      ]);
      expect(keys((await find({ sort: 'price' })).documents)).toEqual(['e', 'c', 'd', 'b', 'f', 'a', 'g']);
      expect(keys((await find({ sort: 'price', descending: true })).documents)).toEqual(['g', 'a', 'f', 'b', 'd', 'c', 'e']);
      expect(keys((await find({ sort: 'price', range: { from: '-9', to: '9' } })).documents)).toEqual(['d', 'b', 'f']);
      expect(keys((await find({ sort: 'price', range: { to: '-9' } })).documents)).toEqual(['c', 'd']);
    });

    it('filters, and searches whatever the case in every language', async () => {
      await save([
        thing('a', { name: 'Электрондук нотариус', sold: true, size: 1 }),
        thing('b', { name: 'Электронный НОТАРИУС', sold: false, size: 2 }),
        thing('c', { name: 'E-notary 100%', sold: true, size: 2 }),
      ]);
      expect(keys((await find({ search: 'нотариус' })).documents)).toEqual(['a', 'b']);
      expect(keys((await find({ search: 'НОТАРИУС', equals: { sold: true } })).documents)).toEqual(['a']);
      expect(keys((await find({ equals: { sold: true, size: 2 } })).documents)).toEqual(['c']);
      expect(keys((await find({ search: '0%' })).documents)).toEqual(['c']);
      expect(keys((await find({ search: '_' })).documents)).toEqual([]);
      expect(keys((await find({ scope: 'somebody-else' })).documents)).toEqual([]);
    });

    it('finds what a document says now, among many', async () => {
      await save([thing('a', { name: 'Signed laws' }), thing('b', { name: 'Signed maps' })]);
      const published = thing('a', { name: 'Published laws' }, 2);
      await save([], { writes: [{ collection: 'things', document: published, replaces: 1 }] });
      expect(keys((await find({ search: 'signed' })).documents)).toEqual(['b']);
      expect(keys((await find({ search: 'published' })).documents)).toEqual(['a']);
      await save(
        Array.from({ length: 1_200 }, (_, index) => thing(`k${String(index).padStart(4, '0')}`, { name: `Published map ${index}` })),
      );
      expect((await find({ search: 'published', limit: 1_000 })).documents).toHaveLength(1_000);
      expect(keys((await find({ search: 'map 119', sort: 'name' })).documents)).toHaveLength(11);
      expect(keys((await find({ search: 'map 1199' })).documents)).toEqual(['k1199']);
    });

    it('filters by what few have, among many', async () => {
      const many = Array.from({ length: 1_000 }, (_, index) =>
        thing(`k${String(index).padStart(3, '0')}`, {
          size: index % 250 === 7 ? 1 : 2,
          sold: index % 2 === 0,
          price: String(1_000 - index),
        }),
      );
      await save([...many, thing('other', { owner: 'p', size: 1, price: '1' })]);
      const few = await find({ equals: { size: 1 }, sort: 'price', limit: 3 });
      expect(keys(few.documents)).toEqual(['k757', 'k507', 'k257']);
      expect(
        keys(
          (await find({ equals: { size: 1 }, sort: 'price', limit: 3, ...(few.cursor !== undefined && { cursor: few.cursor }) })).documents,
        ),
      ).toEqual(['k007']);
      expect(keys((await find({ equals: { size: 1, sold: true } })).documents)).toEqual([]);
      expect(keys((await find({ equals: { size: 2, sold: true }, sort: 'price', descending: true, limit: 2 })).documents)).toEqual([
        'k000',
        'k002',
      ]);
    });

    it('filters by several values, by the members of sets and by ranges, also after documents change', async () => {
      await save([
        thing('a', { size: 1, weight: 0.5, tags: ['2023', '2024'] }),
        thing('b', { size: 2, weight: 0.85, tags: [2024] }),
        thing('c', { size: 3, tags: [] }),
        thing('d', { size: 4, weight: 2, owner: 'p', tags: ['2024'] }),
      ]);
      expect(keys((await find({ equals: { size: [1, 3] } })).documents)).toEqual(['a', 'c']);
      expect(keys((await find({ equals: { size: [] } })).documents)).toEqual([]);
      expect(keys((await find({ equals: { tags: 2024 } })).documents)).toEqual(['a', 'b']);
      expect(keys((await find({ equals: { tags: '202' } })).documents)).toEqual([]);
      expect(keys((await find({ equals: { tags: ['2023', '2025'] } })).documents)).toEqual(['a']);
      expect(keys((await find({ within: { weight: { from: 0.85 } } })).documents)).toEqual(['b']);
      expect(keys((await find({ within: { weight: { to: 0.84 }, size: {} } })).documents)).toEqual(['a']);
      const moved = thing('a', { size: 1, weight: 1, tags: ['2025'] }, 2);
      await save([], { writes: [{ collection: 'things', document: moved, replaces: 1 }] });
      expect(keys((await find({ equals: { tags: '2023' } })).documents)).toEqual([]);
      expect(keys((await find({ equals: { tags: ['2025', '2024'] }, within: { weight: { from: 0.85 } } })).documents)).toEqual(['a', 'b']);
    });

    it('counts what a query finds, and says if there may be more', async () => {
      await save(Array.from({ length: 12 }, (_, index) => thing(`k${index}`, { size: index % 3, tags: [String(index % 2)] })));
      const count = (conditions: Partial<Conditions>, most: number) => models.count('g', 'things', { scope: 'o', ...conditions }, most);
      expect(await count({}, 100)).toEqual({ documents: 12, isExact: true });
      expect(await count({ equals: { size: 1 } }, 100)).toEqual({ documents: 4, isExact: true });
      expect(await count({ equals: { size: [0, 1], tags: '1' }, search: 'k1' }, 100)).toEqual({ documents: 1, isExact: true });
      expect(await count({ within: { size: { from: 5 } } }, 100)).toEqual({ documents: 0, isExact: true });
      expect(await count({}, 12)).toEqual({ documents: 12, isExact: true });
      expect(await count({}, 11)).toEqual({ documents: 11, isExact: false });
      await expect(count({ equals: { price: '1' } }, 100)).rejects.toBeInstanceOf(UndeclaredField);
    });

    it('takes no field that is not declared for that use, and no cursor of another query', async () => {
      await save([thing('a', {}), thing('b', {})]);
      await expect(find({ sort: 'sold' })).rejects.toBeInstanceOf(UndeclaredField);
      await expect(find({ equals: { price: '1' } })).rejects.toBeInstanceOf(UndeclaredField);
      await expect(models.find('g', 'notes', { scope: 'o', sort: 'owner', limit: 1 })).rejects.toBeInstanceOf(UndeclaredField);
      const { cursor } = await find({ limit: 1 });
      if (cursor === undefined) throw new Error('there is a second page');
      await expect(find({ limit: 1, descending: true, cursor })).rejects.toBeInstanceOf(BadCursor);
      for (const bad of ['', 'x', Buffer.from('[1]').toString('base64url'), Buffer.from('null').toString('base64url')])
        await expect(find({ limit: 1, cursor: bad })).rejects.toBeInstanceOf(BadCursor);
    });

    it('keeps no document without a value by which its indexes are divided', async () => {
      await models.create('h', [graded]);
      const saved = (body: JsonObject) =>
        models.save('h', {
          writes: [{ collection: 'graded', document: thing('a', body) }],
          heads: new Map(),
          checkpoint: { 0: 1 },
          follows: undefined,
        });
      await expect(saved({ grade: 'd' })).rejects.toThrow('graded a has the grade "d", but needs one of a, b, c');
      await expect(saved({})).rejects.toThrow('graded a has the grade undefined, but needs one of a, b, c');
    });

    it('scans a collection in the order of its keys', async () => {
      const documents = Array.from({ length: 1_203 }, (_, index) => thing(`k${String(index).padStart(5, '0')}`, {}));
      await save([...documents].reverse());
      const scanned: ScannedDocument[] = [];
      for await (const batch of models.scan('g', 'things')) scanned.push(...batch);
      expect(scanned.map(({ comparedBy: _, ...document }) => document)).toEqual(documents);
      // The owner and the name; no size, weight, price, sold flag or tags; then the searched text.
      const none = [absent.integer, absent.number, absent.money, absent.flag, absent.set];
      expect(scanned[7]?.comparedBy).toEqual(['o', 'k00007', ...none, 'k00007']);
    });

    it('finds nothing wrong with how it keeps a generation, unless that was made of other collections', async () => {
      await save([thing('a', { price: '5' }), thing('b', { name: 'İstanbul' })]);
      await save([], { writes: [{ collection: 'things', document: thing('a', { name: 'other' }, 2), replaces: 1 }] });
      expect(await models.structuralFault('g', [things, notes])).toBeUndefined();
      expect(await models.structuralFault('g', [things, { ...notes, sorts: ['owner'] }])).toMatch(/other collections/);
    });

    it.each([
      ['й composed, and as и with its breve', 'Цифровой \u0439ота', ['\u0438\u0306ота', 'ЦИФРОВО\u0418\u0306']],
      [
        'the Turkish i, with its dot and without',
        'İstanbul Diyarbakır',
        ['istanbul', 'ISTANBUL', 'İSTANBUL', 'ıstanbul', 'DIYARBAKIR', 'diyarbakir'],
      ],
      ['ß and SS', 'Straßenbau', ['STRASSENBAU', 'strassenbau', 'straßenbau', 'STRAẞENBAU']],
      ['a sigma at the end of a word', 'Οδός ΟΔΟΣ', ['οδοσ', 'οδος', 'ΟΔΌΣ']],
      ['letters of full width, and joined ones', 'Ｅ-ﬁles №7', ['e-files', 'E-FILES', 'no7']],
      ['what has a soft hyphen', 'Elektro\u00adnik', ['elektronik']],
    ])('finds %s', async (_what, name, searches) => {
      await save([thing('a', { name }), thing('b', { name: 'another' })]);
      for (const search of searches) expect([search, keys((await find({ search })).documents)]).toEqual([search, ['a']]);
    });

    it('sorts text by code point, whatever the language', async () => {
      const names = ['Z', 'a', 'ä', 'Ж', '🏛'];
      await save(names.map((name, index) => thing(`k${9 - index}`, { name })));
      expect((await find({ sort: 'name' })).documents.map(({ body }) => body['name'])).toEqual(names);
      expect((await find({ sort: 'name', descending: true })).documents.map(({ body }) => body['name'])).toEqual(names.toReversed());
    });

    const values = fc.record(
      {
        owner: fc.constantFrom('o', 'p'),
        name: fc.constantFrom('ab', 'bc', 'Бв', 'абв', 'абвгАбв', 'say "ab" 🏛', ''),
        size: fc.integer({ min: -3, max: 3 }),
        price: fc.bigInt({ min: -1_000n, max: 1_000n }).map(String),
        sold: fc.boolean(),
        weight: fc.constantFrom(-1, 0, 0.25, 0.5, 1),
        tags: fc.subarray(['x', 'y', 'xy']),
        grade: fc.constantFrom('a', 'b', 'c'),
      },
      { requiredKeys: ['owner', 'grade'] },
    );
    const queries = fc.record(
      {
        sort: fc.constantFrom('name', 'size', 'price'),
        descending: fc.boolean(),
        equals: fc.record(
          {
            sold: fc.boolean(),
            size: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.uniqueArray(fc.integer({ min: -3, max: 3 }), { maxLength: 3 })),
            tags: fc.oneof(fc.constantFrom('x', 'y', 'z'), fc.subarray(['x', 'xy', 'z'])),
            grade: fc.oneof(fc.constantFrom('a', 'c'), fc.subarray(['b', 'c', 'd'])),
          },
          { requiredKeys: [] },
        ),
        within: fc.record(
          {
            weight: fc.record({ from: fc.constantFrom(-1, 0.25, 2), to: fc.constantFrom(0, 0.5) }, { requiredKeys: [] }),
            size: fc.record({ from: fc.constantFrom(-2, 1), to: fc.constantFrom(0, 2) }, { requiredKeys: [] }),
          },
          { requiredKeys: [] },
        ),
        search: fc.constantFrom('б', 'B', '', 'АБВ', 'бвга', '"ab"', 'b" 🏛', 'a\0b'),
        range: fc.record({ from: fc.integer({ min: -4, max: 4 }), to: fc.integer({ min: -4, max: 4 }) }, { requiredKeys: [] }),
        limit: fc.integer({ min: 1, max: 4 }),
      },
      { requiredKeys: ['sort', 'limit'] },
    );

    it('answers any query as a naive scan would, page by page', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(values, { maxLength: 15 }), queries, async (bodies, asked) => {
          const generation = `g${run++}`;
          await models.create(generation, [graded, notes]);
          const first = bodies.map((_body, index): Document => ({ key: `k${index}`, position: 1, body: { ...bodies.at(-1 - index) } }));
          await save([], { writes: first.map((document) => ({ collection: 'graded', document })) }, generation);
          const documents = bodies.map((body, index): Document => ({ key: `k${index}`, position: 2, body: { ...body } }));
          await save([], { writes: documents.map((document) => ({ collection: 'graded', document, replaces: 1 })) }, generation);
          const { range, ...plain } = asked;
          const query: Query = { scope: 'o', ...plain, ...(range && asked.sort === 'size' && { range }) };
          const found: string[] = [];
          let cursor: string | undefined;
          do {
            const page = await models.find(generation, 'graded', { ...query, ...(cursor !== undefined && { cursor }) });
            expect(page.documents.length).toBeLessThanOrEqual(asked.limit);
            found.push(...keys(page.documents));
            cursor = page.cursor;
          } while (cursor !== undefined);
          expect(found).toEqual(keys(naive(documents, query)));
          const { sort: _sort, descending: _descending, limit: _limit, range: _range, ...conditions } = query;
          const all = naive(documents, { ...conditions, sort: 'name', limit: 1 }).length;
          expect(await models.count(generation, 'graded', conditions, 15)).toEqual({ documents: all, isExact: true });
          await models.drop(generation);
        }),
        { numRuns: 150 },
      );
    });
  });
}

/** The query, implemented literally as the port describes it. */
function naive(
  documents: readonly Document[],
  { scope, equals = {}, within = {}, range, search, sort, descending = false }: Query,
): Document[] {
  const rank = ({ body }: Document): number | string => {
    const value = body[sort];
    if (value === undefined) return sort === 'name' ? '' : -Infinity;
    return sort === 'name' && typeof value === 'string' ? value : Number(value);
  };
  const normal = (text: unknown) => searchable(typeof text === 'string' ? text : '');
  return documents
    .filter(({ body }) => body['owner'] === scope)
    .filter(({ body }) => {
      const value = Number(body[sort] ?? NaN);
      return range === undefined || (value >= Number(range.from ?? -Infinity) && value <= Number(range.to ?? Infinity));
    })
    .filter(({ body }) =>
      Object.entries(equals).every(([field, wanted]) => [wanted].flat().some((value) => [body[field] ?? []].flat().includes(value))),
    )
    .filter(({ body }) =>
      Object.entries(within).every(
        ([field, { from = -Infinity, to = Infinity }]) =>
          body[field] !== undefined && Number(body[field]) >= Number(from) && Number(body[field]) <= Number(to),
      ),
    )
    .filter(({ body }) => search === undefined || normal(body['name']).includes(searchable(search)))
    .sort((one, other) => {
      const [a, b] = [rank(one), rank(other)];
      const ordered = a === b ? (one.key < other.key ? -1 : 1) : a < b ? -1 : 1;
      return descending ? -ordered : ordered;
    });
}
