/** Reads of requests: the commands that wait for a second person, and the outcomes of one's own. */
import { dayAfter, daysBetween } from '../../domain/calendar.js';
import type { Actor, IsoDate } from '../../domain/vocabulary.js';
import type { Conditions } from '../../read-models/ports.js';
import { contentOf } from '../collection.js';
import { totalOf, totalOn, type Total } from '../counts.js';
import { seesAll } from '../entries/filters.js';
import { todayIn } from '../initiatives/list.js';
import type { Listed, Paging, Source } from '../source.js';
import { programmes } from '../totals/collections.js';
import { recordedStatuses, requestKey, requests as documents, senderOf, type RequestBody, type RequestInternal } from './collection.js';

/** How a request stands on the day of reading. */
export const requestStatuses = [...recordedStatuses, 'expired'] as const;
export type RequestStatus = (typeof requestStatuses)[number];

/** A request as of the day of reading. Amounts are minor units as decimal strings. */
export type RequestView = Omit<RequestBody, 'status'> & {
  status: RequestStatus;
  /** Days from its submission to its end, to its last day, or to today. */
  waitedDays: number;
};

/** Which requests a list has; `mine` are those that the reader sent. */
export type RequestFilter = {
  readonly status?: RequestStatus;
  readonly mine?: boolean;
  readonly initiative?: string;
  readonly waitsFor?: RequestBody['waitsFor'];
};
/** `oldestFirst` gives the oldest first, not the newest. */
export type RequestListing = { filter: RequestFilter; paging: Paging; oldestFirst?: boolean };

/**
 * A page of a programme's requests, the newest first if nothing else is asked; `undefined` if there is no such programme.
 * @param now milliseconds since 1970 @throws {BadCursor}
 */
export async function requests(
  source: Source,
  programme: string,
  { filter, paging, oldestFirst = false }: RequestListing,
  reader: Actor,
  now: number,
): Promise<(Listed<RequestView> & Total) | undefined> {
  const generation = await source.generation();
  const known = await source.one(generation, programmes, programme);
  if (!known) return undefined;
  const today = todayIn(known.body, now);
  const conditions = { scope: programme, ...conditionsOf(filter, reader, today) };
  const question = JSON.stringify([filter, reader.organisation, reader.id, reader.role]);
  const query = { ...conditions, question, sort: 'position', descending: !oldestFirst, ...paging };
  const [page, total] = await Promise.all([source.models.find(generation, documents.name, query), totalOf(source, documents, conditions)]);
  const items = page.documents.map((document) => viewOf(contentOf(documents, document).body, today));
  return { items, ...(page.cursor !== undefined && { cursor: page.cursor }), ...totalOn(page, items.length, paging, total) };
}

/** One request; `undefined` if there is none that the reader may see. @param now milliseconds since 1970 */
export async function request(
  source: Source,
  programme: string,
  requestId: string,
  reader: Actor,
  now: number,
): Promise<RequestView | undefined> {
  const generation = await source.generation();
  const known = await source.one(generation, programmes, programme);
  const found = known && (await source.one(generation, documents, requestKey(programme, requestId)));
  return found && maySee(reader, found.internal) ? viewOf(found.body, todayIn(known.body, now)) : undefined;
}

/** Finance, auditors and admins see every request; a ministry sees those that it sent and those that wait for it. */
function maySee(reader: Actor, { seenBy }: RequestInternal): boolean {
  return seesEveryRequest(reader) || seenBy.includes(reader.organisation);
}
function seesEveryRequest({ role }: Actor): boolean {
  return role === 'finance' || seesAll.includes(role);
}

function conditionsOf({ status, mine, initiative, waitsFor }: RequestFilter, reader: Actor, today: IsoDate): Omit<Conditions, 'scope'> {
  return {
    equals: {
      ...(status !== undefined && { status: status === 'expired' ? 'waiting' : status }),
      ...(mine && { sender: senderOf(reader) }),
      ...(initiative !== undefined && { initiative }),
      ...(waitsFor !== undefined && { waitsFor }),
      ...(!seesEveryRequest(reader) && { seenBy: reader.organisation }),
    },
    within: {
      ...(status === 'waiting' && { expiresOn: { from: today } }),
      ...(status === 'expired' && { expiresOn: { to: dayAfter(today, -1) } }),
    },
  };
}

function viewOf({ status, ...body }: RequestBody, today: IsoDate): RequestView {
  const expired = status === 'waiting' && today > body.expiresOn;
  const until = body.ended?.on ?? (expired ? body.expiresOn : today);
  return { ...body, status: expired ? 'expired' : status, waitedDays: Math.max(0, daysBetween(body.submittedOn, until)) };
}
