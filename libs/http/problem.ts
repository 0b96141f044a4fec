/** Errors as problem details (RFC 9457): the one place that decides the status of each error, and what a caller may learn of it. */
import { HttpException } from '@nestjs/common';
import type { RefusalCode } from '../domain/capabilities.js';
import type { FiscalYear } from '../domain/vocabulary.js';
import { LogUnavailable } from '../event-log/ports.js';
import { CommandsUnavailable, CommandTooLarge, ProgrammeBusy, type Outcome } from '../command-processing/outcome.js';
import { TooManyWaiting } from '../async/fair-queue.js';
import { ProofUnavailable } from '../application/proof.js';
import { ReadModelsBehind } from '../projections/read-models-behind.js';
import { ReaderGone } from '../projections/readers.js';
import { BadCursor, ReadModelsUnavailable, UndeclaredField } from '../read-models/ports.js';
import { MalformedCommand, type Fault } from './malformed-command.js';
import { redactTokens } from './redact-tokens.js';
import { KeysUnavailable, TokenRefused } from './tokens.js';

/** The body of every error. `code` is stable; `detail` has the rule and the figures; amounts are minor units as decimal strings. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  /** The command concerned. */
  commandId?: string;
  /** The line of an atomic batch that stopped it, from 1 on. */
  line?: number;
  /** The amounts available, requested, and committed beside what is available. */
  available?: string;
  requested?: string;
  committed?: string;
  /** The position of a recorded refusal in the programme's history, and the hash of its record. */
  position?: number;
  hash?: string;
  /** Every fault of a malformed request. */
  faults?: readonly Fault[];
};

/** An error that already knows its answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly problem: Problem,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(problem.detail);
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'The request is malformed',
  401: 'A valid token is needed',
  403: 'This is not allowed',
  404: 'Not found',
  405: 'The method is not allowed',
  406: 'No accepted form is available',
  408: 'The request took too long',
  409: 'The command was refused',
  412: 'The version has changed',
  413: 'The request is too large',
  414: 'The address is too long',
  415: 'The content type is not supported',
  417: 'The expectation is not supported',
  429: 'Too many requests',
  431: 'The headers are too large',
  500: 'The ledger failed',
  503: 'The ledger is not available',
};

/** A problem with a status and a code. Tokens in text repeated from the request are redacted. */
export function problem(status: number, code: string, detail: string, { faults, ...more }: Partial<Problem> = {}): Problem {
  return {
    type: `urn:initiative-ledger:problem:${code}`,
    title: titles[status] ?? 'Error',
    status,
    detail: redactTokens(detail),
    code,
    ...more,
    ...(faults && { faults: faults.map(({ field, message }) => ({ field: redactTokens(field), message: redactTokens(message) })) }),
  };
}
/** The media type of problems. */
export const problemJson = 'application/problem+json';
/** The ledger is at a limit; the same request may succeed a second later. */
export function busy(detail: string, headers: Readonly<Record<string, string>> = {}): ProblemError {
  return new ProblemError(problem(503, 'busy', detail), { 'retry-after': '1', ...headers });
}
/** The requested thing does not exist. */
export function notFound(code: string, detail: string): ProblemError {
  return new ProblemError(problem(404, code, detail));
}

/** 404: a programme that is not established, or was not as of then. */
export const unknownProgramme = (code: string): ProblemError =>
  notFound('unknown-programme', `the programme ${code} does not exist, or did not exist as of then`);
/** 404: an initiative that was not proposed, or was not as of then. */
export const unknownInitiative = (programme: string, initiative: string): ProblemError =>
  notFound('unknown-initiative', `the initiative ${initiative} does not exist in ${programme}, or did not exist as of then`);
/** 404: a fiscal year without money, or without money as of then. */
export const unknownFiscalYear = (programme: string, fiscalYear: FiscalYear): ProblemError =>
  notFound('unknown-fiscal-year', `nothing was appropriated, funded or spent in the fiscal year ${fiscalYear} of ${programme}`);

const refusalStatuses: Readonly<Partial<Record<RefusalCode, number>>> = {
  forbidden: 403,
  'unknown-programme': 404,
  'unknown-initiative': 404,
  'unknown-funding': 404,
  'unknown-spending': 404,
  'unknown-commitment': 404,
  'unknown-appropriation': 404,
  'unknown-request': 404,
  'unknown-milestone': 404,
  'unknown-indicator': 404,
  'unknown-result': 404,
  'version-mismatch': 412,
  'clock-behind': 503,
};
/** The HTTP status of a refusal. */
export function statusOfRefusal(code: RefusalCode): number {
  return refusalStatuses[code] ?? 409;
}

