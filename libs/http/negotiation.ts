/** Which of the forms that there are an answer takes (RFC 9110, section 12.5.1). */
import type { FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { problem, ProblemError } from './problem.js';

/** The media type that a request likes best among those offered, the first where it doesn't mind. @throws {ProblemError} 406, none is accepted */
export function formOf<F extends string>(request: FastifyRequest, [preferred, ...others]: readonly [F, ...F[]]): F {
  const { accept } = request.headers;
  if (accept === undefined || accept === '*/*' || accept === preferred) return preferred;
  const offered = [preferred, ...others];
  const best = new Negotiator({ headers: { accept } }).mediaType(offered);
  const form = offered.find((one) => one === best);
  if (form === undefined)
    throw new ProblemError(problem(406, 'not-acceptable', `this is there as ${offered.join(' or ')}, and accept names neither`));
  return form;
}
