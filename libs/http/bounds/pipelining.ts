/**
 * Serves pipelined requests (RFC 9112, section 9.3.2) one after another: the next begins once the connection has taken the answer before. Node parses a
 * whole 64 KiB chunk of requests at once and checks the connection's backpressure only between chunks. Without this queue, a client that reads nothing
 * could keep 1,000 handlers answering at the same time.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { busy } from '../problem.js';

/** The most requests that wait on one connection; one more gets 503 and closes it. */
export const mostWaiting = 64;
/** The most requests that wait on all connections together; one more closes its connection. */
const mostWaitingInAll = 16_384;

type Connection = { waiting: (() => void)[]; serving: boolean; pending: number; refused: boolean };

/** Adds the hook. It must come before every costly hook. */
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
    // The connection closes after the 503, so later requests get no answer.
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
