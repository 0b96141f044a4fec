import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { problemOf } from './problem.js';

/** Every error of every route, the server's own included, leaves here as a problem. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { problem, headers } = problemOf(error);
    if (problem.status >= 500)
      this.logger[problem.status === 503 ? 'warn' : 'error'](
        { method: request.method, route: request.routeOptions.url, status: problem.status, code: problem.code, error },
        problem.status === 503 ? problem.detail : 'a request failed unexpectedly',
      );
    if (reply.sent) return;
    void reply.code(problem.status).headers(headers).type('application/problem+json').send(JSON.stringify(problem));
  }
}
