import { describe, expect, it } from '@jest/globals';
import type { CheckpointShown } from './checkpoint-shown.js';
import { RecentCheckpoints, type Patience } from './recent-checkpoints.js';

const ofSize = (size: number): CheckpointShown => ({ size, root: 'r', cosigners: [] });

/** Recent checkpoints over a clock that a test moves; each read finds one record more than the one before. */
function recent(read: (size: number) => Promise<CheckpointShown | undefined>, patience: Partial<Patience> = {}) {
  const counted = { now: 0, reads: 0 };
  const checkpoints = new RecentCheckpoints(
    () => read(++counted.reads),
    { keep: 1_000, wait: 10_000, ...patience },
    () => counted.now,
  );
  return { counted, checkpoints };
}

describe('a recent checkpoint', () => {
  it('is read once a second, however many readers ask', async () => {
    const { counted, checkpoints } = recent((size) => Promise.resolve(ofSize(size)));
    expect(await Promise.all([checkpoints.of('p'), checkpoints.of('p')])).toEqual([ofSize(1), ofSize(1)]);
    counted.now = 999;
    expect(await checkpoints.of('p')).toEqual(ofSize(1));
    counted.now = 1_000;
    expect(await checkpoints.of('p')).toEqual(ofSize(2));
    expect(counted.reads).toBe(2);
  });

  it('is each programme’s own', async () => {
    const { checkpoints } = recent((size) => Promise.resolve(ofSize(size)));
    expect([await checkpoints.of('p'), await checkpoints.of('q')]).toEqual([ofSize(1), ofSize(2)]);
  });

  it('is left out for a second if it can’t be read, without an error', async () => {
    const { counted, checkpoints } = recent((size) => (size === 1 ? Promise.reject(new Error('no store')) : Promise.resolve(ofSize(size))));
    expect([await checkpoints.of('p'), await checkpoints.of('p')]).toEqual([undefined, undefined]);
    counted.now = 1_000;
    expect(await checkpoints.of('p')).toEqual(ofSize(2));
  });

  it('is left out if it is not read in time, and shown once it is: only one read waits', async () => {
    const reading = Promise.withResolvers<CheckpointShown>();
    const { counted, checkpoints } = recent(() => reading.promise, { wait: 1 });
    expect(await checkpoints.of('p')).toBeUndefined();
    counted.now = 5_000;
    expect(await checkpoints.of('p')).toBeUndefined();
    reading.resolve(ofSize(7));
    await reading.promise;
    await new Promise(setImmediate);
    expect([await checkpoints.of('p'), counted.reads]).toEqual([ofSize(7), 1]);
  });
});
