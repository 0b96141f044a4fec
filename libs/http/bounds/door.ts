/** Admission of requests: checks token, role, rate, content type and declared size before it reads any byte of the body. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/vocabulary.js';
import { admitSender } from '../access.js';
import type { Dependencies } from '../dependencies.js';
import { busy, problem, ProblemError } from '../problem.js';
import { noSessions, type SessionTokens } from '../sessions.js';
import type { Access } from '../terms.js';
import { KeysUnavailable, TokenRefused } from '../tokens.js';
import { BytesInFlight } from './bytes-in-flight.js';
import { costOf, costOfAnswer, costOfBytes, RateLimits } from './rate-limits.js';
import { uploadLimits } from './upload-limits.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The number of commands in the body, set by the route. Each costs a unit of the rate limit, beside the bytes. */
    commandsSent: number;
    /** The bytes of a form with a file that the route has read. */
    bytesUploaded: number;
  }
}

/** Adds the hooks. */
export function keepDoor(
  server: FastifyInstance,
  { limits, tokens, publicReading }: Dependencies,
  sessions: SessionTokens = noSessions,
): void {
  const rates = new RateLimits(limits.rate);
  const bodies = new BytesInFlight({ inAll: limits.bodiesInFlight, each: Math.ceil(limits.bodiesInFlight / 4) });

  server.decorateRequest('sender', undefined);
  server.decorateRequest('commandsSent', 0);
  server.decorateRequest('bytesUploaded', 0);
  server.addHook('onRequest', async (request, reply) => {
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
      throw new ProblemError(problem(400, 'malformed', 'a request of HTTP/1.1 has the header host (RFC 9112, section 3.2)'));
    const { config } = request.routeOptions;
    const cost = costOf(request, config.cost ?? 1);
    try {
      if (!request.is404) {
        await admitSender(request, config.access, {
          actorOf: (token) => actorOf(token, request),
          publicReading,
          readerOf: () => readerOf(request, reply),
        });
        await recogniseHolder(request);
      }
    } catch (error) {
      // Rejected requests cost units too, which limits attempts.
      await rates.charge(request, cost);
      if (sessions.path !== undefined && isPageWithoutToken(config.access, error))
        return reply.redirect(sessions.signInAddress(request), 303);
      throw error;
    }
    await rates.charge(request, cost);
    if (!hasBody(request)) return undefined;
    admitBody(request, reply);
    const bytes = costOfBytes(isUpload(request) ? bytesReadOf(request) : contentLength(request));
    if (bytes > 0) await rates.charge(request, bytes);
    return undefined;
  });
  server.addHook('preParsing', (request, reply, payload, done) => {
    if (request.headers.expect !== undefined) reply.raw.writeContinue();
    done(null, payload);
  });
  server.addHook('onSend', (request, _reply, payload, done) => {
    const units = costOfAnswer(payload) + request.commandsSent + (isChunked(request) ? costOfBytes(bytesOf(request)) : 0);
    if (units > 0 && request.routeOptions.config.cost !== 0) rates.chargeAfterwards(request, units);
    done(null, payload);
  });

  /** Verification costs more than most requests, so it is not done for clients without units left. */
  async function actorOf(token: string, request: FastifyRequest): Promise<Actor> {
    const remembered = tokens.remembered(token);
    if (remembered) return remembered;
    await rates.expectUnits(request);
    return tokens.actorOf(token);
  }

  /**
   * Makes the holder of a session the sender, so that its requests are charged as those with its token are. A session that is over is left to the page, which
   * leads to the page to sign in; its request is charged to its network.
   */
  async function recogniseHolder(request: FastifyRequest): Promise<void> {
    const { url = '' } = request.routeOptions;
    if (request.sender || sessions.path === undefined || !(url === sessions.path || url.startsWith(`${sessions.path}/`))) return;
    const token = await sessions.tokenIn(request);
    if (token === undefined) return;
    try {
      request.sender = await actorOf(token, request);
    } catch (error) {
      if (!(error instanceof TokenRefused || error instanceof KeysUnavailable)) throw error;
    }
  }

  /** The holder of a session as a reader, if reading is not public. Its answers are for the holder alone, as with a token. */
  async function readerOf(request: FastifyRequest, reply: FastifyReply): Promise<Actor | undefined> {
    void reply.header('cache-control', 'no-store');
    const token = await sessions.tokenIn(request);
    try {
      return token === undefined ? undefined : await actorOf(token, request);
    } catch (error) {
      if (error instanceof TokenRefused) return undefined;
      throw error;
    }
  }

  /** @throws {ProblemError} 413, 415, 503 */
  function admitBody(request: FastifyRequest, reply: FastifyReply): void {
    const { takes } = request.routeOptions.config;
    if (takes === undefined) {
      // Fastify reads a body with a content type even if there is no route.
      delete request.headers['content-type'];
      return;
    }
    if (mediaType(request) !== takes) throw new ProblemError(problem(415, 'unsupported-media-type', `this route takes ${takes}`));
    const most = isUpload(request) ? uploadLimits.body : takes === 'application/x-ndjson' ? limits.batchBody : limits.body;
    const bytes = isChunked(request) ? most : contentLength(request);
    // A form with a file that is too large gets a page: its route reads it no further, and says so.
    if (bytes > most && !isUpload(request))
      throw new ProblemError(problem(413, 'body-too-large', `the body has ${bytes} bytes; this route takes at most ${most}`), {
        connection: 'close',
      });
    const giveBack = bodies.take(request.sender?.organisation ?? request.ip, Math.min(bytes, most));
    if (!giveBack) throw busy('too many bytes of request bodies are in flight; send it again later, or send a smaller one');
    reply.raw.once('close', giveBack);
  }
}

const isPageWithoutToken = (access: Access | undefined, error: unknown) =>
  access?.who === 'readers' && access.isPage === true && error instanceof ProblemError && error.problem.code === 'token-missing';
const isChunked = ({ headers }: FastifyRequest) => headers['transfer-encoding'] !== undefined;
const contentLength = ({ headers }: FastifyRequest) => Number(headers['content-length'] ?? 0);
const hasBody = (request: FastifyRequest) => isChunked(request) || contentLength(request) > 0;
const mediaType = ({ headers }: FastifyRequest) => headers['content-type']?.split(';')[0]?.trim().toLowerCase();
/** The bytes that a route reads of a form with a file: none before somebody has signed in, and none of one that is too large to be discarded. */
const bytesReadOf = (request: FastifyRequest) =>
  request.sender && contentLength(request) <= uploadLimits.discarded ? contentLength(request) : 0;
const isUpload = ({ routeOptions: { config } }: FastifyRequest) => config.takes === 'multipart/form-data';
const bytesOf = ({ body, bytesUploaded }: FastifyRequest) => (typeof body === 'string' ? body.length : bytesUploaded);
