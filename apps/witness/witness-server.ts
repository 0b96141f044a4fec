/** What a witness answers over HTTP (C2SP tlog-witness): requests for cosignatures, and the checkpoints that it cosigned. */
import { hash } from 'node:crypto';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { verifierLine, type Verifier } from '../../libs/proof/notes/signed-note.js';
import { longestRequest } from '../../libs/proof/witness/add-checkpoint.js';
import type { Witness } from '../../libs/proof/witness/witness.js';

/** A witness at a path below the address; empty for the address itself. */
export type ServedWitness = { path: string; verifier: Verifier; witness: Witness };

const asText = 'text/plain; charset=utf-8';

/** A server of witnesses, which does not listen yet. */
export function witnessServer(witnesses: readonly ServedWitness[], origins: readonly string[], logger: Logger): FastifyInstance {
  const server = Fastify({ bodyLimit: longestRequest, requestTimeout: 10_000, connectionTimeout: 30_000 });
  server.removeAllContentTypeParsers();
  // The protocol names no type.
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  server.setErrorHandler<FastifyError>((error, _request, reply) => {
    const { statusCode = 500, message } = error;
    if (statusCode >= 500) logger.error({ error }, 'a request could not be answered');
    return reply.code(statusCode).type(asText).send(`${message}\n`);
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).type(asText).send('this is a witness: POST add-checkpoint, or GET <SHA-256 of an origin>/checkpoint\n'),
  );
  const originOf = new Map(origins.map((origin) => [hash('sha256', origin), origin]));
  for (const { path, witness } of witnesses) {
    server.post(`${path}/add-checkpoint`, async ({ body }, reply) => {
      const answer = await witness.answer(typeof body === 'string' ? body : '');
      if (answer.status === 409) return reply.code(409).type('text/x.tlog.size').send(`${answer.size}\n`);
      if (answer.status === 200) return reply.type(asText).send(answer.cosignature);
      if (answer.status === 503) void reply.header('retry-after', '5');
      return reply.code(answer.status).type(asText).send(`${answer.why}\n`);
    });
    server.get<{ Params: { origin: string } }>(`${path}/:origin/checkpoint`, async ({ params }, reply) => {
      const origin = originOf.get(params.origin);
      const head = origin === undefined ? undefined : await witness.cosigned(origin);
      if (!head) return reply.code(404).type(asText).send('no checkpoint of a log with this SHA-256 of its origin is cosigned here\n');
      return reply.type(asText).header('cache-control', 'public, max-age=1').send(head.note);
    });
  }
  server.get('/', async (_request, reply) => {
    const told = await Promise.all(witnesses.map((one) => toldOf(one, origins)));
    return reply.type(asText).send(told.join('\n'));
  });
  return server;
}

/** What a person reads of a witness: its key, and what it cosigned last of each log. */
async function toldOf({ path, verifier, witness }: ServedWitness, origins: readonly string[]): Promise<string> {
  const lines = await Promise.all(
    origins.map(async (origin) => {
      const head = await witness.cosigned(origin);
      const what = head ? `${head.size} records, cosigned ${new Date(head.signedAt).toISOString()}` : 'nothing is cosigned yet';
      return `  ${origin}: ${what}\n  ${path}/${hash('sha256', origin)}/checkpoint\n`;
    }),
  );
  return `${verifierLine(verifier, 'witness')}\n${lines.join('')}`;
}
