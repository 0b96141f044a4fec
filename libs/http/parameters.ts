import type { PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isIsoDate } from '../domain/calendar.js';
import { isPast, type AsOf } from '../projections/as-of.js';
import { filterIn, filterNames, mayRepeat, type FilterName, type InitiativeFilter } from '../projections/initiatives/filters.js';
import type { ResultListing } from '../projections/delivery/reads.js';
import { initiativeSorts, pastSort, type InitiativeListing } from '../projections/initiatives/list.js';
import type { Paging } from '../projections/source.js';
import { idPattern } from '../domain/vocabulary.js';
import { isObject } from './is-object.js';
import { MalformedCommand } from './malformed-command.js';
import { shortName } from './redact-tokens.js';

/** Parameters that are true or false. */
const truths: ReadonlySet<string> = new Set(['dryRun', 'atomic', 'bom', 'refused', 'late', 'mine']);
/** The most values of a parameter that may be repeated. */
const mostValues = 50;
/** The error for a parameter with no valid value. */
export const malformed = (field: string, message: string) => new MalformedCommand([{ field, message }]);

/** The values of a request's query parameters. @throws {MalformedCommand} a parameter is not one of the names, or is given more than once but may not be */
function parametersIn<N extends string>(query: unknown, names: readonly N[], repeatable: readonly N[]): { [K in N]?: readonly string[] } {
  const parameters: { [K in N]?: readonly string[] } = {};
  if (!isObject(query)) return parameters;
  for (const [name, value] of Object.entries(query)) {
    const known = names.find((one) => one === name);
    if (known === undefined)
      throw malformed(
        shortName(name),
        `${shortName(name)} is not a parameter of this route; ${names.length > 0 ? `its parameters are ${names.join(', ')}` : 'it has none'}`,
      );
    const values: unknown[] = [value].flat();
    const texts = values.filter((one) => typeof one === 'string');
    if (texts.length !== values.length || (texts.length !== 1 && !repeatable.includes(known)))
      throw malformed(name, `${name} must be given once`);
    if (texts.length > mostValues) throw malformed(name, `${name} must have at most ${mostValues} values`);
    if (truths.has(name) && texts.some((text) => text !== 'true' && text !== 'false'))
      throw malformed(name, `${name} must be true or false`);
    parameters[known] = texts;
  }
  return parameters;
}

/** Reads the query parameters that a route knows. @throws {MalformedCommand} a parameter is unknown, given more than once, or has no valid value */
export class Parameters<N extends string, T> implements PipeTransform<unknown, T> {
  constructor(
    private readonly names: readonly N[],
    /** Gets the first value of each parameter, and all values of each. */
    private readonly read: (first: { [K in N]?: string }, all: { [K in N]?: readonly string[] }) => T,
    private readonly repeatable: readonly N[] = [],
  ) {}
  transform(query: unknown): T {
    const all = parametersIn(query, this.names, this.repeatable);
    const first: { [K in N]?: string } = {};
    for (const name of this.names) {
      const [value] = all[name] ?? [];
      if (value !== undefined) first[name] = value;
    }
    return this.read(first, all);
  }
}

