/** How answers travel: compressed where that is worth it, and to pages of other origins where an operator says so. */
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import type { FastifyInstance, onSendHookHandler } from 'fastify';

/** Bytes from which on an answer is compressed: a document is below, a page of a list above. */
const threshold = 4_096;

/** Compresses large answers to reading (gzip), for clients that take it. Added before any route. */
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

/** Compressed bytes are others than the tag was made for: it still names what they say (RFC 9110, section 8.8.1). */
const weakenTag: onSendHookHandler = (_request, reply, payload, done) => {
  const tag = reply.getHeader('etag');
  if (typeof tag === 'string' && tag.startsWith('"') && reply.hasHeader('content-encoding')) reply.header('etag', `W/${tag}`);
  done(null, payload);
};

/** Lets pages of these origins ask and send (Fetch, CORS protocol), with a token that they have themselves: never with what a browser keeps. */
export async function allowOrigins(server: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await server.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT'],
    allowedHeaders: ['accept', 'authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'ledger-position'],
    exposedHeaders: ['etag', 'idempotency-replayed', 'ledger-pages-stable', 'ledger-position', 'link', 'retry-after'],
    maxAge: 600,
    strictPreflight: false,
  });
}
