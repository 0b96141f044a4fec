/** The thread that makes the load of `makeLoad`: raw keep-alive connections, each with one request in flight, and as little work per request as possible. */
import { connect, type Socket } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import type { Load, Loaded } from './load.js';

if (!isLoad(workerData)) throw new TypeError('the thread was started without its load');
const load = workerData;
const { hostname, port, host } = new URL(load.url);
const nanosecondsInMillisecond = 1e6;
/** More than any answer's head, and than most whole answers. */
const received = Buffer.alloc(256 * 1_024);

const took = createHistogram();
const counts = { succeeded: 0, refused: 0, failed: 0 };
let next = load.first ?? 0;
let ends = Infinity;

const { 'content-length': _length, ...headers }: Readonly<Record<string, string>> = { ...load.headers, host };
const head = Object.entries(headers)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');

/** The bytes of the next request: `{number}` counts up, `{initiative}` cycles through the initiatives. */
function request(): string {
  const number = next++;
  const fill = (template: string) =>
    template
      .replace('{number}', String(number))
      .replace('{initiative}', `i-${(number * (load.stride ?? 1)) % (load.initiatives ?? 1_000)}`);
  const start = `${load.method} ${fill(load.path)} HTTP/1.1\r\n${head}`;
  if (load.body === undefined) return `${start}\r\n`;
  const body = fill(load.body);
  return `${start}content-length: ${body.length}\r\n\r\n${body}`;
}

/** One connection's requests, one after another, until the time is up. */
function send(): Promise<void> {
  return new Promise((done) => {
    let began = 0;
    let status = 0;
    /** The bytes of the answer's body still to come; `undefined` until its head is complete. */
    let missing: number | undefined;
    let early = '';

    const ask = () => {
      if (performance.now() >= ends) {
        socket.end();
        return;
      }
      began = performance.now();
      socket.write(request(), 'latin1');
    };
    const answered = () => {
      missing = undefined;
      took.record(Math.max(1, Math.round((performance.now() - began) * nanosecondsInMillisecond)));
      if (status >= 200 && status < 300) counts.succeeded++;
      else counts.refused++;
      ask();
    };
    const take = (size: number): void => {
      if (missing === undefined) {
        const text = early + received.toString('latin1', 0, size);
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) {
          early = text;
          return;
        }
        status = Number(text.slice(9, 12));
        const [, length] = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end)) ?? [];
        if (length === undefined) throw new Error(`an answer without a length: ${text.slice(0, end)}`);
        missing = Number(length) + end + 4 - early.length;
        early = '';
      }
      missing -= size;
      if (missing <= 0) answered();
    };
    const socket: Socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer: received,
        callback: (size) => {
          take(size);
          return true;
        },
      },
    });
    socket.once('connect', ask);
    socket.once('error', () => counts.failed++);
    socket.once('close', () => {
      if (performance.now() < ends) counts.failed++;
      done();
    });
  });
}

const began = performance.now();
ends = began + load.seconds * 1_000;
const before = process.threadCpuUsage();
await Promise.all(Array.from({ length: load.connections }, send));
const { user, system } = process.threadCpuUsage(before);
const requests = counts.succeeded + counts.refused;
const loaded: Loaded = {
  ...counts,
  next,
  perSecond: (counts.succeeded * 1_000) / (performance.now() - began),
  p50: took.percentile(50) / nanosecondsInMillisecond,
  p99: took.percentile(99) / nanosecondsInMillisecond,
  generatorMicroseconds: (user + system) / requests,
};
parentPort?.postMessage(loaded);

/** Only `makeLoad` starts this thread. */
function isLoad(value: unknown): value is Load {
  return typeof value === 'object' && value !== null && 'url' in value && 'connections' in value;
}
