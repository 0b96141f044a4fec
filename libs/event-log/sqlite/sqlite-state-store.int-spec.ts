import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredState } from '../ports.js';
import { keyOf, keys, randomSave, statesOf, wrongIn } from '../testing/stored-states.js';
import { pageSize, pagesInSegment } from '../../sorted-runs/run-format.js';
import { openSqliteStateStore } from './sqlite-state-store.js';

const minute = 60_000;

describe('states in sorted runs', () => {
  let folder: string;
  let now: number;
  let files = 0;
  const open = (file: string) => openSqliteStateStore({ file, codeVersion: '1', now: () => now });
  const newFile = () => join(folder, `states-${files++}`);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ledger-states-'));
    now = Date.UTC(2024, 5, 10);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** One step: save, let time pass, close and open the file again, or clear it. */
  const step = fc.oneof(
    { weight: 12, arbitrary: randomSave },
    { weight: 3, arbitrary: fc.constant('a minute goes by' as const) },
    { weight: 2, arbitrary: fc.constant('opened again' as const) },
    { weight: 1, arbitrary: fc.constant('cleared' as const) },
  );

  /** The pages of each run in a file. */
  function runsIn(file: string): number[] {
    const database = new DatabaseSync(file, { readOnly: true });
    const runs = database.prepare('SELECT sum(length(fences) / 4) AS pages FROM segments WHERE run IS NOT NULL GROUP BY run').all();
    database.close();
    return runs.map(({ pages }) => Number(pages));
  }

  it('hold the same as a map, over any number of runs and merges, and in every connection', async () => {
    const all = Array.from({ length: keys }, (_, number) => keyOf(number));
    let [merged, largest] = [0, 0];
    const lookAtRuns = (file: string, saves: number) => {
      const runs = runsIn(file);
      if (runs.length < saves) merged++;
      largest = Math.max(largest, ...runs);
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async (steps) => {
        const file = newFile();
        let store = open(file);
        const reader = open(file);
        const expected = new Map<string, { value: string | undefined; until: number }>();
        let [offset, saves] = [0, 0];
        const valueOf = (key: string) => {
          const known = expected.get(key);
          return known && known.until > now ? known.value : undefined;
        };
        for (const what of steps) {
          let asked = all.filter((_key, number) => number <= 60 || (number + offset) % 200 === 0);
          if (what === 'a minute goes by') now += minute;
          else if (what === 'opened again') {
            store.close();
            store = open(file);
          } else if (what === 'cleared') {
            lookAtRuns(file, saves);
            store.clear();
            expected.clear();
            saves = 0;
          } else {
            const changed = statesOf(what, ++offset, now);
            await store.save(offset, new Map(), changed);
            if (changed.length > 0) saves++;
            for (const { key, value, expires } of changed) expected.set(key, { value, until: expires ?? Infinity });
            asked = [...asked, ...changed.map(({ key }) => key).filter((_key, index) => index % 20 === 0)];
          }
          for (const connection of [store, reader]) expect(wrongIn(connection, asked, valueOf)).toEqual([]);
        }
        const fourth = all.filter((_key, number) => number % 4 === 0);
        for (const connection of [store, reader]) expect(wrongIn(connection, fourth, valueOf)).toEqual([]);
        lookAtRuns(file, saves);
        store.close();
        reader.close();
      }),
      { numRuns: 20 },
    );
    // A save of 2,000 values is a run of 70 pages, so runs are merged by eight, and merged runs by eight again.
    expect(merged).toBeGreaterThan(5);
    expect(largest).toBeGreaterThan(110);
  });

  it('find every one of many values, and no absent one', async () => {
    const store = open(newFile());
    const of = (number: number) => `m/p/i-${number % 997}/transaction/T-${number}`;
    const long = 'x'.repeat(20_000);
    for (let save = 0; save < 40; save++)
      await store.save(
        save,
        new Map(),
        Array.from({ length: 3_000 }, (_, index) => {
          const number = save * 3_000 + index;
          return { key: of(number), value: number % 10_000 === 0 ? `${long}${number}` : `value ${number}` };
        }),
      );
    for (let number = 0; number < 120_000; number += 7)
      expect(store.read([of(number), `${of(number)}-not`])).toEqual([
        number % 10_000 === 0 ? `${long}${number}` : `value ${number}`,
        undefined,
      ]);
    store.close();
  });

  it('leave their neighbours alone if a value is larger than a page', async () => {
    const store = open(newFile());
    // One value per page, so that the values fill a segment completely.
    const length = Math.floor(0.9 * pageSize);
    const states = Array.from({ length: pagesInSegment }, (_, index) => ({
      key: `i/p/i-${index}`,
      value: `${index} `.padEnd(length, 'x'),
    }));
    await store.save(1, new Map(), states);
    const large = 'y'.repeat(3 * pageSize);
    await store.save(2, new Map(), [{ key: 'i/p/large', value: large }]);
    expect(store.read([...states.map(({ key }) => key), 'i/p/large'])).toEqual([...states.map(({ value }) => value), large]);
    store.close();
  });

  it('stay small when the same values are saved again and again, and when they expire', async () => {
    const file = newFile();
    const store = open(file);
    const save = async (number: number) => {
      const states: StoredState[] = Array.from({ length: 1_000 }, (_, index) => ({
        key: `i/p/i-${index}`,
        value: `${number} `.repeat(30),
      }));
      const passing = Array.from({ length: 1_000 }, (_, index) => ({
        key: `c/p/o/${number}-${index}`,
        value: 'x'.repeat(100),
        expires: now + minute,
      }));
      await store.save(number, new Map(), [...states, ...passing]);
      now += minute;
    };
    for (let number = 0; number < 60; number++) await save(number);
    store.close();
    const after60 = statSync(file).size;
    const more = open(file);
    for (let number = 60; number < 240; number++) {
      await more.save(
        number,
        new Map(),
        Array.from({ length: 1_000 }, (_, index) => ({ key: `i/p/i-${index}`, value: `${number} `.repeat(30) })),
      );
      now += minute;
    }
    expect(more.read(['i/p/i-7'])).toEqual(['239 '.repeat(30)]);
    more.close();
    expect(statSync(file).size).toBeLessThan(2 * after60);
  });

  it('leave every older state readable if a save fails', async () => {
    const file = newFile();
    const store = open(file);
    await store.save(1, new Map(), [{ key: 'a', value: 'old' }]);
    await expect(store.save(2, new Map(), [{ key: 'a', value: 1 as unknown as string }])).rejects.toThrow();
    expect(store.read(['a'])).toEqual(['old']);
    expect(store.open(0)).toMatchObject({ offset: 1 });
    await store.save(3, new Map(), [{ key: 'a', value: 'new' }]);
    expect(store.read(['a'])).toEqual(['new']);
    store.close();
  });
});
