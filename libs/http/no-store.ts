import type { FastifyInstance } from 'fastify';

/** What was answered to whoever sent a token is theirs alone: no cache on the way keeps it, nor the browser (RFC 9111, section 5.2.2.5). */
export function keepFromCaches(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (request.headers.authorization !== undefined) reply.header('cache-control', 'no-store');
    done();
  });
}
