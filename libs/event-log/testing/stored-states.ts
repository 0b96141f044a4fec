/** Random saves: few and many values, from empty to larger than any page, in several scripts, over more keys than a page holds. */
import fc from 'fast-check';
import type { StateStore, StoredState } from '../ports.js';

/** The number of keys. */
export const keys = 20_000;
export const keyOf = (number: number) => `m/p/i-${number % 97}/spending/T-${number}`;

const lengths = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 100 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 17_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 60_000 }) },
);
const units = fc.constantFrom('x', 'ж', '文', '😀', '"\\', '\u0000');
/** One of a few keys, which repeat often, or any key. */
const numbers = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: keys - 1 }));

/** The changes of one save. A value may be forgotten after `minutes`. */
export const randomSave = fc.record({
  some: fc.array(
    fc.record({
      number: numbers,
      length: lengths,
      unit: units,
      gone: fc.integer({ min: 0, max: 4 }).map((one) => one === 4),
      minutes: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined, freq: 3 }),
    }),
    { maxLength: 30 },
  ),
  many: fc.option(
    fc.record({
      from: fc.integer({ min: 0, max: keys - 1 }),
      step: fc.integer({ min: 1, max: 7 }),
      count: fc.integer({ min: 0, max: 2_000 }),
      gone: fc.integer({ min: 0, max: 4 }).map((one) => one === 4),
    }),
    { nil: undefined, freq: 2 },
  ),
});
type RandomSave = typeof randomSave extends fc.Arbitrary<infer S> ? S : never;

/** The states that a save at an offset changes, each key once. `now` is in milliseconds since 1970. */
export function statesOf({ some, many }: RandomSave, offset: number, now: number): StoredState[] {
  const changed = new Map<string, StoredState>();
  if (many)
    for (let index = 0; index < many.count; index++) {
      const key = keyOf((many.from + index * many.step) % keys);
      changed.set(key, { key, value: many.gone ? undefined : `${offset} ${key} `.padEnd(100, '.') });
    }
  for (const { number, length, unit, gone, minutes } of some) {
    const key = keyOf(number);
    const mark = `${offset} ${key} `.slice(0, length);
    const value = gone ? undefined : mark + unit.repeat(Math.floor((length - mark.length) / unit.length));
    changed.set(key, { key, value, ...(minutes !== undefined && { expires: now + minutes * 60_000 }) });
  }
  return [...changed.values()];
}

/** The keys for which a store returns something other than expected. */
export function wrongIn(states: StateStore, asked: readonly string[], expected: (key: string) => string | undefined): string[] {
  const found = states.read(asked);
  return asked.filter((key, index) => found[index] !== expected(key));
}
