import { describe, expect, it } from '@jest/globals';
import { FairQueue, TooManyWaiting } from './fair-queue.js';

/** Work that ends when it is told to. */
function tasks(turns: FairQueue) {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const run = (client: string, name: string, signal?: AbortSignal) =>
    turns.run(
      client,
      () =>
        new Promise<void>((done) => {
          begun.push(name);
          ends.push(done);
        }),
      signal,
    );
  const endOne = async () => {
    await new Promise((turn) => setImmediate(turn));
    ends.shift()?.();
    await new Promise((turn) => setImmediate(turn));
  };
  return { begun, run, endOne };
}

describe('turns', () => {
  it('are taken by clients one after another, however much each asks for', async () => {
    const { begun, run, endOne } = tasks(new FairQueue({ atOnce: 1, waiting: 10 }));
    for (const name of ['a1', 'a2', 'a3', 'a4']) void run('a', name);
    void run('b', 'b1');
    for (let left = 0; left < 4; left++) await endOne();
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'a4']);
  });

  it('are refused beyond the limit to the client with the most waiting, its last request first', async () => {
    const { begun, run, endOne } = tasks(new FairQueue({ atOnce: 1, waiting: 2 }));
    void run('a', 'a1');
    void run('a', 'a2');
    const refused = expect(run('a', 'a3')).rejects.toBeInstanceOf(TooManyWaiting);
    void run('b', 'b1');
    await refused;
    for (let left = 0; left < 3; left++) await endOne();
    expect(begun).toEqual(['a1', 'a2', 'b1']);
  });

  it('are given up by clients that leave before their turn comes', async () => {
    const { begun, run, endOne } = tasks(new FairQueue({ atOnce: 1, waiting: 2 }));
    const gone = new AbortController();
    void run('a', 'a1');
    const left = expect(run('b', 'b1', gone.signal)).rejects.toThrow('aborted');
    void run('c', 'c1');
    gone.abort();
    await left;
    await endOne();
    expect(begun).toEqual(['a1', 'c1']);
    await expect(run('d', 'd1', AbortSignal.abort())).rejects.toThrow('aborted');
  });

  it('pass on after work that fails', async () => {
    const turns = new FairQueue({ atOnce: 1, waiting: 1 });
    await expect(turns.run('a', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await turns.run('a', () => Promise.resolve('done'))).toBe('done');
  });
});
