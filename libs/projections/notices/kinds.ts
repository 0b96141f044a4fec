/** The kinds of notices, each with the conditions on an initiative's document that make it due. */
import { dayAfter } from '../../domain/calendar.js';
import type { Thresholds } from '../../domain/requests/approvals.js';
import type { IsoDate, Status } from '../../domain/vocabulary.js';
import type { Conditions } from '../../read-models/ports.js';

/** Days without a record after which an initiative is silent. */
export const silentDays = 90;

/** Notices of initiatives. */
export const initiativeNotices = ['absorption-reached', 'planned-end-passed', 'silent', 'registered-after-start'] as const;
export type InitiativeNotice = (typeof initiativeNotices)[number];
/** Notices of every kind; those of the programme's fiscal years come first. */
export const noticeKinds = ['appropriation-reached', ...initiativeNotices] as const;
export type NoticeKind = (typeof noticeKinds)[number];

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
  }
}
