import { setTimeout as timeout } from 'node:timers/promises';

/** Resolves after the given time, or as soon as `signal` is aborted. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Waits on the machine’s clock. */
export const wait: Wait = async (milliseconds, signal) => {
  await timeout(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
};
