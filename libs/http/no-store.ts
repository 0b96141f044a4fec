import type { FastifyInstance } from 'fastify';

/** Answers to requests with a token are for their sender only, so neither the browser nor any cache in between may store them (RFC 9111, section 5.2.2.5). */
export function keepFromCaches(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (request.headers.authorization !== undefined) reply.header('cache-control', 'no-store');
    done();
  });
}
