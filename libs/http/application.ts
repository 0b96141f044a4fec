import { Module, type DynamicModule, type NestApplicationOptions, type Provider } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { CqrsModule, EventBus } from '@nestjs/cqrs';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CommittedRecords } from '../application/committed-records.js';
import { handlersOf } from '../application/providers.js';
import { Reading } from '../application/reading.js';
import { refuseOtherMethods } from './allowed-methods.js';
import { Answering } from './answering.js';
import { forgoTracesOfAborted } from './bounds/aborted-requests.js';
import { boundAnswers } from './bounds/answers-in-flight.js';
import { boundConnections } from './bounds/connections.js';
import { keepDoor } from './bounds/door.js';
import { answerExpectations, answerParserError, answerRouterError } from './bounds/parser-problems.js';
import { serveInTurn } from './bounds/pipelining.js';
import { CommitmentsController } from './commitments.controller.js';
import { CommandsController } from './commands.controller.js';
import { OutcomesController } from './outcomes.controller.js';
import { OperationsController } from './operations.controller.js';
import { limitDocumentation, serveDocumentation } from './documentation.js';
import { MalformedCommand } from './malformed-command.js';
import { keepFromCaches } from './no-store.js';
import { OwnWrites } from './own-writes.js';
import { ChangesController } from './changes.controller.js';
import { dependenciesToken, type Dependencies } from './dependencies.js';
import { ExplainController } from './explain.controller.js';
import { EntriesController } from './entries.controller.js';
import { ProblemFilter } from './problem-filter.js';
import { notFound, shuttingDown } from './problem.js';
import { EvidenceController } from './evidence.controller.js';
import { ProofController } from './proof.controller.js';
import { StatementsController } from './statements.controller.js';
import { RequestsController } from './requests.controller.js';
import { SubmittedLines } from './submitted-lines.js';
import { noSessions, sessionTokensToken, type SessionTokens } from './sessions.js';
import { QueriesController } from './queries.controller.js';
import { DeliveryController } from './delivery.controller.js';
import { TotalsController } from './totals.controller.js';
import { allowOrigins, compressAnswers } from './transfer.js';

@Module({})
class LedgerModule {
  static of(dependencies: Dependencies): DynamicModule {
    return {
      module: LedgerModule,
      imports: [CqrsModule.forRoot()],
      controllers: [
        ...(dependencies.commands ? [CommandsController] : []),
        ...(dependencies.reading
          ? [
              QueriesController,
              TotalsController,
              ExplainController,
              CommitmentsController,
              DeliveryController,
              EntriesController,
              RequestsController,
              OutcomesController,
              ChangesController,
            ]
          : []),
        ...(dependencies.proof ? [ProofController, StatementsController, EvidenceController] : []),
        ...(dependencies.pages ?? []),
        OperationsController,
      ],
      providers: [
        { provide: dependenciesToken, useValue: dependencies },
        OwnWrites,
        SubmittedLines,
        { provide: sessionTokensToken, useValue: noSessions },
        ...(dependencies.pageProviders ?? []),
        ...handlersOf(dependencies),
        ...(dependencies.reading ? [Answering, committedRecords(dependencies)] : []),
        { provide: APP_FILTER, useValue: new ProblemFilter(dependencies.logger, dependencies.pageOfProblem) },
      ],
    };
  }
}

/** Follows programmes for streams of changes, and logs when that begins to fail. */
function committedRecords({ logger }: Dependencies): Provider {
  const onFault = (error: unknown) => {
    logger.warn({ error }, 'the records of a followed programme can’t be read now; reading is tried again until it succeeds');
  };
  return {
    provide: CommittedRecords,
    useFactory: (reading: Reading, bus: EventBus) => new CommittedRecords(reading, bus, onFault),
    inject: [Reading, EventBus],
  };
}

/** Creates the HTTP interface of the ledger, ready to listen. */
export async function createApplication(dependencies: Dependencies): Promise<NestFastifyApplication> {
  const { limits } = dependencies;
  const adapter = new FastifyAdapter({
    // No middleware: all checks are hooks, which know the matched route.
    skipMiddie: true,
    bodyLimit: limits.body,
    requestTimeout: limits.requestTimeout,
    connectionTimeout: limits.requestTimeout * 2,
    http: {
      requestTimeout: limits.requestTimeout,
      headersTimeout: limits.requestTimeout,
      connectionsCheckingInterval: Math.min(1_000, limits.requestTimeout),
      requireHostHeader: false,
    },
    clientErrorHandler: answerParserError,
    frameworkErrors: answerRouterError(dependencies.pageOfProblem),
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 128 },
    ...(limits.trustedProxies.length > 0 && { trustProxy: [...limits.trustedProxies] }),
  });
  const options: NestApplicationOptions = { logger: false, bodyParser: false, abortOnError: false };
  const application = await NestFactory.create<NestFastifyApplication>(LedgerModule.of(dependencies), adapter, options);
  const server = adapter.getInstance();
  forgoTracesOfAborted(server.server);
  boundConnections(server.server, limits);
  answerExpectations(server.server);
  serveInTurn(server);
  boundAnswers(server, limits.answersInFlight);
  refuseWhenClosing(server);
  keepFromCaches(server);
  server.addHook('onRequest', (request, _reply, done) => {
    done(
      isCanonical(request.raw.url ?? '')
        ? undefined
        : notFound('no-such-route', 'write addresses as in /openapi.json, without encoded characters, empty segments or dot segments'),
    );
  });
  limitDocumentation(server);
  refuseOtherMethods(server);
  await compressAnswers(server);
  await allowOrigins(server, dependencies.corsOrigins);
  keepDoor(server, dependencies, application.get<SessionTokens>(sessionTokensToken));
  takeText(server, dependencies);
  serveDocumentation(application);
  await application.init();
  return application;
}

/** While the ledger closes, requests on connections that are still open get 503. */
function refuseWhenClosing(server: FastifyInstance): void {
  let closing = false;
  server.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  server.addHook('onRequest', (_request, _reply, done) => {
    done(closing ? shuttingDown() : undefined);
  });
}

const root = '/';
const segments = /^(?:\/[A-Za-z0-9._-]+)+$/;
const dots = /\/\.{1,2}(?:\/|$)/;

/** Whether a path has the one spelling that this ledger uses, so that no proxy can read it differently. */
function isCanonical(url: string): boolean {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  return path === root || (segments.test(path) && !dots.test(path));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads bodies as text; one function parses them later. */
function takeText(server: FastifyInstance, { limits, metrics }: Dependencies): void {
  server.removeAllContentTypeParsers();
  const read = ({ sender }: FastifyRequest, body: Buffer, done: (error: Error | null, text?: string) => void) => {
    if (sender) metrics.received(sender.organisation, body.length);
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
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, read);
  // The route reads it, once it knows who sends it.
  server.addContentTypeParser('multipart/form-data', (_request, body, done) => {
    done(null, body);
  });
  server.addContentTypeParser('application/x-ndjson', { parseAs: 'buffer', bodyLimit: limits.batchBody }, read);
}
