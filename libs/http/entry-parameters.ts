/** The query parameters of lists of entries and notices. */
import { capabilities, eventTypes } from '../domain/capabilities.js';
import { isIsoDate } from '../domain/calendar.js';
import { codePattern, type IsoDate } from '../domain/vocabulary.js';
import type { EntryFilter } from '../projections/entries/filters.js';
import { entrySorts, type EntryListing } from '../projections/entries/reads.js';
import { noticeKinds, type NoticeKind } from '../projections/notices/kinds.js';
import type { Paging } from '../projections/source.js';
import { severalOf } from './routes.js';
import { malformed, momentIn, pagingNames, pagingOf, Parameters, sortOf } from './parameters.js';

/** Types of events, and of commands, which refusals have. */
export const entryTypes: readonly string[] = [...eventTypes, ...Object.keys(capabilities)];

const days = ['occurredAfter', 'occurredBy'] as const;
const moments = ['recordedAfter', 'recordedBy'] as const;
const filterNames = [
  'type',
  'initiative',
  'organisation',
  ...days,
  ...moments,
  'refused',
  'late',
  'amountAtLeast',
  'amountAtMost',
  'reference',
] as const;

/** The description of each parameter, for OpenAPI. */
export const entriesDescribed = {
  type: 'Only entries of one of these types of events or, for refusals, of commands.',
  initiative: 'Only entries of this initiative.',
  organisation:
    'Only what this organisation sent. A ministry may name only its own, and then sees its refusals too. Finance finds only what moves money by another.',
  occurredAfter: 'Only entries dated on or after this day, YYYY-MM-DD.',
  occurredBy: 'Only entries dated on or before this day, YYYY-MM-DD.',
  recordedAfter: 'Only entries recorded at or after this moment, such as 2024-03-09T05:12:44.120Z.',
  recordedBy: 'Only entries recorded at or before this moment.',
  refused: 'Only refused commands (`true`), or only events (`false`).',
  late: 'Only entries that were recorded on a later day than the one they are dated (`true`), or only others (`false`).',
  amountAtLeast: 'Only entries that moved, or would have moved, at least this amount, in minor units and without its sign.',
  amountAtMost: 'Only entries that moved, or would have moved, at most this amount.',
  reference: 'Only entries that name a paper with this id, such as the number of an invoice.',
  sort: 'A field, with a minus for descending; the newest position first if absent.',
} as const;

const amount = { type: 'string', pattern: '^\\d{1,19}$' } as const;
const moment = { type: 'string', format: 'date-time' } as const;
const day = { type: 'string', format: 'date' } as const;
/** The schemas of the parameters, for OpenAPI. */
export const entrySchemas = {
  type: severalOf(entryTypes),
  initiative: { type: 'string', pattern: codePattern.source },
  occurredAfter: day,
  occurredBy: day,
  recordedAfter: moment,
  recordedBy: moment,
  amountAtLeast: amount,
  amountAtMost: amount,
} as const;

/** A page of filtered entries in a sort order. */
export const entryPage = new Parameters(
  [...filterNames, 'sort', ...pagingNames],
  (first, all): EntryListing => ({
    filter: filterOf(first, all.type),
    sort: sortOf(first.sort ?? '-position', entrySorts),
    paging: pagingOf(first),
  }),
  ['type'],
);

type Texts = { [N in (typeof filterNames)[number]]?: string };

function filterOf(sent: Texts, types: readonly string[] | undefined): EntryFilter {
  for (const type of types ?? []) if (!entryTypes.includes(type)) throw malformed('type', `type must be one of ${entryTypes.join(', ')}`);
  const { initiative, organisation, refused, late, amountAtLeast, amountAtMost, reference } = sent;
  if (initiative !== undefined && !codePattern.test(initiative)) throw malformed('initiative', 'initiative must be a code');
  return {
    ...(types && { type: types }),
    ...(initiative !== undefined && { initiative }),
    ...(organisation !== undefined && { organisation }),
    ...(refused !== undefined && { refused: refused === 'true' }),
    ...(late !== undefined && { late: late === 'true' }),
    ...(reference !== undefined && { reference }),
    ...(amountAtLeast !== undefined && { amountAtLeast: amountIn('amountAtLeast', amountAtLeast) }),
    ...(amountAtMost !== undefined && { amountAtMost: amountIn('amountAtMost', amountAtMost) }),
    ...dayIn(sent, 'occurredAfter'),
    ...dayIn(sent, 'occurredBy'),
    ...(sent.recordedAfter !== undefined && { recordedAfter: momentIn(sent.recordedAfter, 'recordedAfter') }),
    ...(sent.recordedBy !== undefined && { recordedBy: momentIn(sent.recordedBy, 'recordedBy') }),
  };
}

function amountIn(name: string, text: string): string {
  if (!/^\d{1,19}$/.test(text)) throw malformed(name, `${name} must be an amount of minor units: at most 19 digits`);
  return text;
}
function dayIn(sent: Texts, name: (typeof days)[number]): { [N in (typeof days)[number]]?: IsoDate } {
  const text = sent[name];
  if (text === undefined) return {};
  if (!isIsoDate(text)) throw malformed(name, `${name} must be a day that exists, written YYYY-MM-DD`);
  return { [name]: text };
}

export type NoticePage = { kinds: readonly NoticeKind[] | undefined; paging: Paging };
/** A page of notices of some kinds. */
export const noticePage = new Parameters(
  ['kind', ...pagingNames],
  (first, { kind }): NoticePage => ({ kinds: kind?.map(noticeKindIn), paging: pagingOf(first) }),
  ['kind'],
);
function noticeKindIn(text: string): NoticeKind {
  const kind = noticeKinds.find((one) => one === text);
  if (kind === undefined) throw malformed('kind', `kind must be one of ${noticeKinds.join(', ')}`);
  return kind;
}
