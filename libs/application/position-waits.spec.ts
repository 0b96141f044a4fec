import { describe, expect, it } from '@jest/globals';
import { PositionWaits } from './position-waits.js';
import { ReadModelsBehind } from '../projections/read-models-behind.js';

/** Heads that a test sets, and how many times they were read. */
function heads() {
  const positions = new Map<string, number>();
  const models = {
    asked: 0,
    head: (_generation: string, programme: string) => {
      models.asked++;
      const position = positions.get(programme);
      return Promise.resolve(position === undefined ? undefined : { position, hash: '', recordedAt: '' });
    },
  };
  return { positions, models };
}

describe('waiting for a position', () => {
  it('ends when the programme is folded that far, and says how far it is', async () => {
    const { positions, models } = heads();
    const waits = new PositionWaits(models, () => 0);
    positions.set('p', 3);
    expect(await waits.until('g', 'p', 2)).toBe(3);
    const waiting = [waits.until('g', 'p', 4), waits.until('g', 'p', 5), waits.until('g', 'q', 1)];
    positions.set('p', 6);
    positions.set('q', 1);
    expect(await Promise.all(waiting)).toEqual([6, 6, 1]);
  });

  it('ends after two seconds, and at once for a reader who leaves', async () => {
    const { models } = heads();
    let now = 0;
    const waits = new PositionWaits(models, () => now);
    const gone = new AbortController();
    const left = expect(waits.until('g', 'p', 1, gone)).rejects.toThrow('aborted');
    const late = expect(waits.until('g', 'p', 1)).rejects.toThrow(/p is folded to position 0, not yet to 1/);
    await new Promise((turn) => setImmediate(turn));
    gone.abort();
    await left;
    now = 2_000;
    await late;
  });

  it('serves at most 1,000 requests at once, all with the same reads', async () => {
    const { positions, models } = heads();
    const waits = new PositionWaits(models, () => 0);
    const waiting = Array.from({ length: 2_000 }, () => waits.until('g', 'p', 1));
    const settled = Promise.allSettled(waiting);
    await expect(waiting.at(-1)).rejects.toBeInstanceOf(ReadModelsBehind);
    const before = models.asked;
    positions.set('p', 1);
    expect((await settled).filter(({ status }) => status === 'fulfilled')).toHaveLength(1_000);
    expect(models.asked - before).toBeLessThan(10);
    expect(await waits.until('g', 'p', 1)).toBe(1);
  });

  it('fails with the error of the read', async () => {
    const waits = new PositionWaits({ head: () => Promise.reject(new Error('there is no generation g')) }, () => 0);
    await expect(waits.until('g', 'p', 1)).rejects.toThrow('there is no generation g');
  });
});
