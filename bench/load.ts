/** Load over HTTP, made by a thread of its own that costs less than what it measures. */
import { Worker } from 'node:worker_threads';

/** Requests by so many connections for so many seconds, each waiting for its answer before it sends the next. Text is ASCII. */
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
/** Times in milliseconds. `next` is the number that comes after the last one sent. */
export type Loaded = {
  perSecond: number;
  succeeded: number;
  next: number;
  p50: number;
  p99: number;
  /** What a request cost the thread that sent it. */
  generatorMicroseconds: number;
};

/** @throws where an answer is a refusal or a connection fails */
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
