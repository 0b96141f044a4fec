import type { Decimal, IsoDate, Texts } from '../vocabulary.js';

/** What a milestone is of (OC4IDS milestone types). */
export const milestoneKinds = ['preProcurement', 'approval', 'engagement', 'assessment', 'delivery', 'reporting', 'financing'] as const;
export type MilestoneKind = (typeof milestoneKinds)[number];
/** How far a milestone was reached (OC4IDS milestone status). */
export const milestoneStatuses = ['met', 'partially-met', 'not-met'] as const;
export type MilestoneStatus = (typeof milestoneStatuses)[number];
/** Confidence that an initiative delivers on time and within its money (GMPP delivery confidence, three points). */
export const ratings = ['green', 'amber', 'red'] as const;
export type Rating = (typeof ratings)[number];

/** What an indicator is meant to reach by the end of a period. A period is a year `2025`, a quarter `2025-Q2`, or a month `2025-06`. */
export type Target = { readonly period: string; readonly value: Decimal };

/** The most of each in one initiative. */
export const mostMilestones = 200;
export const mostIndicators = 50;
/** The most targets of one indicator. */
export const mostTargets = 20;
/** The most forecasts and the most reports of one milestone, and the most corrections of one result. */
export const mostChanges = 20;

/** The data of every command about what an initiative delivers. */
export type DeliveryCommandData = {
  PlanMilestone: { milestoneId: string; title: Texts; dueOn: IsoDate; kind: MilestoneKind };
  ReforecastMilestone: { milestoneId: string; dueOn: IsoDate; reason: string };
  ReportMilestone: { milestoneId: string; status: MilestoneStatus; reason?: string };
  /** Physical progress in whole percent, 0 to 100. */
  ReportProgress: { percent: number; note: string };
  /** `validUntil` is the last day on which the assessment counts. */
  AssessConfidence: { assessmentId: string; rating: Rating; narrative: string; validUntil: IsoDate };
  DefineIndicator: { indicatorId: string; title: Texts; unit: string; baseline: Decimal; targets: readonly Target[] };
  /** `periodEnd` is the last day that the value is of. */
  ReportResult: { resultId: string; indicatorId: string; periodEnd: IsoDate; value: Decimal };
  CorrectResult: { resultId: string; value: Decimal; reason: string };
};
