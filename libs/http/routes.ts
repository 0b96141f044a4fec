/** The OpenAPI description of routes: address, headers, parameters, and every possible status. */
import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiAcceptedResponse,
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
  ApiResponse,
  ApiServiceUnavailableResponse,
  ApiTooManyRequestsResponse,
  ApiUnsupportedMediaTypeResponse,
  getSchemaPath,
  ApiExtraModels,
} from '@nestjs/swagger';
import { filterNames, initiativeFilters, longestValue, type FilterKind } from '../projections/initiatives/filters.js';
import { periodLengths } from '../projections/totals/periods.js';
import { seriesGroups } from '../projections/totals/series.js';
import type { CommandType } from '../domain/commands.js';
import { isApprovable } from '../domain/requests/approvals.js';
import { codePattern, idPattern } from '../domain/vocabulary.js';
import { Holders } from './access.js';
import { CommandAnswerBody, ReceiptBody } from './dto/answers.js';
import { ProblemBody } from './dto/problem-body.js';
import { BatchLine, requestOf } from './dto/requests.js';
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
  commitmentId: { schema: { type: 'string', pattern: idPattern.source }, example: 'C-7', description: 'The commitment’s id.' },
  requestId: { schema: { type: 'string', pattern: idPattern.source }, example: 'R-6', description: 'The request’s id.' },
  milestoneId: { schema: { type: 'string', pattern: idPattern.source }, example: 'M-1', description: 'The milestone’s id.' },
  resultId: { schema: { type: 'string', pattern: idPattern.source }, example: 'Q-1', description: 'The result’s id.' },
  position: { schema: { type: 'integer', minimum: 1 }, example: 1, description: 'The position of the statement.' },
  level: { schema: { type: 'integer', minimum: 0, maximum: 63 }, example: 0, description: 'The level of the tile.' },
  tile: {
    schema: { type: 'string', pattern: '^(?:[0-9]{3}|[1-9][0-9]{0,2})$' },
    example: '000',
    description: 'The last three digits of the tile’s number; of a partial tile its width.',
  },
  ...Object.fromEntries(
    ['thousands', 'millions', 'billions'].map((name) => [
      name,
      {
        schema: { type: 'string', pattern: '^(?:x[0-9]{3}|[0-9]{3}[.]p)$' },
        example: 'x000',
        description: 'Three more digits of the tile’s number after an x; before the width of a partial tile, its last three digits and .p.',
      },
    ]),
  ),
  commandId: { schema: { type: 'string', pattern: idPattern.source }, example: 'spend-1', description: 'The command’s id.' },
};

const positionHeader = { 'Ledger-Position': { description: 'The programme’s position.', schema: { type: 'integer' as const } } };
const versionHeader = { ETag: { description: 'The version, in quotes.', schema: { type: 'string' as const } } };
const tagHeader = {
  ETag: {
    description: 'For a document its version, for a list a hash of the answer; send it in If-None-Match.',
    schema: { type: 'string' as const },
  },
};
const replayedHeader = {
  'Idempotency-Replayed': { description: '`true` if the command had this outcome before.', schema: { type: 'string' as const } },
};
const received = { ...positionHeader, ...versionHeader, ...replayedHeader };

type ResponseDescription = { type: Type; description: string };
function problems(...some: [(options: ResponseDescription) => MethodDecorator & ClassDecorator, string][]) {
  return some.map(([response, description]) => response({ type: ProblemBody, description }));
}
const tooLongAddress = (options: ResponseDescription) => ApiResponse({ status: 414, ...options });
const tooLargeHeaders = (options: ResponseDescription) => ApiResponse({ status: 431, ...options });
const always = () =>
  problems(
    [tooLargeHeaders, 'The request line and headers have more than 16,384 bytes together.'],
    [ApiTooManyRequestsResponse, 'The client has used its units for this minute; Retry-After says when to try again.'],
    [ApiServiceUnavailableResponse, 'The ledger is not available; Retry-After says when to try again.'],
  );

