import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { problemOf, type Problem } from './problem.js';

/** Every error of every route, the server's own included, leaves here as a problem. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { problem, headers } = problemOf(error);
    this.log(problem, error, request);
    if (reply.sent) return;
    void reply.code(problem.status).headers(headers).type('application/problem+json').send(JSON.stringify(problem));
  }

  /**
   * What failed unexpectedly with all that is known of it; what can't be done now in a line, and whoever asks whether it can gets the answer alone. Who is
   * not let in leaves a line that says who and why, and never with what. A command's refusal is logged, and recorded, where it is decided.
   */
  private log({ status, code, detail: whole, commandId, line }: Problem, error: unknown, request: FastifyRequest): void {
    const detail = whole.slice(0, longestLogged);
    const about = { method: request.method, route: request.routeOptions.url, status, code };
    if (atTheDoor.has(status) && (commandId === undefined || line !== undefined)) this.logger.info({ ...about, ...whoIn(request) }, detail);
    if (status < 500 || code === 'not-ready') return;
    if (status === 503) this.logger.warn({ ...about, error: Error.isError(error) ? error.cause : undefined }, detail);
    else this.logger.error({ ...about, error }, 'a request failed unexpectedly');
  }
}

/** Characters of a detail that are logged. */
const longestLogged = 500;

/** Malformed, no valid token, not one's own to do, too many requests. */
const atTheDoor: ReadonlySet<number> = new Set([400, 401, 403, 429]);

/** Who sent a request as far as is known: by a token that was accepted, else by where it came from. */
function whoIn({ sender, ip }: FastifyRequest): object {
  return sender ? { subject: sender.id, organisation: sender.organisation, client: ip } : { client: ip };
}
