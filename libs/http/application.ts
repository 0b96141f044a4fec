import rateLimit from '@fastify/rate-limit';
import { Module, type DynamicModule, type NestApplicationOptions } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Queries } from '../projections/queries.js';
import { AccessGuard } from './access.js';
import { refuseOtherMethods } from './allowed-methods.js';
import { CommandsController } from './commands.controller.js';
import { OutcomesController } from './outcomes.controller.js';
import { OperationsController } from './operations.controller.js';
import { limitDocumentation, serveDocumentation } from './documentation.js';
import { MalformedCommand } from './parse-command.js';
import { keepFromCaches } from './no-store.js';
import { OwnWrites } from './own-writes.js';
import { partsToken, type Parts } from './parts.js';
import { ProblemFilter } from './problem-filter.js';
import { notFound, problem, ProblemError } from './problem.js';
import { QueriesController } from './queries.controller.js';
import { allowOrigins, compressAnswers } from './transfer.js';
import { AskQueriesHandler, commandsToken, SubmitCommandsHandler } from './seam.js';

@Module({})
class LedgerModule {
  static of(parts: Parts): DynamicModule {
    return {
      module: LedgerModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        ...(parts.commands ? [CommandsController] : []),
        ...(parts.queries ? [QueriesController, OutcomesController] : []),
        ...(parts.pages ?? []),
        OperationsController,
      ],
      providers: [
        { provide: partsToken, useValue: parts },
        OwnWrites,
        ...(parts.commands ? [{ provide: commandsToken, useValue: parts.commands }, SubmitCommandsHandler] : []),
        ...(parts.queries ? [{ provide: Queries, useValue: parts.queries }, AskQueriesHandler] : []),
        { provide: APP_FILTER, useValue: new ProblemFilter(parts.logger) },
        { provide: APP_GUARD, useFactory: (reflector: Reflector) => new AccessGuard(reflector, parts.tokens, parts), inject: [Reflector] },
      ],
    };
  }
}

/** The ledger over HTTP, ready to listen. */
export async function createApplication(parts: Parts): Promise<NestFastifyApplication> {
  const { limits } = parts;
  const adapter = new FastifyAdapter({
    // No middleware: what is checked is checked in the guard, on the route that was found.
    skipMiddie: true,
    bodyLimit: limits.body,
    requestTimeout: limits.requestTimeout,
    connectionTimeout: limits.requestTimeout * 2,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 128 },
    ...(limits.trustedProxies.length > 0 && { trustProxy: [...limits.trustedProxies] }),
  });
  const options: NestApplicationOptions = { logger: false, bodyParser: false, abortOnError: false };
  const application = await NestFactory.create<NestFastifyApplication>(LedgerModule.of(parts), adapter, options);
  const server = adapter.getInstance();
  server.decorateRequest('sender', undefined);
  keepFromCaches(server);
  server.addHook('onRequest', (request, _reply, done) => {
    done(
      isCanonical(request.raw.url ?? '')
        ? undefined
        : notFound('no-such-route', 'addresses are taken as /openapi.json has them, without encoded characters, empty parts or dots'),
    );
  });
  limitDocumentation(server);
  refuseOtherMethods(server);
  await compressAnswers(server);
  await allowOrigins(server, parts.corsOrigins);
  takeText(server, limits.batchBody);
  await application.register(rateLimit, {
    max: limits.rate,
    timeWindow: 60_000,
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_request, { after }) =>
      new ProblemError(
        problem(429, 'too-many-requests', `this client has made ${limits.rate} requests in a minute; it may go on in ${after}`),
      ),
  });
  serveDocumentation(application);
  await application.init();
  return application;
}

const root = '/';
const parts = /^(?:\/[A-Za-z0-9._-]+)+$/;
const dots = /\/\.{1,2}(?:\/|$)/;

/** Whether a path is written in the one way this ledger writes paths, so that nobody reads it in another. */
function isCanonical(url: string): boolean {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  return path === root || (parts.test(path) && !dots.test(path));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bodies come as text, which one function parses. */
function takeText(server: FastifyInstance, batchBodyLimit: number): void {
  server.removeAllContentTypeParsers();
  const read = (_request: unknown, body: Buffer, done: (error: Error | null, text?: string) => void) => {
    let text: string;
    try {
      text = utf8.decode(body);
    } catch {
      done(new MalformedCommand([{ field: 'body', message: 'the body must be UTF-8' }]));
      return;
    }
    done(null, text);
  };
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, read);
  server.addContentTypeParser('application/x-ndjson', { parseAs: 'buffer', bodyLimit: batchBodyLimit }, read);
}
