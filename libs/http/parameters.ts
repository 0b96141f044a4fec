import type { PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isIsoDate } from '../domain/calendar.js';
import type { AsOf } from '../projections/as-of.js';
import { filterIn, filterNames, type FilterName, type InitiativeFilter } from '../projections/initiatives/filters.js';
import { initiativeSorts } from '../projections/initiatives/reads.js';
import type { Paging } from '../projections/source.js';
import { isObject } from './fields.js';
import { MalformedCommand } from './malformed-command.js';
import { shortName } from './redact-tokens.js';

/** Parameters that are true or false. */
const truths: ReadonlySet<string> = new Set(['dryRun', 'atomic', 'bom']);
const malformed = (field: string, message: string) => new MalformedCommand([{ field, message }]);

/** The query parameters of a request: only those that the route knows, each once. @throws {MalformedCommand} */
function parametersIn<N extends string>(query: unknown, names: readonly N[]): { [K in N]?: string } {
  const parameters: { [K in N]?: string } = {};
  if (!isObject(query)) return parameters;
  for (const [name, value] of Object.entries(query)) {
    const known = names.find((one) => one === name);
    if (known === undefined)
      throw malformed(
        shortName(name),
        `${shortName(name)} is not a parameter of this route; ${names.length > 0 ? `its parameters are ${names.join(', ')}` : 'it has none'}`,
      );
    if (typeof value !== 'string') throw malformed(name, `${name} must be given once`);
    parameters[known] = value;
  }
  for (const [name, value] of Object.entries(parameters))
    if (truths.has(name) && value !== 'true' && value !== 'false') throw malformed(name, `${name} must be true or false`);
  return parameters;
}

/** Reads the query parameters that a route knows. @throws {MalformedCommand} a parameter is unknown, given more than once, or has no valid value */
class Parameters<N extends string, T> implements PipeTransform<unknown, T> {
  constructor(
    private readonly names: readonly N[],
    private readonly read: (parameters: { [K in N]?: string }) => T,
  ) {}
  transform(query: unknown): T {
    return this.read(parametersIn(query, this.names));
  }
}

