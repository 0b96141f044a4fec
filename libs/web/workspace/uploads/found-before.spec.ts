import { describe, expect, it } from '@jest/globals';
import { FoundBefore } from './found-before.js';
import type { SheetFound } from './sheet-uploads.js';

const found = (recordedBefore = 0): SheetFound => ({
  sheet: { header: [], rows: [], faults: [], commands: [] },
  refused: [],
  fresh: [],
  recordedBefore,
});

describe('the result of an upload’s check', () => {
  it('is kept as long as everything that it depends on is the same', async () => {
    const before = new FoundBefore();
    let checks = 0;
    const check = () => Promise.resolve(found(++checks));
    const asked = [
      await before.of(['a', 1], check),
      await before.of(['a', 1], check),
      await before.of(['a', 2], check),
      await before.of(['b', 1], check),
      await before.of(['a', 1], check),
    ];
    expect(asked.map(({ recordedBefore }) => recordedBefore)).toEqual([1, 1, 2, 3, 1]);
  });

  it('is shared by all readers while a check runs, and tried again after a failed check', async () => {
    const before = new FoundBefore();
    let checks = 0;
    const { promise, reject } = Promise.withResolvers<SheetFound>();
    const asked = [1, 2].map(() =>
      before.of(['a', 1], () => {
        checks++;
        return promise;
      }),
    );
    reject(new Error('away'));
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(checks).toBe(1);
    expect((await before.of(['a', 1], () => Promise.resolve(found(7)))).recordedBefore).toBe(7);
  });
});
