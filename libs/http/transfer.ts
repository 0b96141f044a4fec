/** Transfer of answers: compression of large ones, and CORS for the origins that an operator allows. */
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import type { FastifyInstance, onSendHookHandler } from 'fastify';

/** The smallest answer (bytes) that is compressed: documents are below, pages of lists above. */
const threshold = 4_096;

/** Compresses large answers to GET (gzip) for clients that accept it. Added before any route. */
export async function compressAnswers(server: FastifyInstance): Promise<void> {
  server.addHook('onRoute', (route) => {
    if (![route.method].flat().includes('GET')) route.compress = false;
  });
  await server.register(compress, {
    threshold,
    encodings: ['gzip'],
    globalDecompression: false,
    customTypes: /json|csv|javascript|^text\/(?!event-stream)/,
  });
  server.addHook('onRoute', (route) => {
    if (route.compress !== false) route.onSend = [route.onSend ?? [], weakenTag].flat();
  });
}

/** The tag was made for the uncompressed bytes, so for compressed ones it becomes a weak tag: the content is the same (RFC 9110, section 8.8.1). */
const weakenTag: onSendHookHandler = (_request, reply, payload, done) => {
  const tag = reply.getHeader('etag');
  if (typeof tag === 'string' && tag.startsWith('"') && reply.hasHeader('content-encoding')) reply.header('etag', `W/${tag}`);
  done(null, payload);
};

/** Allows pages of these origins to call the ledger (Fetch, CORS protocol) with a token of their own, never with credentials that the browser keeps. */
export async function allowOrigins(server: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await server.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT'],
    allowedHeaders: ['accept', 'authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'ledger-position'],
    exposedHeaders: ['etag', 'idempotency-replayed', 'ledger-pages-stable', 'ledger-position', 'link', 'location', 'retry-after'],
    maxAge: 600,
    strictPreflight: false,
  });
}
