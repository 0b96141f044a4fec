/** Who may call what: every route says so in its terms, and one that says nothing is closed. */
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

/** Open to everybody, always: health, metrics, documentation. */
export const Anyone = () => grant({ who: 'anyone' });
/** Open to everybody unless reading is closed; then any token reads. */
export const Readers = () =>
  applyDecorators(
    grant({ who: 'readers' }),
    ApiSecurity({}),
    ApiBearerAuth(),
    ApiUnauthorizedResponse({ type: ProblemBody, description: 'The token is not accepted, or reading is closed and there is none.' }),
  );
/** For holders of a token with one of these roles; any role where none is named. */
export const Holders = (...roles: readonly Role[]) => applyDecorators(grant({ who: 'holders', roles }), ...mayBeRefused());

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by {@link admitSender}; read with {@link senderOf}. */
    sender: Actor | undefined;
  }
}

/** Who sends a request, once its token is accepted; `undefined` where nobody said. */
export function senderOf(request: FastifyRequest): Actor | undefined {
  return request.sender;
}
/** Who sends a request that needs a token. */
export function knownSender(request: FastifyRequest): Actor {
  const { sender } = request;
  if (!sender) throw new Error('a route that needs a sender is open to everybody');
  return sender;
}
/** A handler's parameter: who sends the request, `undefined` where nobody said. */
export const Sender = createParamDecorator((_: unknown, context: ExecutionContext) => senderOf(requestIn(context)));

export function requestIn(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}

/** Lets a request in, or not: a token is checked wherever one is sent. @throws {ProblemError} @throws {TokenRefused} @throws {KeysUnavailable} */
export async function admitSender(
  request: FastifyRequest,
  access: Access | undefined,
  actorOf: (token: string) => Actor | Promise<Actor>,
  publicReading: boolean,
): Promise<void> {
  if (!access) throw new ProblemError(problem(403, 'forbidden', 'nobody may do this'));
  if (access.who === 'anyone') return;
  const token = tokenIn(request.headers.authorization);
  if (token === undefined) {
    if (access.who === 'readers' && publicReading) return;
    throw new ProblemError(problem(401, 'token-missing', 'send a token: authorization: Bearer …'), { 'www-authenticate': 'Bearer' });
  }
  admit(await actorOf(token), access, request);
}

/** @throws {ProblemError} where the sender's role may not do this */
function admit(sender: Actor, access: Access, request: FastifyRequest): void {
  // Before anything is refused: who was refused is logged.
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
