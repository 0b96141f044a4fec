import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { problemJson, problemOf, type Problem, type ProblemError } from './problem.js';

/** Makes the page that tells a person about an error; `undefined` if a program asked. */
export type PageOfProblem = (
  request: FastifyRequest,
  error: ProblemError,
) => { readonly headers: Readonly<Record<string, string>>; readonly html: string } | undefined;

/** Answers with an error: as a page if the request is for one, else as problem details. */
export function answerProblem(request: FastifyRequest, reply: FastifyReply, error: ProblemError, pageForProblem?: PageOfProblem): void {
  const { problem, headers } = error;
  const page = pageForProblem?.(request, error);
  void reply.code(problem.status).headers(headers);
  if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
  if (page) void reply.headers(page.headers).send(page.html);
  else void reply.type(problemJson).send(JSON.stringify(problem));
}

/** Turns every error of every route, and of the server itself, into a problem. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly pageOf?: PageOfProblem,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const told = problemOf(error);
    this.log(told.problem, error, request);
    if (!reply.sent) answerProblem(request, reply, told, this.pageOf);
  }

  /**
   * Logs an unexpected failure with its error, and a 503 in one line; the readiness check's 503 (`not-ready`) is not logged. A request that is not admitted
   * is logged with the sender and the reason, never with its token. The code that decides a command logs and records its refusal.
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

/** The most characters of a detail in the log. */
const longestLogged = 500;

/** Malformed, no valid token, forbidden, too many requests. */
const atTheDoor: ReadonlySet<number> = new Set([400, 401, 403, 429]);

/** The sender of a request: from an accepted token, else only the network address. */
function whoIn({ sender, ip }: FastifyRequest): object {
  return sender ? { subject: sender.id, organisation: sender.organisation, client: ip } : { client: ip };
}
