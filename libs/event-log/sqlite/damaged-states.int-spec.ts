import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { quickFolder } from '../../sqlite/testing/quick-folder.js';
import { StatesDamaged, type Heads } from '../ports.js';
import { openSqliteStateStore, readStates, type SqliteStateStore } from './sqlite-state-store.js';

const now = () => Date.UTC(2024, 5, 10);
const head = (position: number) => ({ position, hash: 'a'.repeat(64), recordedAt: '2024-06-01T06:00:00.000Z' });
const heads: Heads = new Map([
  ['p', head(3)],
  ['q', head(7)],
]);
const keys = ['i/p/i-0', 'i/p/i-1', 'm/p/i-0/transaction/T-1', 'p/p', 'c/p/o/none'];
const values = ['spent 5', 'spent 5000', '0', '{"code":"p"}', undefined];

describe('a state store that somebody or something has changed', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = quickFolder('ledger-damaged-');
    file = join(folder, 'states');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const open = (discarded: string[] = []) =>
    openSqliteStateStore({ file, codeVersion: '1', now, onDiscarded: (reason) => discarded.push(reason) });

  /** Leaves a closed store of two runs that share a key. */
  async function write(): Promise<void> {
    const store = open();
    await store.save(6, heads, [
      { key: 'i/p/i-0', value: 'spent 874' },
      { key: 'm/p/i-0/transaction/T-1', value: '0' },
      { key: 'p/p', value: '{"code":"p"}' },
    ]);
    await store.save(9, heads, [
      { key: 'i/p/i-0', value: 'spent 5' },
      { key: 'i/p/i-1', value: 'spent 5000' },
    ]);
    store.close();
  }

  class Discarded extends Error {}
  /** The store's values before and after a save; `undefined` if it reports damage or is empty, so that everything is folded again. */
  async function told(saves: boolean): Promise<unknown> {
    let store: SqliteStateStore | undefined;
    try {
      const onDiscarded = (reason: string) => {
        // Creating it again is not part of this test.
        throw new Discarded(reason);
      };
      store = openSqliteStateStore({ file, codeVersion: '1', now, onDiscarded });
      const saved = store.open(0);
      if (!saved) return undefined;
      const before = store.read(keys);
      if (saves) await store.save(9, heads, []);
      return { saved, before, after: store.read(keys) };
    } catch (error) {
      if (error instanceof StatesDamaged || error instanceof Discarded) return undefined;
      throw error;
    } finally {
      store?.close();
    }
  }

  it('is found out by any changed byte, or everything in it stays the same', async () => {
    await write();
    const original = readFileSync(file);
    const whole = { saved: { offset: 9, heads }, before: values, after: values };
    expect(await told(true)).toEqual(whole);
    let found = 0;
    const unnoticed: number[] = [];
    for (let at = 0; at < original.length; at++) {
      const copy = Buffer.from(original);
      copy[at] = (copy[at] ?? 0) ^ (1 + ((at * 89) % 255));
      for (const suffix of ['-wal', '-shm', '.damaged']) rmSync(file + suffix, { force: true });
      writeFileSync(file, copy);
      // Only some of them save, because a save takes disk time.
      const said = await told(at % 64 === 0);
      if (said === undefined) found++;
      else if (JSON.stringify(said) !== JSON.stringify(whole)) unnoticed.push(at);
    }
    expect(unnoticed).toEqual([]);
    expect(found).toBeGreaterThan(2 * 4_032);
  }, 600_000);

  it('never gives a value from a changed page, and is discarded with the reason when it is opened next', async () => {
    await write();
    const changed = readFileSync(file, 'latin1').replace('spent 5000', 'spent 9000');
    writeFileSync(file, changed, 'latin1');
    const store = open();
    expect(store.read(['p/p', 'c/p/o/none'])).toEqual(['{"code":"p"}', undefined]);
    expect(() => store.read(['i/p/i-1'])).toThrow(StatesDamaged);
    store.close();
    const discarded: string[] = [];
    const again = open(discarded);
    expect(discarded).toEqual([expect.stringMatching(/states is damaged \(page \d+ is not as it was written\)/)]);
    expect(again.open(0)).toBeUndefined();
    expect(again.read(['i/p/i-1'])).toEqual([undefined]);
    again.close();
    expect(existsSync(`${file}.damaged`)).toBe(false);
  });

  it('is found out by missing rows, and by pages at each other’s offset', async () => {
    for (const edit of [
      'DELETE FROM heads WHERE programme = ‹q›',
      'DELETE FROM runs WHERE run = 1',
      'DELETE FROM segments WHERE segment = 0',
      'UPDATE segments SET run = NULL WHERE segment = 0',
    ]) {
      await write();
      const database = new DatabaseSync(file);
      database.exec(edit.replace(/[‹›]/g, "'"));
      database.close();
      const discarded: string[] = [];
      open(discarded).close();
      expect(discarded).toEqual([expect.stringContaining('were saved')]);
    }
    await write();
    const database = new DatabaseSync(file);
    database.exec(
      'UPDATE pages SET page = page + 100000; UPDATE pages SET page = 512 WHERE page = 100000; UPDATE pages SET page = 0 WHERE page = 100512',
    );
    database.close();
    const store = open();
    expect(() => store.read(['i/p/i-0'])).toThrow(StatesDamaged);
    store.close();
  });

  it('stops the save if the damage is found during a merge, and nothing is lost', async () => {
    const store = open();
    for (let save = 1; save <= 7; save++) await store.save(save, heads, [{ key: `i/p/i-${save}`, value: `value ${save}` }]);
    const database = new DatabaseSync(file);
    database.exec("UPDATE pages SET bytes = CAST(replace(CAST(bytes AS TEXT), 'value 3', 'value 9') AS BLOB) WHERE page = 1024");
    database.close();
    await expect(store.save(8, heads, [{ key: 'i/p/i-8', value: 'value 8' }])).rejects.toThrow(StatesDamaged);
    store.close();
    expect(open().open(0)).toBeUndefined();
  });

  it('is read beside its writer as of one moment', async () => {
    await write();
    const writer = open();
    const states = readStates({ file, codeVersion: '1', now });
    await writer.save(12, heads, [{ key: 'i/p/i-0', value: 'later' }]);
    expect(states?.offset).toBe(9);
    expect(states?.read(['i/p/i-0'])).toEqual(['spent 5']);
    expect([...new Set([...(states?.keys() ?? [])].flat())].sort()).toEqual(['i/p/i-0', 'i/p/i-1', 'm/p/i-0/transaction/T-1', 'p/p']);
    states?.close();
    writer.close();
    expect(readStates({ file, codeVersion: '2', now })).toBeUndefined();
    expect(readStates({ file: join(folder, 'none'), codeVersion: '1', now })).toBeUndefined();
  });
});
