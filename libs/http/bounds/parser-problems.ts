/** Problem details for the requests that Node's HTTP parser and Fastify's router refuse before they reach a route. */
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerProblem, type PageOfProblem } from '../problem-filter.js';
import { problem, problemJson, problemOf, type Problem } from '../problem.js';

/** Answers on a socket without a response object, and closes it. */
export function answerOnSocket(socket: Duplex, refused: Problem, headers: Readonly<Record<string, string>> = {}): void {
  const body = JSON.stringify(refused);
  const head = [
    `HTTP/1.1 ${refused.status} ${STATUS_CODES[refused.status] ?? 'Error'}`,
    `Content-Type: ${problemJson}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon?.();
}

declare module 'node:stream' {
  interface Duplex {
    /** A method of `net.Socket`: closes once everything is written. */
    destroySoon?(): void;
  }
}

/** Fastify's `clientErrorHandler`: the request is malformed, or did not arrive in time. */
export function answerParserError(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  answerOnSocket(socket, problemOfParser(error.code));
}

function problemOfParser(code: string | undefined): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problem(408, 'request-timeout', 'the request did not arrive in time');
    case 'HPE_HEADER_OVERFLOW':
      return problem(431, 'headers-too-large', 'the request line and headers have at most 16,384 bytes together');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return problem(413, 'body-too-large', 'the chunk extensions of the body are larger than this ledger takes');
    case undefined:
    default:
      return problem(400, 'malformed', 'this is not an HTTP/1.1 request (RFC 9112)');
  }
}

/** Fastify's `frameworkErrors`: the router can't read the address. */
export function answerRouterError(pageOf: PageOfProblem | undefined): (error: Error, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    answerProblem(request, reply, problemOf(error), pageOf);
  };
}

/** Answers with problem details in the cases in which Node's server would answer without a body. */
export function answerExpectations(server: Server): void {
  // The checks at admission come before the sender is told to continue.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => server.emit('request', request, response));
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const refused = problem(417, 'expectation-failed', 'the only expectation that this ledger supports is 100-continue');
    const body = JSON.stringify(refused);
    response.writeHead(417, { 'content-type': problemJson, 'content-length': Buffer.byteLength(body) }).end(body);
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    answerOnSocket(socket, problem(405, 'method-not-allowed', 'this ledger is not a proxy'));
  });
}
