/** Loaded into a ledger before its own code (`--import`): the thread that would make proof only waits until it is told to stop. */
import { syncBuiltinESMExports } from 'node:module';
import threads, { type WorkerOptions } from 'node:worker_threads';

const idle = `const { parentPort } = require('node:worker_threads'); parentPort.on('message', () => parentPort.close());`;
const { Worker } = threads;

threads.Worker = class extends Worker {
  constructor(file: string | URL, options?: WorkerOptions) {
    if (String(file).endsWith('/proof-worker.js')) super(idle, { ...options, eval: true });
    else super(file, options);
  }
};
syncBuiltinESMExports();
