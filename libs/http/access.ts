/** Access to routes: every route declares in its terms who may call it. A route that declares nothing is closed. */
import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth, ApiForbiddenResponse, ApiSecurity, ApiUnauthorizedResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Actor, Role } from '../domain/vocabulary.js';
import { ProblemBody } from './dto/problem-body.js';
import { problem, ProblemError } from './problem.js';
import { Terms, type Access } from './terms.js';

const grant = (access: Access) => Terms({ access });
const mayBeRefused = () => [
  ApiBearerAuth(),
  ApiUnauthorizedResponse({ type: ProblemBody, description: 'No token, or one that is not accepted.' }),
  ApiForbiddenResponse({ type: ProblemBody, description: 'The token’s role or organisation does not allow this.' }),
];

/** Always open to everybody: health, metrics, documentation. */
export const Anyone = () => grant({ who: 'anyone' });
/** Open to everybody or, if reading is closed, to holders of any accepted token and to people with a session of the pages. */
export const Readers = () =>
  applyDecorators(
    grant({ who: 'readers' }),
    ApiSecurity({}),
    ApiBearerAuth(),
    ApiUnauthorizedResponse({ type: ProblemBody, description: 'The token is not accepted, or reading is closed and there is none.' }),
  );
/** The same for a page in a browser: a reader without the right to read gets the page to sign in. */
export const PageReaders = () => grant({ who: 'readers', isPage: true });
/** Open to holders of a token with one of these roles, or with any role if none is named. */
export const Holders = (...roles: readonly Role[]) => applyDecorators(grant({ who: 'holders', roles }), ...mayBeRefused());

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by {@link admitSender}; read with {@link senderOf}. */
    sender: Actor | undefined;
  }
}

/** The sender of a request whose token was accepted; `undefined` if it has no token. */
export function senderOf(request: FastifyRequest): Actor | undefined {
  return request.sender;
}
/** The sender of a request to a route that needs a token. */
export function knownSender(request: FastifyRequest): Actor {
  const { sender } = request;
  if (!sender) throw new Error('a route that needs a sender is open to everybody');
  return sender;
}
/** A handler's parameter: the sender of the request, `undefined` if it has no token. */
export const Sender = createParamDecorator((_: unknown, context: ExecutionContext) => senderOf(requestIn(context)));

export function requestIn(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}

/** How requests are admitted. */
export type Admission = {
  /** The sender with a token. @throws {TokenRefused} @throws {KeysUnavailable} */
  actorOf: (token: string) => Actor | Promise<Actor>;
  publicReading: boolean;
  /** The reader with a session. @throws {KeysUnavailable} */
  readerOf: () => Promise<Actor | undefined>;
};

/**
 * Admits a request, or throws. It checks any token that is sent, except on routes open to anyone. A session opens what is read alone: no other site can
 * make a browser send anything with it.
 * @throws {ProblemError} @throws {TokenRefused} @throws {KeysUnavailable}
 */
export async function admitSender(request: FastifyRequest, access: Access | undefined, admission: Admission): Promise<void> {
  if (!access) throw new ProblemError(problem(403, 'forbidden', 'this route is closed to everybody'));
  if (access.who === 'anyone') return;
  const token = tokenIn(request.headers.authorization);
  if (token !== undefined) {
    admit(await admission.actorOf(token), access, request);
    return;
  }
  if (access.who === 'readers') {
    if (admission.publicReading) return;
    request.sender = await admission.readerOf();
    if (request.sender) return;
  }
  throw new ProblemError(problem(401, 'token-missing', 'send a token: authorization: Bearer …'), { 'www-authenticate': 'Bearer' });
}

/** @throws {ProblemError} the route is not open to the sender's role */
function admit(sender: Actor, access: Access, request: FastifyRequest): void {
  // Set before any refusal, because the log names the sender.
  request.sender = sender;
  if (access.who === 'holders' && access.roles.length > 0 && !access.roles.includes(sender.role))
    throw new ProblemError(
      problem(403, 'forbidden', `this is for the role ${access.roles.join(' or ')}; the token’s role is ${sender.role}`),
    );
}

/** The token of an Authorization header (RFC 6750, section 2.1). */
function tokenIn(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const [, token] = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization) ?? [];
  if (token === undefined)
    throw new ProblemError(problem(401, 'token-refused', 'the authorization header must be: Bearer, a space, and the token'), {
      'www-authenticate': 'Bearer error="invalid_request"',
    });
  return token;
}