const truth = { type: 'string' as const, enum: ['true', 'false'] };
const parameters: Readonly<Record<string, ApiQuerySchema>> = {
  ...Object.fromEntries(filterNames.map((name) => [name, schemaOfFilter(initiativeFilters[name])])),
  dryRun: truth,
  bom: truth,
  atomic: truth,
  refused: truth,
  late: truth,
  occurredBy: { type: 'string', format: 'date' },
  knownBy: { type: 'string', format: 'date-time' },
  by: { type: 'string', enum: [...periodLengths], default: 'month' },
  group: { type: 'string', enum: [...seriesGroups] },
  limit: { type: 'integer', minimum: 1, maximum: 1_000, default: 100 },
  after: { type: 'integer', minimum: 0, default: 0 },
};
/** The schema of a query parameter. */
export type ApiQuerySchema = {
  type: 'string' | 'integer' | 'number' | 'array';
  items?: { type: 'string'; enum?: string[]; minLength?: number; maxLength?: number };
  enum?: string[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  default?: number | string;
};
function schemaOfFilter(filter: FilterKind): ApiQuerySchema {
  switch (filter.kind) {
    case 'flag':
      return truth;
    case 'one-of':
      return severalOf(filter.values);
    case 'word':
      return { type: 'string', enum: [...filter.values] };
    case 'text':
      return { type: 'array', items: { type: 'string', minLength: 1, maxLength: longestValue } };
    case 'year':
      return { type: 'integer', minimum: 1_000, maximum: 9_999 };
    case 'share':
      return { type: 'number', minimum: 0 };
    case 'day':
      return { type: 'string', format: 'date' };
  }
}
/** Several values of a parameter, each given on its own. */
export function severalOf(values: readonly string[]): ApiQuerySchema {
  return { type: 'array', items: { type: 'string', enum: [...values] } };
}
/** The sort fields of each route's list, with a minus for descending. */
export function sortSchema(fields: readonly string[], standard: string): ApiQuerySchema {
  return { type: 'string', enum: fields.flatMap((field) => [field, `-${field}`]), default: standard };
}

type RouteDescription = {
  path?: string;
  /** The description of each query parameter. */
  query?: Readonly<Record<string, string>>;
  /** Schemas of query parameters that differ from one route to another. */
  schemas?: Readonly<Record<string, ApiQuerySchema>>;
  headers?: Readonly<Record<string, string>>;
};

/** Describes a route: its summary, the named parts of its path, its query parameters. */
export function Described(summary: string, { path = '', query = {}, schemas = {}, headers = {} }: RouteDescription = {}): MethodDecorator {
  const named = [...new Set([...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? ''))];
  return applyDecorators(
    ApiOperation({ summary }),
    ...named.map((name) => {
      const { schema = {}, example, description = '' } = parts[name] ?? {};
      // Nest drops an example beside a schema, so it goes inside.
      return ApiParam({ name, description, schema: { ...schema, example } });
    }),
    ...Object.entries(query).map(([name, description]) =>
      ApiQuery({ name, description, required: false, schema: schemas[name] ?? parameters[name] ?? { type: 'string' } }),
    ),
    ...Object.entries(headers).map(([name, description]) => ApiHeader({ name, description, required: false, schema: { type: 'string' } })),
    ...problems([ApiBadRequestResponse, 'The request is malformed; `faults` lists what is wrong.']),
    ...(named.length > 0
      ? problems(
          [ApiNotFoundResponse, 'The programme, initiative or movement does not exist.'],
          [tooLongAddress, 'A part of the address is longer than any code or id.'],
        )
      : []),
    ...always(),
  );
}

/** A method decorator of Nest, such as `Post`. */
type Mapping = (path?: string) => MethodDecorator;

/** A route that takes one command. It admits any accepted token; the domain decides which roles may send the command. */
export function CommandRoute(mapping: Mapping, path: string, type: CommandType, summary: string): MethodDecorator {
  return applyDecorators(
    mapping(path),
    Holders(),
    Terms({ takes: 'application/json' }),
    Described(summary, {
      path: `:programme/${path}`,
      query: { dryRun: '`true` gives the outcome without recording anything.' },
      headers: {
        'Idempotency-Key': 'The command’s id; a repeat of the same id and command gets the first outcome.',
        'If-Match': 'The version that the sender saw, in quotes.',
      },
    }),
    ApiBody({ type: requestOf(type) }),
    ApiCreatedResponse({ type: ReceiptBody, description: 'The command is durably recorded.', headers: received }),
    ApiOkResponse({
      type: ReceiptBody,
      description: 'Nothing new was recorded: the same content is recorded already, or it is a dry run.',
      headers: received,
    }),
    ...(isApprovable(type) ? [heldResponse()] : []),
    ...problems(
      [ApiConflictResponse, 'A rule refused the command; `code` names the rule and `detail` the figures.'],
      [ApiPreconditionFailedResponse, 'The version has changed.'],
      [ApiPayloadTooLargeResponse, 'The body is too large.'],
      [ApiUnsupportedMediaTypeResponse, 'The body is not application/json.'],
    ),
  );
}

/** The answer to a command that waits for a second person. */
function heldResponse(): MethodDecorator {
  const location = { description: 'The request in which it waits.', schema: { type: 'string' as const } };
  return ApiAcceptedResponse({
    type: ReceiptBody,
    description:
      'The programme’s approvals name the command: it is recorded and changes nothing until a second person approves it. Sent again while it waits, it is answered with the same request.',
    headers: { ...positionHeader, ...replayedHeader, Location: location },
  });
}

/** The route that takes a batch: one command per line. */
export function BatchRoute(mapping: Mapping, path: string): MethodDecorator {
  const ndjson = (type: Type, description: string) => ({
    description,
    content: { 'application/x-ndjson': { schema: { $ref: getSchemaPath(type) } } },
  });
  return applyDecorators(
    mapping(path),
    Holders(),
    Terms({ takes: 'application/x-ndjson' }),
    Described(
      'Send up to 10,000 commands, one per line. They are decided in order; the answers follow in the same order, after all are decided.',
      {
        path: ':programme',
        query: {
          dryRun: '`true` gives the outcomes, decided one after another, without recording anything.',
          atomic:
            '`true` records all lines in one append, or none: at most 1,000 commands and 512 KiB of records. The first line that is refused or malformed stops the batch. The answer is then the problem that this line would get on its own, with its number in `line`. Of a stopped batch, only that refusal is recorded. A repeat of the same command ids gets the first receipts.',
        },
      },
    ),
    ApiExtraModels(BatchLine, CommandAnswerBody),
    ApiConsumes('application/x-ndjson'),
    ApiBody({ ...ndjson(BatchLine, 'One command per line.'), type: BatchLine }),
    ApiOkResponse(ndjson(CommandAnswerBody, 'One answer per line, in the order of the commands.')),
    ...problems(
      [ApiConflictResponse, 'A rule refused a line of an atomic batch, and only that refusal is recorded; `line` has its number.'],
      [ApiPreconditionFailedResponse, 'The version that a line of an atomic batch expects has changed.'],
      [ApiPayloadTooLargeResponse, 'The batch is too large, has more than 10,000 lines, or is atomic and exceeds one append.'],
      [ApiUnsupportedMediaTypeResponse, 'The body is not application/x-ndjson.'],
    ),
  );
}

/** A route that reads a document or a list. */
export function ReadRoute(
  path: string,
  type: Type,
  summary: string,
  query: Readonly<Record<string, string>> = {},
  csv = false,
  schemas: Readonly<Record<string, ApiQuerySchema>> = {},
): MethodDecorator {
  return applyDecorators(
    Described(summary, {
      path,
      query: {
        ...query,
        ...(csv && { bom: '`true` puts a byte order mark before CSV, for spreadsheets that take UTF-8 for another encoding.' }),
      },
      schemas,
      headers: { 'Ledger-Position': 'Waits up to 2 s until the answer is at least as new as this position; then 503.' },
    }),
    ApiOkResponse({
      type,
      description: 'The answer, at least as new as the position in the header.',
      headers: { ...positionHeader, ...tagHeader },
    }),
    ApiNotModifiedResponse({ description: 'The reader has the answer already.' }),
    ...problems([ApiNotAcceptableResponse, 'The answer is not available in a form that accept names.']),
    ...(csv ? [ApiProduces('application/json', 'text/csv')] : []),
  );
}
