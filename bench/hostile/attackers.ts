import { Worker } from 'node:worker_threads';
import type { Tokens } from '../../test/support/long-history.js';

/** The address of the ledger under attack, the tokens of its clients, and the names of the attacks; none means all. */
export type Target = { url: string; tokens: Tokens; only: readonly string[] };

/** Whether a thread was given a target. */
export function isTarget(data: unknown): data is Target {
  return typeof data === 'object' && data !== null && 'url' in data && 'tokens' in data && 'only' in data;
}

/**
 * Starts the attacks in a thread of their own, so that the attackers' work delays no honest client of this thread.
 * @returns stops them, with the number of connections of each attack
 */
export function startAttacks(target: Target): () => Promise<ReadonlyMap<string, number>> {
  const thread = new Worker(new URL('./attack-worker.js', import.meta.url), { workerData: target });
  return async () => {
    const said = new Promise<unknown>((resolve) => thread.once('message', resolve));
    thread.postMessage('stop');
    const counts = await said;
    if (!(counts instanceof Map)) throw new TypeError('the attackers did not say how often they attacked');
    return counts;
  };
}