/** The HTTP status of an outcome. */
export function statusOfOutcome(outcome: Outcome): number {
  if (outcome.kind === 'refused') return statusOfRefusal(outcome.code);
  if (outcome.dryRun) return 200;
  // A command that waits already gets its first answer again, because it is not recorded yet.
  if (outcome.receipt.requestId !== undefined) return 202;
  return outcome.nothingNew ? 200 : 201;
}

/** Seconds after which to send a command again that waits until operators have checked the clock. */
const untilLookedAt = 60;

/** A refused command as a problem. */
export function problemOfRefusal({
  commandId,
  code,
  detail,
  figures,
  position,
  hash,
}: Extract<Outcome, { kind: 'refused' }>): ProblemError {
  const more = { commandId, ...figures, ...(position !== undefined && { position }), ...(hash !== undefined && { hash }) };
  const status = statusOfRefusal(code);
  return new ProblemError(problem(status, code, detail, more), status === 503 ? { 'retry-after': String(untilLookedAt) } : {});
}

/** The problem of an error. An unexpected error reveals no internals. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof MalformedCommand) return new ProblemError(problem(400, 'malformed', error.message, { faults: error.faults }));
  if (error instanceof BadCursor) return new ProblemError(problem(400, 'bad-cursor', error.message));
  if (error instanceof UndeclaredField) return new ProblemError(problem(400, 'malformed', error.message));
  if (error instanceof TokenRefused)
    return new ProblemError(problem(401, 'token-refused', error.message), { 'www-authenticate': 'Bearer error="invalid_token"' });
  if (error instanceof KeysUnavailable) return unavailable('keys-unavailable', error.message, error.retryAfter);
  if (error instanceof CommandTooLarge) return new ProblemError(problem(413, 'command-too-large', error.message));
  if (error instanceof ProgrammeBusy) return unavailable('programme-busy', error.message, error.retryAfter);
  if (error instanceof CommandsUnavailable) return unavailable('log-unavailable', error.message, error.retryAfter);
  if (error instanceof ReadModelsUnavailable)
    return unavailable('read-models-unavailable', 'the read models can’t answer now; try again', 1);
  if (error instanceof LogUnavailable) return unavailable('log-unavailable', 'the event log can’t be read now', 1);
  if (error instanceof ReadModelsBehind) return unavailable('read-models-behind', error.message, 1);
  if (error instanceof ProofUnavailable) return unavailable('proof-unavailable', error.message, 1);
  if (error instanceof ReaderGone)
    return new ProblemError(problem(408, 'reader-gone', 'the connection closed before the answer was ready'));
  if (error instanceof TooManyWaiting) return unavailable('too-many-reads', error.message, 1);
  return problemOfServer(error);
}

function unavailable(code: string, detail: string, retryAfter: number): ProblemError {
  return new ProblemError(problem(503, code, detail), { 'retry-after': String(retryAfter) });
}

/** This process ends; another one, or its successor, can take the request. */
export function shuttingDown(): ProblemError {
  return new ProblemError(problem(503, 'shutting-down', 'the ledger is shutting down'), { 'retry-after': '2', connection: 'close' });
}

/** Problems of the HTTP server itself; its errors have the status. */
function problemOfServer(error: unknown): ProblemError {
  const status = error instanceof HttpException ? error.getStatus() : (statusIn(error) ?? 500);
  switch (status) {
    case 404:
      return notFound('no-such-route', 'there is no route at this address; /openapi.json lists all routes');
    case 408:
      return new ProblemError(problem(408, 'request-timeout', 'the request did not arrive in time'));
    case 413:
      return new ProblemError(problem(413, 'body-too-large', 'the body is larger than this ledger accepts'));
    case 414:
      return new ProblemError(problem(414, 'address-too-long', 'a part of the address is longer than any code or id'));
    case 415:
      return new ProblemError(problem(415, 'unsupported-media-type', 'send application/json, or a batch as application/x-ndjson'));
    case 503:
      return shuttingDown();
    default:
      return status >= 400 && status < 500
        ? new ProblemError(problem(400, 'malformed', error instanceof Error ? error.message : 'the request is malformed'))
        : new ProblemError(problem(500, 'unexpected', 'an unexpected error occurred; the operators’ log has the details'));
  }
}

function statusIn(error: unknown): number | undefined {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}
