import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Socket } from 'node:net';
import { busy, problemJson } from '../problem.js';

/** Answers below this size (bytes) are not counted. */
const small = 4_096;
/** Milliseconds that an answer may wait for its reader when there is no room for others. */
const patience = 1_000;

type Answer = { socket: Socket; bytes: number; since: number };

/**
 * Bounds the bytes of whole answers that wait for their readers. If there is no room, answers that have waited for a second lose their connection, the
 * oldest first. If that does not make enough room, the new answer becomes 503. Streams are bounded by their readers' backpressure instead.
 */
export function boundAnswers(server: FastifyInstance, most: number): void {
  /** In the order of age, the oldest first. */
  const waiting = new Set<Answer>();
  let bytesInAll = 0;
  const release = (answer: Answer) => {
    if (waiting.delete(answer)) bytesInAll -= answer.bytes;
  };
  const makeRoom = (bytes: number) => {
    for (const answer of waiting) {
      if (bytesInAll + bytes <= most || performance.now() - answer.since < patience) return;
      answer.socket.destroy();
      release(answer);
    }
  };

  server.addHook('onSend', (request, reply, payload, done) => {
    const bytes = sizeOf(payload);
    if (bytes < small) {
      done(null, payload);
      return;
    }
    if (bytesInAll + bytes > most) makeRoom(bytes);
    if (bytesInAll + bytes > most) {
      done(null, replaced(reply));
      return;
    }
    const answer = { socket: request.raw.socket, bytes, since: performance.now() };
    waiting.add(answer);
    bytesInAll += bytes;
    reply.raw.once('close', () => {
      release(answer);
    });
    done(null, payload);
  });
}

function sizeOf(payload: unknown): number {
  return typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.length : 0;
}

function replaced(reply: FastifyReply): string {
  const { problem, headers } = busy('too many answers wait for their readers');
  for (const name of Object.keys(reply.getHeaders())) if (name !== 'cache-control') reply.removeHeader(name);
  reply.code(problem.status).headers(headers).type(problemJson);
  return JSON.stringify(problem);
}
