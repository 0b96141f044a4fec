import { setTimeout as timeout } from 'node:timers/promises';

/** Resolves after so many milliseconds, or as soon as `signal` is aborted. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** On the machine’s clock. */
export const wait: Wait = async (milliseconds, signal) => {
  await timeout(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
};
