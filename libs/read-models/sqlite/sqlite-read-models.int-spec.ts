import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { openNoticesContract } from '../../projections/notices/open-notices.contract.js';
import { StaleWrite, type CollectionSpec, type Document } from '../ports.js';
import { readModelsContract } from '../read-models.contract.js';
import { openBuildingReadModels } from './building-read-models.js';
import { openSqliteReadModels } from './sqlite-read-models.js';

const folder = () => mkdtemp(join(tmpdir(), 'initiative-ledger-models-'));
readModelsContract('SQLite', async () => {
  const path = await folder();
  return { models: openSqliteReadModels(join(path, 'read-models.sqlite')), remove: () => rm(path, { recursive: true }) };
});

openNoticesContract('SQLite', async () => {
  const path = await folder();
  return { models: openSqliteReadModels(join(path, 'read-models.sqlite')), remove: () => rm(path, { recursive: true }) };
});

const workerUrl = pathToFileURL(resolve('dist/libs/read-models/sqlite/read-models-worker.js'));
readModelsContract('SQLite with a thread for what is built', async () => {
  const path = await folder();
  return { models: openBuildingReadModels(join(path, 'read-models.sqlite'), workerUrl), remove: () => rm(path, { recursive: true }) };
});

describe('a SQLite file of read models', () => {
  const things: CollectionSpec = { name: 'things', fields: { owner: 'text' }, scope: 'owner', filters: [], sorts: [] };
  const document: Document = { key: 'a', position: 1, body: { owner: 'o' } };
  const save = { writes: [{ collection: 'things', document }], heads: new Map(), checkpoint: { 0: 1 }, follows: undefined };
  let path: string;
  let file: string;
  beforeEach(async () => {
    path = await folder();
    file = join(path, 'read-models.sqlite');
  });
  afterEach(() => rm(path, { recursive: true }));

  it('sorts text by code point where UTF-16 would sort it otherwise', async () => {
    const models = openSqliteReadModels(file);
    const named: CollectionSpec = { ...things, fields: { owner: 'text', name: 'text' }, sorts: ['name'] };
    await models.create('g', [named]);
    const writes = ['🏛', 'ﬁ', 'Ж'].map((name) => ({
      collection: 'things',
      document: { key: name, position: 1, body: { owner: 'o', name } },
    }));
    await models.save('g', { ...save, writes });
    const { documents } = await models.find('g', 'things', { scope: 'o', sort: 'name', limit: 3 });
    expect(documents.map(({ key }) => key)).toEqual(['Ж', 'ﬁ', '🏛']);
    await models.close();
  });

  it('keeps what was saved when it is opened again, and is read beside the writer', async () => {
    const writer = openSqliteReadModels(file);
    await writer.create('g', [things]);
    const reader = openSqliteReadModels(file, 'read');
    expect(await reader.get('g', 'things', ['a'])).toEqual([undefined]);
    await writer.save('g', save);
    // All reads in one turn of the event loop see the same moment.
    expect(await reader.get('g', 'things', ['a'])).toEqual([undefined]);
    await new Promise((nextTurn) => setImmediate(nextTurn));
    expect(await reader.get('g', 'things', ['a'])).toEqual([document]);
    await reader.close();
    await writer.close();
    const again = openSqliteReadModels(file);
    expect(await again.get('g', 'things', ['a'])).toEqual([document]);
    expect(await again.checkpoint('g')).toEqual({ 0: 1 });
    await again.close();
  });

  it('is built by a thread while this one goes on, and written here once it serves', async () => {
    const models = openBuildingReadModels(file, workerUrl);
    await models.create('g', [things]);
    let turns = 0;
    const saving = models.save('g', save).then(() => turns);
    const counting = setInterval(() => turns++, 0);
    expect(await saving).toBeGreaterThan(0);
    clearInterval(counting);
    expect(await models.get('g', 'things', ['a'])).toEqual([document]);
    await expect(models.save('g', save)).rejects.toThrow(StaleWrite);
    await models.serve('g');
    const next = { ...document, position: 2, body: { owner: 'other' } };
    await models.save('g', {
      ...save,
      writes: [{ collection: 'things', document: next, replaces: 1 }],
      checkpoint: { 0: 2 },
      follows: save.checkpoint,
    });
    expect(await models.get('g', 'things', ['a'])).toEqual([next]);
    await models.close();
  });

  it('tells where the thread that builds it can’t open the file', async () => {
    const models = openBuildingReadModels(file, workerUrl);
    await models.create('g', [things]);
    await rm(file);
    await mkdir(file);
    await expect(models.save('g', save)).rejects.toThrow(/read-models\.sqlite|unable to open/);
    await models.close();
    await rm(file, { recursive: true });
  });

  it('finds the same once its search index is merged, at the beginning, within and at the end of a text', async () => {
    const named: CollectionSpec = { ...things, fields: { owner: 'text', name: 'text' }, sorts: ['name'], search: 'name' };
    const models = openSqliteReadModels(file);
    await models.create('g', [named]);
    const name = (number: number) => `Road ${number} “Кара-Суу” №${number % 7}, km ${number * 3}`;
    for (let part = 0; part < 6; part++)
      await models.save('g', {
        writes: Array.from({ length: 300 }, (_, index) => {
          const number = part * 300 + index;
          return { collection: 'things', document: { key: `k${number}`, position: number + 1, body: { owner: 'o', name: name(number) } } };
        }),
        heads: new Map(),
        checkpoint: { 0: part + 1 },
        follows: part === 0 ? undefined : { 0: part },
      });
    const all = Array.from({ length: 1_800 }, (_, number) => `k${number}`);
    const wanted = (search: string) => all.filter((_, number) => name(number).toLowerCase().includes(search.toLowerCase())).sort();
    const found = async (search: string) =>
      (await models.find('g', 'things', { scope: 'o', search, sort: 'name', limit: 2_000 })).documents.map(({ key }) => key).sort();
    const searches = ['road 17', 'Road 1799', 'сУУ', '№6,', 'km 5397', '397', 'уу” №3', 'm 9', '999', '“КАР', 'no such', '7 “'];
    const before = await Promise.all(searches.map(found));
    expect(before).toEqual(searches.map(wanted));
    await models.serve('g');
    expect(await Promise.all(searches.map(found))).toEqual(before);
    await models.close();
  });

  it('reads at the end of a turn what is asked for in it, so that answers leave together', async () => {
    const writer = openSqliteReadModels(file);
    await writer.create('g', [things]);
    const reader = openSqliteReadModels(file, 'read');
    const early = reader.get('g', 'things', ['a']);
    await writer.save('g', save);
    const late = reader.get('g', 'things', ['a']);
    expect(await Promise.all([early, late])).toEqual([[document], [document]]);
    await reader.close();
    await writer.close();
  });

  it('is read on where what serves was dropped and made again under its name, in other tables', async () => {
    const writer = openSqliteReadModels(file);
    await writer.create('g', [things]);
    await writer.save('g', save);
    await writer.serve('g');
    const reader = openSqliteReadModels(file, 'read');
    expect(await reader.serving()).toBe('g');
    expect(await reader.get('g', 'things', ['a'])).toEqual([document]);
    await writer.create('between', [things]);
    await writer.drop('g');
    await writer.create('g', [things]);
    await writer.save('g', save);
    await writer.serve('g');
    await new Promise((nextTurn) => setImmediate(nextTurn));
    expect(await reader.serving()).toBe('g');
    expect(await reader.get('g', 'things', ['a'])).toEqual([document]);
    await reader.close();
    await writer.close();
  });

  it('is read as of one moment, whatever is written since', async () => {
    const writer = openSqliteReadModels(file);
    await writer.create('g', [things]);
    const snapshot = openSqliteReadModels(file, 'snapshot');
    expect(await snapshot.checkpoint('g')).toBeUndefined();
    await writer.save('g', save);
    expect(await snapshot.get('g', 'things', ['a'])).toEqual([undefined]);
    await snapshot.close();
    await writer.close();
  });

  it('writes a save whole or not at all', async () => {
    const models = openSqliteReadModels(file);
    await models.create('g', [things]);
    await expect(models.save('g', { ...save, follows: { 0: 9 } })).rejects.toBeInstanceOf(StaleWrite);
    expect(await models.get('g', 'things', ['a'])).toEqual([undefined]);
    await models.close();
  });

  it('starts anew over a file that is damaged, or of another format', async () => {
    await writeFile(file, 'no database at all, though long enough to be taken for one by its size '.repeat(20));
    const fromDamaged = openSqliteReadModels(file);
    expect(await fromDamaged.generations()).toEqual([]);
    await fromDamaged.close();
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(() => openSqliteReadModels(file, 'read')).toThrow('no read models of this version');
    const fromNewer = openSqliteReadModels(file);
    expect(await fromNewer.generations()).toEqual([]);
    await fromNewer.create('g', [things]);
    await fromNewer.close();
    // Byte 18 of SQLite's header is the write version: a larger one makes the file read-only.
    const bytes = await readFile(file);
    bytes[18] = 3;
    await writeFile(file, bytes);
    const fromReadOnly = openSqliteReadModels(file);
    expect(await fromReadOnly.generations()).toEqual([]);
    await fromReadOnly.create('g', [things]);
    await fromReadOnly.close();
  });

  it('says that there are none to read', () => {
    expect(() => openSqliteReadModels(file, 'read')).toThrow('there are no read models');
  });
});
