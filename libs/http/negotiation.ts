/** Content negotiation (RFC 9110, section 12.5.1). */
import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { problem, ProblemError } from './problem.js';

/** The media type that a request prefers among those offered; the first if it has no preference. @throws {ProblemError} 406 if it accepts none */
export function formOf<F extends string>(request: FastifyRequest, [preferred, ...others]: readonly [F, ...F[]]): F {
  const { accept } = request.headers;
  if (accept === undefined || accept === '*/*' || accept === preferred) return preferred;
  const offered = [preferred, ...others];
  const best = new Negotiator({ headers: { accept } }).mediaType(offered);
  const form = offered.find((one) => one === best);
  if (form === undefined)
    throw new ProblemError(problem(406, 'not-acceptable', `this is available as ${offered.join(' or ')}, which accept does not name`));
  return form;
}
