import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { problemOf } from '../problem.js';
import { answerIn, received, sendOn } from '../testing/raw.js';
import { boundAnswers } from './answers-in-flight.js';
import { serveInTurn } from './pipelining.js';

const mebibyte = 2 ** 20;
/** More than the operating system buffers for a connection that reads nothing. */
const large = 16 * mebibyte;
const most = 4 * large;

let server: FastifyInstance;
let port: number;
/** Answers begun, those in progress, and the most in progress at once. */
let [begun, making, mostMaking] = [0, 0, 0];
const sockets: Socket[] = [];

beforeEach(async () => {
  [begun, making, mostMaking, sockets.length] = [0, 0, 0, 0];
  server = fastify({ forceCloseConnections: true });
  serveInTurn(server);
  boundAnswers(server, most);
  server.setErrorHandler((error, _request, reply) => {
    const { problem, headers } = problemOf(error);
    return reply.code(problem.status).headers(headers).send(problem);
  });
  server.get('/large', async () => {
    begun++;
    mostMaking = Math.max(mostMaking, ++making);
    await new Promise((resolve) => setImmediate(resolve));
    making--;
    return Buffer.alloc(large);
  });
  server.get('/small', () => 'small');
  await server.listen({ port: 0, host: '127.0.0.1' });
  port = (server.server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
});

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: ledger\r\n\r\n`;
/** Sends a request and never reads. */
function stall(text: string): Socket {
  const socket = sendOn(port, text);
  socket.pause();
  sockets.push(socket);
  return socket;
}
/** Sends a request, reads the whole answer, and resolves with its status. */
async function ask(path: string): Promise<number> {
  const socket = sendOn(port, get(path).replace('host', 'connection: close\r\nhost'));
  let head = '';
  socket.on('data', (some: Buffer) => (head ||= some.toString('latin1')));
  await once(socket, 'close');
  return answerIn(head).status;
}
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('answers to clients that never read', () => {
  it('are made one at a time for each connection, however many requests it sends', async () => {
    const before = process.memoryUsage().arrayBuffers;
    for (let client = 0; client < 3; client++) stall(get('/large').repeat(1_200));
    await until(() => begun === 3);
    for (let turn = 0; turn < 50; turn++) expect(await ask('/small')).toBe(200);
    expect([begun, mostMaking <= 3]).toEqual([3, true]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(3 * large + 8 * mebibyte);
  });

  it('are not made beyond the bound, small ones are, and the slowest readers make room', async () => {
    const stalled = Array.from({ length: 4 }, () => stall(get('/large')));
    await until(() => begun === 4);
    const refused = await received(sendOn(port, get('/large').replace('host', 'connection: close\r\nhost')));
    expect([answerIn(refused).status, answerIn(refused).headers['retry-after'], answerIn(refused).body.includes('"code":"busy"')]).toEqual([
      503,
      '1',
      true,
    ]);
    expect(await ask('/small')).toBe(200);
    let status = 503;
    while (status !== 200) status = await ask('/large');
    // A reader whose answer was dropped finds its connection closed.
    for (const socket of stalled) socket.resume();
    await until(() => stalled.some(({ destroyed }) => destroyed));
    expect(stalled.filter(({ destroyed }) => destroyed).length).toBeGreaterThanOrEqual(1);
  });

  it('give their room back when they are taken, or their connection ends', async () => {
    const stalled = Array.from({ length: 4 }, () => stall(get('/large')));
    await until(() => begun === 4);
    for (const socket of stalled.slice(0, 2)) socket.destroy();
    for (const socket of stalled.slice(2)) socket.resume();
    const askThree = () => Promise.all([1, 2, 3].map(() => ask('/large')));
    let statuses = await askThree();
    while (statuses.includes(503)) statuses = await askThree();
    expect(statuses).toEqual([200, 200, 200]);
  });
});
