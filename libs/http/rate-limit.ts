/** How many requests one client may make in a minute. */
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import { problem, ProblemError } from './problem.js';

const second = 1_000;
const minute = 60 * second;
/** How many clients are counted at once; beyond that the one longest unheard of is forgotten. */
const remembered = 5_000;

/** What one client asked for since its minute began (milliseconds since 1970). */
type Client = { since: number; requests: number };

/** Answers 429 to whoever asks for a route more than `most` times in a minute. */
export function limitRate(server: FastifyInstance, most: number): void {
  const clients = new LRUCache<string, Client>({ max: remembered });
  const clientOf = new WeakMap<Socket, Client>();
  const identify = (socket: Socket): Client => {
    const address = clientAt(socket.remoteAddress ?? '');
    const client = clients.get(address) ?? { since: 0, requests: 0 };
    clients.set(address, client);
    clientOf.set(socket, client);
    return client;
  };
  server.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) {
      done();
      return;
    }
    const { socket } = request.raw;
    const client = clientOf.get(socket) ?? identify(socket);
    const now = Date.now();
    if (now - client.since >= minute) {
      client.since = now;
      client.requests = 0;
    }
    client.requests++;
    done(client.requests > most ? tooMany(most, Math.ceil((client.since + minute - now) / second)) : undefined);
  });
}

function tooMany(most: number, seconds: number): ProblemError {
  const when = seconds === 60 ? '1 minute' : seconds === 1 ? '1 second' : `${seconds} seconds`;
  return new ProblemError(problem(429, 'too-many-requests', `this client has made ${most} requests in a minute; it may go on in ${when}`), {
    'x-ratelimit-limit': String(most),
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(seconds),
    'retry-after': String(seconds),
  });
}

/** Who a request is counted for: an IPv4 address, or the /64 that an IPv6 client has to itself (RFC 6177). */
export function clientAt(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [start = '', end] = address.toLowerCase().replace(/%.*$/, '').split('::');
  const groups = start === '' ? [] : start.split(':');
  const after = end === undefined || end === '' ? [] : end.split(':');
  const zeros = end === undefined ? [] : Array.from({ length: 8 - groups.length - after.length }, () => '0');
  return [...groups, ...zeros, ...after].slice(0, 4).join(':');
}
