/** The kinds of notices, each with the conditions on an initiative's document that make it due. */
import { dayAfter } from '../../domain/calendar.js';
import type { Thresholds } from '../../domain/requests/approvals.js';
import type { IsoDate, Status } from '../../domain/vocabulary.js';
import type { Conditions } from '../../read-models/ports.js';

/** Days after the end of a target's period in which its result is expected. */
export const reportingDays = 30;
/** Days without a record after which an initiative is silent. */
export const silentDays = 90;

/** Notices of initiatives. */
export const initiativeNotices = [
  'absorption-reached',
  'planned-end-passed',
  'silent',
  'registered-after-start',
  'milestone-overdue',
  'result-missing',
  'assessment-expired',
  'spending-ahead',
] as const;
export type InitiativeNotice = (typeof initiativeNotices)[number];
/** Notices of every kind; those of the programme's fiscal years come first. */
export const noticeKinds = ['appropriation-reached', ...initiativeNotices] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** Benefits come late, so results are expected after the end too, unless it was cancelled. */
const notCancelled: readonly Status[] = ['proposed', 'funded', 'spending', 'finalizing', 'finalized'];
/** Statuses before an end. */
const underWay: readonly Status[] = ['proposed', 'funded', 'spending', 'finalizing'];

/** The conditions under which initiatives have a notice on a day; `spent` are the programme's thresholds of funding spent, in percent. */
export function conditionsOfNotice(
  notice: InitiativeNotice,
  today: IsoDate,
  { spent }: Pick<Thresholds, 'spent'>,
): Pick<Conditions, 'equals' | 'within'> {
  switch (notice) {
    case 'absorption-reached':
      return { equals: { status: underWay }, within: { absorption: { from: Math.min(...spent) / 100 } } };
    case 'planned-end-passed':
      return { equals: { status: underWay }, within: { plannedEnd: { to: dayAfter(today, -1) } } };
    case 'silent':
      return { equals: { status: underWay }, within: { lastRecordedAt: { to: dayAfter(today, -silentDays) } } };
    case 'registered-after-start':
      return { equals: { registeredAfterStart: true } };
    case 'milestone-overdue':
      return { equals: { status: underWay }, within: { milestoneDue: { to: dayAfter(today, -1) } } };
    case 'result-missing':
      return { equals: { status: notCancelled }, within: { resultDue: { to: dayAfter(today, -reportingDays - 1) } } };
    case 'assessment-expired':
      return { equals: { status: underWay }, within: { assessedUntil: { to: dayAfter(today, -1) } } };
    case 'spending-ahead':
      return { equals: { status: underWay, atRisk: true } };
  }
}
