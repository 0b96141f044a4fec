import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.js';

describe('the pace of proof', () => {
  const signal = new AbortController().signal;
  const work = (milliseconds: number) => {
    for (const end = performance.now() + milliseconds; performance.now() < end;);
  };
  /** How long it rests after each of some batches of 2,000 entries, each of which takes 5 ms of work; the log ends at `ends` after each. */
  async function rests(ends: readonly number[], entries = 2_000, gather = 0): Promise<number[]> {
    let asked = 0;
    const pace = new Pace({ end: () => Promise.resolve(ends[asked++] ?? 0) }, 0, gather);
    const rested: number[] = [];
    for (const _ of ends) {
      work(5);
      const began = performance.now();
      await pace.rest(entries, signal);
      rested.push(performance.now() - began);
    }
    return rested;
  }

  it('rests far longer than it works while commands come', async () => {
    const [, second = 0, third = 0] = await rests([2_000, 4_000, 6_000]);
    expect(Math.min(second, third)).toBeGreaterThan(90);
  });

  it('does not rest while it only has to catch up with the log', async () => {
    const still = await rests([9_000, 9_000, 9_000, 9_000]);
    const busy = await rests([1, 2, 3, 4]);
    const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0);
    expect(sum(still)).toBeLessThan(sum(busy) / 3);
  });

  it('waits after few entries, so that the next ones are taken together, and ends its rest when it is told to stop', async () => {
    expect((await rests([1], 10, 50))[0]).toBeGreaterThan(45);
    const stop = new AbortController();
    const resting = new Pace({ end: () => Promise.resolve(0) }, 0, 600_000).rest(1, stop.signal);
    stop.abort();
    await resting;
  });
});
