/**
 * Requests that a client sends on one connection without waiting for answers (pipelining, RFC 9112, section 9.3.2) are served one after another: the
 * next begins once the connection has taken the answer before. Node parses a whole 64 KiB chunk of requests at once and looks at the connection's
 * backpressure only between chunks, so without this 1,000 handlers of a client that reads nothing would answer at the same time.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { busy } from '../problem.js';

/** Requests that may wait on one connection; one more ends it with 503. */
export const mostWaiting = 64;
/** Requests that may wait on all connections together; one more closes its connection. */
const mostWaitingInAll = 16_384;

type Connection = { waiting: (() => void)[]; serving: boolean; pending: number; refused: boolean };

/** Adds the hook; it comes before every hook that costs anything. */
export function serveInTurn(server: FastifyInstance): void {
  const connections = new WeakMap<Socket, Connection>();
  let pendingInAll = 0;

  const connectionOf = (socket: Socket): Connection => {
    const known = connections.get(socket);
    if (known) return known;
    const connection: Connection = { waiting: [], serving: false, pending: 0, refused: false };
    connections.set(socket, connection);
    socket.once('close', () => {
      pendingInAll -= connection.pending;
      connection.pending = 0;
      connection.refused = true;
      connection.waiting = [];
    });
    return connection;
  };
  const serve = (connection: Connection, response: ServerResponse, go: () => void) => {
    connection.serving = true;
    response.once('close', () => {
      connection.serving = false;
      connection.waiting.shift()?.();
    });
    go();
  };

  server.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    const connection = connectionOf(socket);
    if (!connection.serving) {
      serve(connection, reply.raw, done);
      return;
    }
    connection.pending++;
    if (++pendingInAll > mostWaitingInAll) {
      socket.destroy();
      return;
    }
    // The connection closes after the 503: what came behind it is not answered.
    if (connection.refused) return;
    if (connection.waiting.length >= mostWaiting) {
      connection.refused = true;
      done(busy(`a connection has at most ${mostWaiting} requests waiting for answers`, { connection: 'close' }));
      return;
    }
    connection.waiting.push(() => {
      connection.pending--;
      pendingInAll--;
      serve(connection, reply.raw, done);
    });
  });
}