/** Whether a reader wants a byte order mark before CSV. The route's {@link Parameters} have validated it. */
export function wantsByteOrderMark({ query }: FastifyRequest): boolean {
  return isObject(query) && 'bom' in query && query.bom === 'true';
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** The as-of that a reader asks for. @throws {MalformedCommand} */
function asOfIn({ occurredBy, knownBy }: { occurredBy?: string; knownBy?: string }): AsOf {
  if (occurredBy !== undefined && !isIsoDate(occurredBy))
    throw malformed('occurredBy', 'occurredBy must be a day that exists, written YYYY-MM-DD');
  return { ...(occurredBy !== undefined && { occurredBy }), ...(knownBy !== undefined && { knownBy: momentIn(knownBy) }) };
}

/**
 * A moment in the form of records: UTC, to the millisecond. Instants are compared as text, which gives the right order only for the years 0 to 9999. A
 * moment whose UTC offset leads out of these years becomes their first or last moment; no record is beyond either.
 */
export function momentIn(knownBy: string): string {
  const time = instant.test(knownBy) && isIsoDate(knownBy.slice(0, 10)) ? Date.parse(knownBy) : NaN;
  if (Number.isNaN(time)) throw malformed('knownBy', 'knownBy must be a moment with its offset from UTC, such as 2024-03-09T05:12:44.120Z');
  return new Date(Math.min(Math.max(time, firstMoment), lastMoment)).toISOString();
}
const firstMoment = Date.parse('0000-01-01T00:00:00.000Z');
const lastMoment = Date.parse('9999-12-31T23:59:59.999Z');

const longestPage = 1_000;

/** @throws {MalformedCommand} */
function pagingOf({ limit = '100', cursor }: { limit?: string; cursor?: string }): Paging {
  const most = /^[1-9]\d{0,3}$/.test(limit) ? Number(limit) : 0;
  if (most < 1 || most > longestPage) throw malformed('limit', `limit must be a whole number from 1 to ${longestPage}`);
  return { limit: most, ...(cursor !== undefined && { cursor }) };
}

/** @throws {MalformedCommand} */
function filterOf(sent: { [K in FilterName | 'q']?: string }): InitiativeFilter {
  return filterIn(sent, (name, right) => malformed(name, `${name} must be ${right}`));
}

/** The sort field of initiatives, with a minus for descending. @throws {MalformedCommand} */
function sortOf(sort = 'initiative'): string {
  if (!initiativeSorts.includes(sort.replace(/^-/, '')))
    throw malformed('sort', `sort must be one of ${initiativeSorts.join(', ')}, with a minus before it for descending`);
  return sort;
}

/** The position that the answer must at least include, from the Ledger-Position header. @throws {MalformedCommand} */
export function positionIn(request: FastifyRequest): number | undefined {
  const sent = request.headers['ledger-position'];
  if (sent === undefined) return undefined;
  return positionNamed('ledger-position', String(sent));
}

const asOfNames = ['occurredBy', 'knownBy'] as const;
const pagingNames = ['limit', 'cursor', 'bom'] as const;
const searchedFilterNames = [...filterNames, 'q'] as const;

/** The organisation that sent a command, if it is named. */
export const organisationOnly = new Parameters(['organisation'], ({ organisation }) => organisation);
/** Whether a command is a dry run. */
export const dryRunOnly = new Parameters(['dryRun'], ({ dryRun }) => dryRun === 'true');
export type BatchModes = { dryRun: boolean; atomic: boolean };
/** How a batch is decided. */
export const batchModes = new Parameters(['dryRun', 'atomic'], ({ dryRun, atomic }): BatchModes => ({
  dryRun: dryRun === 'true',
  atomic: atomic === 'true',
}));

/** The as-of of a document. */
export const asOfOnly = new Parameters(asOfNames, asOfIn);
/** The as-of of a list without pages. */
export const asOfList = new Parameters([...asOfNames, 'bom'], asOfIn);
/** A list without pages. */
export const listOnly = new Parameters(['bom'], () => ({}));
/** A page of a list. */
export const page = new Parameters(pagingNames, pagingOf);

export type InitiativeYearPage = { filter: InitiativeFilter; paging: Paging };
/** A page of the fiscal years of filtered initiatives. */
export const initiativeYearPage = new Parameters([...searchedFilterNames, ...pagingNames], (parameters): InitiativeYearPage => ({
  filter: filterOf(parameters),
  paging: pagingOf(parameters),
}));

export type InitiativePage = InitiativeYearPage & { sort: string };
/** A page of filtered initiatives in a sort order. */
export const initiativePage = new Parameters([...searchedFilterNames, 'sort', ...pagingNames], (parameters): InitiativePage => ({
  filter: filterOf(parameters),
  sort: sortOf(parameters.sort),
  paging: pagingOf(parameters),
}));

export type HistoryPage = { asOf: AsOf; paging: Paging };
/** A page of a history, as of a past day or now. */
export const historyPage = new Parameters([...asOfNames, ...pagingNames], (parameters): HistoryPage => ({
  asOf: asOfIn(parameters),
  paging: pagingOf(parameters),
}));

/** The position that a reader has read to, 0 if absent. */
export const afterParameter = new Parameters(['after'], ({ after = '0' }) => positionNamed('after', after));
/** The position that a follower has seen. */
export const changesAfter = new Parameters(['after'], ({ after }) => (after === undefined ? undefined : positionNamed('after', after)));

/** The position of the last event that a client of a stream received (HTML Living Standard, section 9.2.4). @throws {MalformedCommand} */
export function lastEventIn({ headers }: FastifyRequest): number | undefined {
  const sent = headers['last-event-id'];
  return sent === undefined ? undefined : positionNamed('last-event-id', String(sent));
}

function positionNamed(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw malformed(name, `${name} must be a position, a whole number`);
  return Number(text);
}
