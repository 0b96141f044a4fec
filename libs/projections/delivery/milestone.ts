/** A milestone's document: its plan, every forecast and every report, and what follows from them. */
import { daysBetween } from '../../domain/calendar.js';
import { isDeliveryEvent } from '../../domain/delivery/delivery-event.js';
import type { MilestoneKind, MilestoneStatus } from '../../domain/delivery/commands.js';
import type { EventRecord } from '../../event-log/record.js';

/** A day by which a milestone was expected, since when, and the record that says so. The first is its plan, which has no reason. */
export type Forecast = { dueOn: string; on: string; position: number; reason?: string };
/** How far a milestone was reached, as reported on a day. */
export type MilestoneReport = { status: MilestoneStatus; on: string; position: number; reason?: string };

/** What is kept of a milestone. */
export type MilestoneContent = {
  programme: string;
  initiative: string;
  milestoneId: string;
  title: { [language: string]: string };
  kind: MilestoneKind;
  /** In the order of recording. */
  forecasts: [Forecast, ...Forecast[]];
  reports: MilestoneReport[];
};
export type MilestoneView = MilestoneContent & {
  /** `scheduled` until the first report. */
  status: 'scheduled' | MilestoneStatus;
  /** As last forecast. */
  dueOn: string;
  /** What stood at the first funding; of a milestone planned later, its plan. Absent before the first funding. */
  baseline?: { dueOn: string; position: number };
  /** The day on which the report says that it was met. */
  metOn?: string;
  reforecasts: number;
  /** Days from the baseline (or from the plan, before the first funding) to the day it was met or is now expected; negative if that is earlier. */
  driftDays: number;
};

/** A milestone after an event; `undefined` if the event is about another thing, or a milestone that is not there. Events come in the order of their positions. */
export function milestoneAfter(known: MilestoneContent | undefined, event: EventRecord): MilestoneContent | undefined {
  const { occurredOn: on, position } = event;
  if (!isDeliveryEvent(event)) return undefined;
  switch (event.type) {
    case 'MilestonePlanned': {
      const { programme, initiative, data } = event;
      const { milestoneId, title, kind, dueOn } = data;
      return { programme, initiative, milestoneId, title: { ...title }, kind, forecasts: [{ dueOn, on, position }], reports: [] };
    }
    case 'MilestoneReforecast': {
      const { dueOn, reason } = event.data;
      return known && { ...known, forecasts: [...known.forecasts, { dueOn, on, position, reason }] };
    }
    case 'MilestoneReported': {
      const { status, reason } = event.data;
      return known && { ...known, reports: [...known.reports, { status, on, position, ...(reason !== undefined && { reason }) }] };
    }
    case 'ProgressReported':
    case 'ConfidenceAssessed':
    case 'IndicatorDefined':
    case 'ResultReported':
    case 'ResultCorrected':
      return undefined;
  }
}

/** @param firstFundedAt the position of the initiative's first funding; `undefined` before it */
export function milestoneView(content: MilestoneContent, firstFundedAt: number | undefined): MilestoneView {
  const { forecasts, reports } = content;
  const [plan] = forecasts;
  const { dueOn } = forecasts.at(-1) ?? plan;
  const report = reports.at(-1);
  const metOn = report?.status === 'met' ? report.on : undefined;
  const stood = firstFundedAt === undefined ? undefined : (forecasts.findLast(({ position }) => position < firstFundedAt) ?? plan);
  return {
    ...content,
    status: report?.status ?? 'scheduled',
    dueOn,
    ...(stood && { baseline: { dueOn: stood.dueOn, position: stood.position } }),
    ...(metOn !== undefined && { metOn }),
    reforecasts: forecasts.length - 1,
    driftDays: daysBetween((stood ?? plan).dueOn, metOn ?? dueOn),
  };
}

/** In the order in which they are expected. */
export function inOrderOfDays(one: MilestoneView, other: MilestoneView): number {
  return compareTexts(one.dueOn, other.dueOn) || compareTexts(one.milestoneId, other.milestoneId);
}
function compareTexts(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
