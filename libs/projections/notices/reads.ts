/** Notices: what somebody should look at. They are derived from documents on each request and never recorded. */
import { dayAfter, dayIn, isTimeZone } from '../../domain/calendar.js';
import type { FiscalYear, IsoDate } from '../../domain/vocabulary.js';
import { BadCursor } from '../../read-models/ports.js';
import { contentOf } from '../collection.js';
import { firstToExpire, nextMilestone, nextResult } from '../delivery/initiative-delivery.js';
import { initiatives, type InitiativeInternal } from '../initiatives/collection.js';
import type { InitiativeView } from '../initiatives/initiative-view.js';
import { todayIn } from '../initiatives/list.js';
import type { Listed, Paging, Source } from '../source.js';
import { programmes, type ProgrammeInternal } from '../totals/collections.js';
import {
  conditionsOfNotice,
  initiativeNotices,
  noticeKinds,
  reportingDays,
  silentDays,
  type InitiativeNotice,
  type NoticeKind,
} from './kinds.js';
import { highestReached } from './steps.js';

/** One notice: its subject, since which day it is due, and the record that caused it. */
export type NoticeView = {
  programme: string;
  kind: NoticeKind;
  /** Of an initiative's notice. */
  initiative?: string;
  authority?: string;
  /** Of a fiscal year's notice. */
  fiscalYear?: FiscalYear;
  /** The threshold that was reached, in percent. */
  percent?: number;
  /** The milestone, indicator or assessment that it is about. */
  about?: string;
  since: IsoDate;
  /** The position of the record that caused it. */
  position: number;
};

/** A page of a programme's notices, kind after kind; `undefined` if there is no such programme. @param now milliseconds since 1970 @throws {BadCursor} */
export async function notices(
  source: Source,
  programme: string,
  kinds: readonly NoticeKind[] | undefined,
  { limit, cursor }: Paging,
  now: number,
): Promise<Listed<NoticeView> | undefined> {
  const generation = await source.generation();
  const known = await source.one(generation, programmes, programme);
  if (!known) return undefined;
  const { timeZone, thresholds } = known.body;
  const today = todayIn(known.body, now);
  const asked = noticeKinds.filter((kind) => kinds === undefined || kinds.includes(kind));
  const items: NoticeView[] = [];
  let at = cursor === undefined ? { kind: asked[0], page: undefined } : cursorIn(cursor, asked);
  for (const kind of asked.slice(asked.indexOf(at.kind ?? 'appropriation-reached'))) {
    if (kind === 'appropriation-reached') {
      items.push(...noticesOfYears(programme, known.internal, thresholds.funded));
      continue;
    }
    if (items.length >= limit) return { items, cursor: cursorAt(kind, undefined) };
    const page = at.kind === kind ? at.page : undefined;
    at = { kind: undefined, page: undefined };
    const found = await source.models.find(generation, initiatives.name, {
      scope: programme,
      question: kind,
      ...conditionsOfNotice(kind, today, thresholds),
      sort: 'initiative',
      limit: limit - items.length,
      ...(page !== undefined && { cursor: page }),
    });
    items.push(...found.documents.map((document) => noticeOf(kind, contentOf(initiatives, document), timeZone, thresholds.spent)));
    if (found.cursor !== undefined) return { items, cursor: cursorAt(kind, found.cursor) };
  }
  return { items };
}

/** The notices of a programme’s years that are still open. */
export function noticesOfYears(programme: string, { reached, totals }: ProgrammeInternal, thresholds: readonly number[]): NoticeView[] {
  return Object.entries(reached).flatMap(([year, steps]) => {
    const { closing } = totals.byYear?.[year] ?? {};
    if (closing?.on) return [];
    const highest = highestReached(steps, thresholds);
    if (!highest) return [];
    const { percent, cause } = highest;
    return [{ programme, kind: 'appropriation-reached', fiscalYear: Number(year), percent, since: cause.on, position: cause.position }];
  });
}

function noticeOf(
  kind: InitiativeNotice,
  { body, internal }: { body: InitiativeView; internal: InitiativeInternal },
  timeZone: string,
  thresholds: readonly number[],
): NoticeView {
  const { programme, initiative, authority } = body;
  return { programme, kind, initiative, authority, ...dueOf(kind, body, internal, timeZone, thresholds) };
}

function dueOf(
  kind: InitiativeNotice,
  { plannedEnd, position, proposedOn, lastRecordedAt, confidence }: InitiativeView,
  { noticed, kept }: InitiativeInternal,
  timeZone: string,
  thresholds: readonly number[],
): Pick<NoticeView, 'percent' | 'about' | 'since' | 'position'> {
  const proposal = { on: proposedOn, position };
  const atProposal = { since: proposedOn, position };
  switch (kind) {
    case 'absorption-reached': {
      const { percent = Math.min(...thresholds), cause = proposal } = highestReached(noticed.reached, thresholds) ?? {};
      return { percent, since: cause.on, position: cause.position };
    }
    case 'planned-end-passed':
      return { since: dayAfter(plannedEnd ?? proposedOn, 1), position: noticed.planned?.position ?? position };
    case 'silent':
      return { since: dayAfter(dayIn(isTimeZone(timeZone) ? timeZone : 'UTC', Date.parse(lastRecordedAt)), silentDays + 1), position };
    case 'registered-after-start': {
      const { on, position: at } = noticed.registeredAfterStart ?? proposal;
      return { since: on, position: at };
    }
    case 'milestone-overdue': {
      const late = kept && nextMilestone(kept.open);
      return late ? { about: late.milestoneId, since: dayAfter(late.dueOn, 1), position: late.position } : atProposal;
    }
    case 'result-missing': {
      const awaited = kept && nextResult(kept.awaited);
      if (!awaited) return atProposal;
      return { about: awaited.indicatorId, since: dayAfter(awaited.periodEnd, reportingDays + 1), position: awaited.position };
    }
    case 'assessment-expired': {
      const expired = confidence && firstToExpire(confidence);
      return expired ? { about: expired.assessmentId, since: dayAfter(expired.validUntil, 1), position: expired.position } : atProposal;
    }
    case 'spending-ahead': {
      const { on, position: at } = noticed.atRisk ?? proposal;
      return { since: on, position: at };
    }
  }
}

function cursorAt(kind: NoticeKind, page: string | undefined): string {
  return page === undefined ? kind : `${kind}.${page}`;
}
function cursorIn(cursor: string, asked: readonly NoticeKind[]): { kind: NoticeKind; page: string | undefined } {
  const [name, page] = cursor.split('.', 2);
  const kind = asked.find((one) => one === name);
  if (kind === undefined || !initiativeNotices.some((one) => one === kind))
    throw new BadCursor('the cursor is not one of an earlier answer to this query');
  return { kind, page };
}
