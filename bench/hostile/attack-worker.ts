/** The thread of the attackers. It ends them when it is told to stop, and answers how often each attacked. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { attacks } from './attacks.js';
import { isTarget } from './attackers.js';

if (!parentPort || !isTarget(workerData)) throw new TypeError('the thread was started without a target');
const stop = new AbortController();
const counts = attacks(workerData.url, workerData.tokens, workerData.only, stop.signal);
await once(parentPort, 'message');
stop.abort();
parentPort.postMessage(await counts);
parentPort.close();
