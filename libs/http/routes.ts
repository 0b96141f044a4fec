/** What OpenAPI says of a route: its address, headers, parameters, and every status it can have. */
import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBody,
  ApiConflictResponse,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiNotAcceptableResponse,
  ApiNotFoundResponse,
  ApiNotModifiedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiPayloadTooLargeResponse,
  ApiPreconditionFailedResponse,
  ApiProduces,
  ApiQuery,
  ApiServiceUnavailableResponse,
  ApiTooManyRequestsResponse,
  ApiUnsupportedMediaTypeResponse,
  getSchemaPath,
  ApiExtraModels,
} from '@nestjs/swagger';
import { initiativeSorts } from '../projections/initiatives/reads.js';
import { codePattern, idPattern, statuses } from '../domain/vocabulary.js';
import { Holders } from './access.js';
import { CommandAnswerBody, ReceiptBody } from './dto/answers.js';
import { ProblemBody } from './dto/problem-body.js';
import { BatchLine } from './dto/requests.js';
import { Terms } from './terms.js';

const parts: Readonly<Record<string, { schema: object; example: string | number; description: string }>> = {
  programme: {
    schema: { type: 'string', pattern: codePattern.source },
    example: 'digital-kyrgyzstan',
    description: 'The programme’s code.',
  },
  initiative: { schema: { type: 'string', pattern: codePattern.source }, example: 'e-notary', description: 'The initiative’s code.' },
  fiscalYear: { schema: { type: 'integer', minimum: 1900, maximum: 9999 }, example: 2024, description: 'A calendar year.' },
  fundingId: { schema: { type: 'string', pattern: idPattern.source }, example: 'F-1', description: 'The funding’s id.' },
  transactionId: { schema: { type: 'string', pattern: idPattern.source }, example: 'T-19', description: 'The spending’s id.' },
  commandId: { schema: { type: 'string', pattern: idPattern.source }, example: 'spend-1', description: 'The command’s id.' },
};

const positionHeader = { 'Ledger-Position': { description: 'The programme’s position.', schema: { type: 'integer' as const } } };
const versionHeader = { ETag: { description: 'The version, in quotes.', schema: { type: 'string' as const } } };
const tagHeader = {
  ETag: {
    description: 'Of a document its version, else of what is answered; good for If-None-Match.',
    schema: { type: 'string' as const },
  },
};
const replayedHeader = {
  'Idempotency-Replayed': { description: '`true` where the command had this outcome before.', schema: { type: 'string' as const } },
};
const received = { ...positionHeader, ...versionHeader, ...replayedHeader };

function problems(...some: [(options: { type: Type; description: string }) => MethodDecorator & ClassDecorator, string][]) {
  return some.map(([response, description]) => response({ type: ProblemBody, description }));
}
const always = () =>
  problems(
    [ApiTooManyRequestsResponse, 'More requests than one client may make in a minute.'],
    [ApiServiceUnavailableResponse, 'The ledger is not available; Retry-After says when to ask again.'],
  );

const truth = { type: 'string' as const, enum: ['true', 'false'] };
const parameters: Readonly<Record<string, ApiQuerySchema>> = {
  dryRun: truth,
  suspended: truth,
  bom: truth,
  atomic: truth,
  status: { type: 'string', enum: [...statuses] },
  sort: { type: 'string', enum: initiativeSorts.flatMap((field) => [field, `-${field}`]), default: 'initiative' },
  occurredBy: { type: 'string', format: 'date' },
  knownBy: { type: 'string', format: 'date-time' },
  limit: { type: 'integer', minimum: 1, maximum: 1_000, default: 100 },
  after: { type: 'integer', minimum: 0, default: 0 },
};
type ApiQuerySchema = {
  type: 'string' | 'integer';
  enum?: string[];
  format?: string;
  minimum?: number;
  maximum?: number;
  default?: number | string;
};
function schemaOfParameter(name: string): ApiQuerySchema {
  return parameters[name] ?? { type: 'string' };
}

/** Describes a route: its summary, the named parts of its path, its query parameters. */
export function Described(
  summary: string,
  {
    path = '',
    query = {},
    headers = {},
  }: { path?: string; query?: Readonly<Record<string, string>>; headers?: Readonly<Record<string, string>> } = {},
): MethodDecorator {
  const named = [...new Set([...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? ''))];
  return applyDecorators(
    ApiOperation({ summary }),
    ...named.map((name) => {
      const { schema = {}, example, description = '' } = parts[name] ?? {};
      // Beside a schema Nest leaves an example out.
      return ApiParam({ name, description, schema: { ...schema, example } });
    }),
    ...Object.entries(query).map(([name, description]) =>
      ApiQuery({ name, description, required: false, schema: schemaOfParameter(name) }),
    ),
    ...Object.entries(headers).map(([name, description]) => ApiHeader({ name, description, required: false, schema: { type: 'string' } })),
    ...problems([ApiBadRequestResponse, 'The request is malformed; `faults` names each.']),
    ...(named.length > 0 ? problems([ApiNotFoundResponse, 'There is no such programme, initiative or movement.']) : []),
    ...always(),
  );
}

