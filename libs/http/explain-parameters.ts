/** The query parameters of explanations. */
import { sourceKinds } from '../domain/papers/source.js';
import { codePattern } from '../domain/vocabulary.js';
import type { AsOf } from '../projections/as-of.js';
import { figureIn, figureWords } from '../projections/explain/asked.js';
import { figureNames, type FigureAsked } from '../projections/explain/figures.js';
import { longestValue } from '../projections/initiatives/filters.js';
import type { Paging } from '../projections/source.js';
import { asOfDescribed, paged } from './answering.js';
import type { ApiQuerySchema } from './routes.js';
import { asOfIn, asOfNames, malformed, Parameters, pagingNames, pagingOf } from './parameters.js';

/** A figure, as of a past day or now, and a page of what it is made of. */
export type ExplainQuery = { figure: FigureAsked; asOf: AsOf; paging: Paging };

/** @throws {MalformedCommand} */
export const explainQuery = new Parameters([...figureWords, ...asOfNames, ...pagingNames], (sent): ExplainQuery => ({
  figure: figureIn(sent, (word, right) => malformed(word, `${word} must be ${right}`)),
  asOf: asOfIn(sent),
  paging: pagingOf(sent),
}));

/** The description of each parameter, for OpenAPI. */
export const explainDescribed = {
  figure:
    'The figure, by its name in the documents; `spent` if absent. A programme and its fiscal years have all but `transferred`; an initiative has all but ' +
    '`appropriated` and `lapsed`; an authority, region or sector has `funded`, `spent`, `returned`, `committed`, `free`, `unspent` and `available`; a ' +
    'source has `appropriated` and `funded`. `unspent` is funded − returned − spent, of whomever. The two sides of the share `absorption` are figures of their own.',
  fiscalYear: 'Only money of this fiscal year; of all years if absent.',
  initiative: 'The figure of this initiative. Without it and the next four, the figure of the whole programme.',
  authority: 'The figure of this authority’s initiatives.',
  region: 'The figure of this region’s initiatives.',
  sector: 'The figure of this sector’s initiatives.',
  source: 'The figure of the money of this kind of source.',
  occurredAfter: 'Only what was dated on or after this day, YYYY-MM-DD: with `occurredBy`, the figure of a period in a series.',
  ...asOfDescribed,
  ...paged,
} as const;

const code = { type: 'string', pattern: codePattern.source } as const;
const text = { type: 'string', minLength: 1, maxLength: longestValue } as const;
/** The schemas of the parameters, for OpenAPI. */
export const explainSchemas: Readonly<Record<string, ApiQuerySchema>> = {
  figure: { type: 'string', enum: [...figureNames], default: 'spent' },
  fiscalYear: { type: 'integer', minimum: 1_000, maximum: 9_999 },
  initiative: code,
  authority: code,
  region: text,
  sector: text,
  source: { type: 'string', enum: [...sourceKinds] },
  occurredAfter: { type: 'string', format: 'date' },
};