/** Whether a reader wants a byte order mark before CSV. The route's {@link Parameters} have validated it. */
export function wantsByteOrderMark({ query }: FastifyRequest): boolean {
  return isObject(query) && 'bom' in query && query.bom === 'true';
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** The as-of that a reader asks for. @throws {MalformedCommand} */
export function asOfIn({ occurredBy, knownBy }: { occurredBy?: string; knownBy?: string }): AsOf {
  if (occurredBy !== undefined && !isIsoDate(occurredBy))
    throw malformed('occurredBy', 'occurredBy must be a day that exists, written YYYY-MM-DD');
  return { ...(occurredBy !== undefined && { occurredBy }), ...(knownBy !== undefined && { knownBy: momentIn(knownBy) }) };
}

/**
 * A moment in the form of records: UTC, to the millisecond. Instants are compared as text, which gives the right order only for the years 0 to 9999. A
 * moment whose UTC offset leads out of these years becomes their first or last moment; no record is beyond either.
 */
export function momentIn(knownBy: string, name = 'knownBy'): string {
  const time = instant.test(knownBy) && isIsoDate(knownBy.slice(0, 10)) ? Date.parse(knownBy) : NaN;
  if (Number.isNaN(time)) throw malformed(name, `${name} must be a moment with its offset from UTC, such as 2024-03-09T05:12:44.120Z`);
  return new Date(Math.min(Math.max(time, firstMoment), lastMoment)).toISOString();
}
const firstMoment = Date.parse('0000-01-01T00:00:00.000Z');
const lastMoment = Date.parse('9999-12-31T23:59:59.999Z');

const longestPage = 1_000;

/** @param longest the most items of a page @throws {MalformedCommand} */
export function pagingOf({ limit = '100', cursor }: { limit?: string; cursor?: string }, longest = longestPage): Paging {
  const most = /^[1-9]\d{0,3}$/.test(limit) ? Number(limit) : 0;
  if (most < 1 || most > longest) throw malformed('limit', `limit must be a whole number from 1 to ${longest}`);
  return { limit: most, ...(cursor !== undefined && { cursor }) };
}

/** @throws {MalformedCommand} */
function filterOf(sent: { [K in FilterName | 'q']?: readonly string[] }): InitiativeFilter {
  return filterIn(sent, (name, right) => malformed(name, `${name} must be ${right}`));
}

/** A sort field, with a minus for descending. @throws {MalformedCommand} */
export function sortOf(sort: string, fields: readonly string[]): string {
  if (!fields.includes(sort.replace(/^-/, '')))
    throw malformed('sort', `sort must be one of ${fields.join(', ')}, with a minus before it for descending`);
  return sort;
}

/** A whole number from 1 to `most`. @throws {MalformedCommand} */
export function countIn(name: string, text: string, most: number): number {
  const count = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > most) throw malformed(name, `${name} must be a whole number from 1 to ${most}`);
  return count;
}

/** The position that the answer must at least include, from the Ledger-Position header. @throws {MalformedCommand} */
export function positionIn(request: FastifyRequest): number | undefined {
  const sent = request.headers['ledger-position'];
  if (sent === undefined) return undefined;
  return positionNamed('ledger-position', String(sent));
}

export const asOfNames = ['occurredBy', 'knownBy'] as const;
export const pagingNames = ['limit', 'cursor', 'bom'] as const;
const searchedFilterNames = [...filterNames, 'q'] as const;
const repeatableFilters = filterNames.filter(mayRepeat);

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
/** A document that is read only as it is now. */
export const noParameters = new Parameters([], () => ({}));
/** A list without pages. */
export const listOnly = new Parameters(['bom'], () => ({}));
/** A page of a list. */
export const page = new Parameters(pagingNames, (parameters) => pagingOf(parameters));

export type InitiativeYearPage = { filter: InitiativeFilter; paging: Paging };
/** A page of the fiscal years of filtered initiatives. */
export const initiativeYearPage = new Parameters(
  [...searchedFilterNames, ...pagingNames],
  (first, all): InitiativeYearPage => ({ filter: filterOf(all), paging: pagingOf(first) }),
  repeatableFilters,
);

/** A page of filtered initiatives in a sort order, now or as of a past day. */
export const initiativePage = new Parameters(
  [...searchedFilterNames, 'sort', ...asOfNames, ...pagingNames],
  (first, all): InitiativeListing => {
    const asOf = asOfIn(first);
    const sorts = isPast(asOf) ? [pastSort] : initiativeSorts;
    return { filter: filterOf(all), sort: sortOf(first.sort ?? pastSort, sorts), paging: pagingOf(first), asOf };
  },
  repeatableFilters,
);

export type HistoryPage = { asOf: AsOf; paging: Paging };
/** A page of a history, as of a past day or now. */
export const historyPage = new Parameters([...asOfNames, ...pagingNames], (parameters): HistoryPage => ({
  asOf: asOfIn(parameters),
  paging: pagingOf(parameters),
}));

const mostCommitments = 100;
/** A page of commitments, as of a past day or now. Each has many drawings, so a page has fewer of them. */
export const commitmentPage = new Parameters([...asOfNames, ...pagingNames], (parameters): HistoryPage => ({
  asOf: asOfIn(parameters),
  paging: pagingOf(parameters, mostCommitments),
}));

/** A page of results, of one indicator or of all. */
export const resultPage = new Parameters(['indicator', ...asOfNames, ...pagingNames], (parameters): ResultListing => {
  const { indicator } = parameters;
  if (indicator !== undefined && !idPattern.test(indicator))
    throw malformed('indicator', 'indicator must be an id of 1 to 64 letters, digits, dots, underscores and hyphens');
  return {
    ...(indicator !== undefined && { indicatorId: indicator }),
    asOf: asOfIn(parameters),
    paging: pagingOf(parameters),
  };
});

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