/** One of Nest's, such as `Post`. */
type Mapping = (path?: string) => MethodDecorator;

/** A route that takes one command: which roles may send it is the domain's rule, so any token comes this far. */
export function CommandRoute(mapping: Mapping, path: string, body: Type, summary: string): MethodDecorator {
  return applyDecorators(
    mapping(path),
    Holders(),
    Terms({ takes: 'application/json' }),
    Described(summary, {
      path: `:programme/${path}`,
      query: { dryRun: '`true` answers what would happen and records nothing.' },
      headers: {
        'Idempotency-Key': 'The command’s id; the same id and command again get the first outcome.',
        'If-Match': 'The version that the sender saw, in quotes.',
      },
    }),
    ApiBody({ type: body }),
    ApiCreatedResponse({ type: ReceiptBody, description: 'It is recorded, and durable.', headers: received }),
    ApiOkResponse({
      type: ReceiptBody,
      description: 'Nothing new was recorded: the same content had been, or it is a dry run.',
      headers: received,
    }),
    ...problems(
      [ApiConflictResponse, 'A rule refused it; `code` names the rule and `detail` the figures.'],
      [ApiPreconditionFailedResponse, 'The version is another one by now.'],
      [ApiPayloadTooLargeResponse, 'The body is too large.'],
      [ApiUnsupportedMediaTypeResponse, 'The body is no application/json.'],
    ),
  );
}

/** The route that takes commands line by line. */
export function BatchRoute(mapping: Mapping, path: string): MethodDecorator {
  const ndjson = (type: Type, description: string) => ({
    description,
    content: { 'application/x-ndjson': { schema: { $ref: getSchemaPath(type) } } },
  });
  return applyDecorators(
    mapping(path),
    Holders(),
    Terms({ takes: 'application/x-ndjson' }),
    Described('Send up to 10,000 commands, one a line; they are decided in their order, and answered in it after all are decided.', {
      path: ':programme',
      query: {
        dryRun: '`true` answers what would happen, one command after another, and records nothing.',
        atomic:
          '`true` records all lines in one append, or none: at most 1,000 commands and 512 KiB of what they record. The first line that is refused or malformed stops the batch; the answer is then the problem that this line alone would have been answered with, and `line` says which it is. Nothing of a stopped batch is recorded but that refusal. The same command ids again get the first receipts.',
      },
    }),
    ApiExtraModels(BatchLine, CommandAnswerBody),
    ApiConsumes('application/x-ndjson'),
    ApiBody({ ...ndjson(BatchLine, 'One command a line.'), type: BatchLine }),
    ApiOkResponse(ndjson(CommandAnswerBody, 'One answer a line, in the order of the commands.')),
    ...problems(
      [ApiConflictResponse, 'A rule refused a line of an atomic batch, and nothing else of it is recorded; `line` says which.'],
      [ApiPreconditionFailedResponse, 'The version that a line of an atomic batch expects is another one by now.'],
      [ApiPayloadTooLargeResponse, 'The batch is too large, has more than 10,000 lines, or is atomic and more than one append takes.'],
      [ApiUnsupportedMediaTypeResponse, 'The body is no application/x-ndjson.'],
    ),
  );
}

/** A route that reads something of one programme. */
export function ReadRoute(
  path: string,
  type: Type,
  summary: string,
  query: Readonly<Record<string, string>> = {},
  csv = false,
): MethodDecorator {
  return applyDecorators(
    Described(summary, {
      path,
      query: {
        ...query,
        ...(csv && { bom: '`true` puts a byte order mark before CSV, for spreadsheets that take UTF-8 for another encoding.' }),
      },
      headers: { 'Ledger-Position': 'Waits up to 2 s until the answer is at least that new; then 503.' },
    }),
    ApiOkResponse({ type, description: 'As of the position in the header, or newer.', headers: { ...positionHeader, ...tagHeader } }),
    ApiNotModifiedResponse({ description: 'The reader has it already.' }),
    ...problems([ApiNotAcceptableResponse, 'There is no form of it that accept names.']),
    ...(csv ? [ApiProduces('application/json', 'text/csv')] : []),
  );
}
