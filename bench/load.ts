/** HTTP load from a thread of its own, which uses less time than the server it measures. */
import { Worker } from 'node:worker_threads';

/** Requests over `connections` for `seconds`; each connection waits for an answer before it sends the next request. Text is ASCII. */
export type Load = {
  url: string;
  method: 'GET' | 'POST';
  /** `{number}` in path and body counts from `first`; `{initiative}` is `i-` and that number times `stride`, modulo `initiatives`. */
  path: string;
  body?: string;
  headers?: Readonly<Record<string, string>>;
  connections: number;
  seconds: number;
  first?: number;
  initiatives?: number;
  stride?: number;
};
/** Times in milliseconds. `next` is the number after the last one sent. */
export type Loaded = {
  perSecond: number;
  succeeded: number;
  next: number;
  p50: number;
  p99: number;
  /** The time that a request took of the sending thread. */
  generatorMicroseconds: number;
};

/** @throws if an answer is a refusal or a connection fails */
export async function makeLoad(load: Load): Promise<Loaded> {
  const worker = new Worker(new URL('./load-worker.js', import.meta.url), { workerData: load });
  const loaded = await new Promise<Loaded & { refused: number; failed: number }>((done, failed) => {
    worker.once('message', done);
    worker.once('error', failed);
  });
  const { refused, failed } = loaded;
  if (refused > 0 || failed > 0) throw new Error(`${load.path}: ${refused} answers were refusals, ${failed} connections failed`);
  return loaded;
}
