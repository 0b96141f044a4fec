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
    this.log(problem, error, { method: request.method, route: request.routeOptions.url });
    if (reply.sent) return;
    void reply.code(problem.status).headers(headers).type('application/problem+json').send(JSON.stringify(problem));
  }

  /** What failed unexpectedly with all that is known of it; what can't be done now in a line, and whoever asks whether it can gets the answer alone. */
  private log({ status, code, detail }: Problem, error: unknown, about: object): void {
    if (status < 500 || code === 'not-ready') return;
    if (status === 503) this.logger.warn({ ...about, status, code, error: Error.isError(error) ? error.cause : undefined }, detail);
    else this.logger.error({ ...about, status, code, error }, 'a request failed unexpectedly');
  }
}
