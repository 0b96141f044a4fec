import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { unlessAborted } from './unless-aborted.js';

describe('a promise that is awaited unless it is aborted', () => {
  const never = new Promise<number>(() => undefined);

  it('gives or throws its own result, and leaves no listener at the signal', async () => {
    const { signal } = new AbortController();
    expect(await unlessAborted(Promise.resolve(1), signal)).toBe(1);
    await expect(unlessAborted(Promise.reject(new Error('away')), signal)).rejects.toThrow('away');
    await Promise.resolve();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('gives undefined once it is aborted, before or meanwhile', async () => {
    const stop = new AbortController();
    const meanwhile = unlessAborted(never, stop.signal);
    stop.abort();
    expect(await meanwhile).toBeUndefined();
    expect(await unlessAborted(never, stop.signal)).toBeUndefined();
  });
});
