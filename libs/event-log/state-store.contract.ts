import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Head, StateStore } from './ports.js';
import { keyOf, keys, randomSave, statesOf, wrongIn } from './testing/stored-states.js';

/** An open store, and how to remove its data. */
export type OpenedStates = { states: StateStore; remove(): Promise<void> };

const now = Date.parse('2024-06-10T00:00:00.000Z');
const head = (position: number): Head => ({ position, hash: 'a'.repeat(64), recordedAt: '2024-06-01T06:00:00.000Z' });

/** The rules that every state store keeps. The clock of the given stores stays at 2024-06-10. */
export function stateStoreContract(name: string, open: () => Promise<OpenedStates>): void {
  describe(`${name} as a state store`, () => {
    const using = async (use: (states: StateStore) => Promise<void>) => {
      const { states, remove } = await open();
      try {
        await use(states);
      } finally {
        states.close();
        await remove();
      }
    };

    it('knows nothing at first', () =>
      using((states) => {
        expect(states.open(0)).toBeUndefined();
        expect(states.read(['a'])).toEqual([undefined]);
        return Promise.resolve();
      }));

    it('gives back what was saved, with the position of the log then', () =>
      using(async (states) => {
        const value = '{"title":"Санарип\\u0000нотариат 😀","parts":[""]}';
        await states.save(7, new Map([['p', head(3)]]), [{ key: 'a', value }]);
        expect(states.open(0)).toEqual({ offset: 7, heads: new Map([['p', head(3)]]) });
        expect(states.read(['b', 'a'])).toEqual([undefined, value]);
      }));

    it('replaces, adds and forgets what changed, and keeps the rest', () =>
      using(async (states) => {
        await states.save(1, new Map([['p', head(1)]]), [
          { key: 'a', value: '1' },
          { key: 'b', value: '2' },
          { key: 'c', value: '3' },
        ]);
        await states.save(
          2,
          new Map([
            ['p', head(2)],
            ['q', head(1)],
          ]),
          [
            { key: 'a', value: '10' },
            { key: 'b', value: undefined },
            { key: 'd', value: '4' },
          ],
        );
        expect(states.read(['a', 'b', 'c', 'd'])).toEqual(['10', undefined, '3', '4']);
        expect(states.open(0)).toEqual({
          offset: 2,
          heads: new Map([
            ['p', head(2)],
            ['q', head(1)],
          ]),
        });
      }));

    it('keeps what has not expired', () =>
      using(async (states) => {
        await states.save(1, new Map(), [{ key: 'later', value: '1', expires: Date.parse('2024-06-11T00:00:00.000Z') }]);
        await states.save(2, new Map(), []);
        expect(states.read(['later'])).toEqual(['1']);
      }));

    it('holds the same as a map, whatever is saved, however large and however often', async () => {
      const all = Array.from({ length: keys }, (_, number) => keyOf(number));
      const step = fc.oneof({ weight: 15, arbitrary: randomSave }, { weight: 1, arbitrary: fc.constant('cleared' as const) });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 50 }), (steps) =>
          using(async (states) => {
            const expected = new Map<string, string | undefined>();
            for (const [offset, what] of steps.entries()) {
              let asked = all.filter((_key, number) => (number + offset) % 200 === 0);
              if (what === 'cleared') {
                states.clear();
                expected.clear();
              } else {
                const changed = statesOf(what, offset, now);
                await states.save(offset, new Map([['p', head(offset)]]), changed);
                for (const { key, value } of changed) expected.set(key, value);
                asked = [...asked, ...changed.map(({ key }) => key).filter((_key, index) => index % 20 === 0)];
              }
              expect(wrongIn(states, asked, (key) => expected.get(key))).toEqual([]);
              expect(states.open(0)?.offset).toBe(what === 'cleared' ? undefined : offset);
            }
            const fourth = all.filter((_key, number) => number % 4 === 0);
            expect(wrongIn(states, fourth, (key) => expected.get(key))).toEqual([]);
          }),
        ),
        { numRuns: 8 },
      );
    });

    it('forgets everything when cleared', () =>
      using(async (states) => {
        await states.save(1, new Map([['p', head(1)]]), [{ key: 'a', value: '1' }]);
        states.clear();
        expect(states.open(0)).toBeUndefined();
        expect(states.read(['a'])).toEqual([undefined]);
      }));
  });
}
