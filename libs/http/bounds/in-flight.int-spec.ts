import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestApplication, testLimits, type TestApplication } from '../testing/application.js';
import { answerIn, askRaw, isWhole, portOf, received, sendOn } from '../testing/raw.js';
import { mostWaiting } from './pipelining.js';

const mebibyte = 2 ** 20;
let app: TestApplication;
let port: number;
let token: string;
const sockets: Socket[] = [];

async function open(limits: Partial<typeof testLimits> = {}): Promise<void> {
  app = await openTestApplication({ limits: { ...testLimits, ...limits } });
  port = await portOf(app.application);
  token = await app.token('ministry', 'ministry-of-justice');
}
/** Sends, and keeps the connection open until the test ends. */
function keep(text: string, localAddress?: string): Socket {
  const socket = sendOn(port, text, localAddress);
  sockets.push(socket);
  return socket;
}
const closed = (socket: Socket) => (socket.closed ? Promise.resolve() : once(socket, 'close'));
beforeEach(() => {
  sockets.length = 0;
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await app.close();
});

const live = 'GET /health/live HTTP/1.1\r\nhost: ledger\r\n\r\n';
async function healthTakes(): Promise<number> {
  const began = performance.now();
  expect((await askRaw(port, live)).status).toBe(200);
  return performance.now() - began;
}
const batch = (more: string) =>
  `POST /programmes/p/commands HTTP/1.1\r\nhost: ledger\r\ncontent-type: application/x-ndjson\r\n${more}content-length: ${15 * mebibyte}\r\n\r\n`;

describe('bodies', () => {
  it('of 1,000 connections without a token are refused before a byte of them is kept', async () => {
    await open();
    const answers = Array.from({ length: 1_000 }, () => {
      const socket = keep(batch(''));
      // Bytes after the answer are discarded.
      for (let part = 0; part < 4; part++) socket.write(Buffer.alloc(64 * 1_024));
      return received(socket, isWhole);
    });
    const before = process.memoryUsage().arrayBuffers;
    expect([...new Set((await Promise.all(answers)).map((text) => answerIn(text).status))]).toEqual([401]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * mebibyte);
    expect(await healthTakes()).toBeLessThan(1_000);
  });

  it('of 1,000 connections with a token that stall are bounded, and others are served meanwhile', async () => {
    await open({ bodiesInFlight: 64 * mebibyte, requestTimeout: 20_000 });
    const answered: number[] = [];
    for (let count = 0; count < 1_000; count++) {
      const socket = keep(batch(`authorization: Bearer ${token}\r\n`));
      void received(socket, isWhole).then((text) => answered.push(answerIn(text).status));
    }
    // One organisation may use a quarter of 64 MiB: one body of 15 MiB.
    while (answered.length < 999) await new Promise((resolve) => setImmediate(resolve));
    expect([...new Set(answered)]).toEqual([503]);
    const [health, justice] = await Promise.all([
      app.send('POST', '/programmes/p/commands', {
        token: await app.token('ministry', 'ministry-of-health'),
        body: '{}\n',
        headers: { 'content-type': 'application/x-ndjson' },
      }),
      app.send('POST', '/programmes/p/commands', {
        token,
        body: '{}\n'.repeat(600_000),
        headers: { 'content-type': 'application/x-ndjson' },
      }),
    ]);
    expect(health.status).toBe(200);
    expect([justice.status, justice.json['code'], justice.headers['retry-after']]).toEqual([503, 'busy', '1']);
  });

  it('that stall end when the time for a request is over', async () => {
    await open({ requestTimeout: 1_500 });
    const began = performance.now();
    const text = await received(keep(batch(`authorization: Bearer ${token}\r\n`)), isWhole);
    expect(answerIn(text).status).toBe(408);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('requests on one connection', () => {
  it('are answered one after another, in their order', async () => {
    await open();
    const text = `${live}GET /nowhere HTTP/1.1\r\nhost: ledger\r\n\r\n${live.replace('host:', 'connection: close\r\nhost:')}`;
    expect([...(await received(keep(text))).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '404', '200']);
  });

  it('are answered 503 and the connection closed if more wait than may', async () => {
    await open();
    const statuses = [...(await received(keep(live.repeat(mostWaiting + 400)))).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).toEqual([...Array<string>(mostWaiting + 1).fill('200'), '503']);
  });
});

describe('connections', () => {
  it('beyond a client’s limit are answered 503, and other clients are let in', async () => {
    await open({ connections: 40 });
    const kept = Array.from({ length: 10 }, () => keep(live));
    await Promise.all(kept.map((socket) => received(socket, isWhole)));
    const more = await askRaw(port, live);
    expect([more.status, more.headers['retry-after'], more.body.includes('"code":"busy"')]).toEqual([503, '1', true]);
    expect(answerIn(await received(keep(live, '127.0.0.2'), isWhole)).status).toBe(200);
    for (const socket of kept) socket.destroy();
    await Promise.all(kept.map(closed));
    let status = 503;
    while (status !== 200) ({ status } = await askRaw(port, live));
  });

  it('of a trusted proxy have no limit but that of all connections together', async () => {
    await open({ connections: 40, trustedProxies: ['127.0.0.0/8'] });
    const kept = await Promise.all(Array.from({ length: 40 }, () => received(keep(live), isWhole)));
    expect(kept.map((text) => answerIn(text).status)).toEqual(Array(40).fill(200));
    expect(answerIn(await received(keep(live, '127.0.0.2'), isWhole)).status).toBe(503);
  });
});
