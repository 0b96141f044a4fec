/** What an initiative's document says of its delivery. */
import { isDeliveryEvent } from '../../domain/delivery/delivery-event.js';
import { endOfPeriod } from '../../domain/delivery/periods.js';
import type { Rating } from '../../domain/delivery/commands.js';
import { partyOf } from '../../domain/separation-of-duties.js';
import type { Role } from '../../domain/vocabulary.js';
import type { EventRecord } from '../../event-log/record.js';

/** Percentage points by which spending may be ahead of physical progress before that is noticed. */
export const aheadPoints = 10;

/** Physical progress as last reported. */
export type ProgressView = { percent: number; on: string; note: string; position: number };
/** An assessment of confidence, and who made it. */
export type AssessmentView = {
  assessmentId: string;
  rating: Rating;
  narrative: string;
  on: string;
  /** The last day on which it counts. */
  validUntil: string;
  /** The assessor's, or the one that the assessor acted for. */
  organisation: string;
  role: Role;
  position: number;
};
export type DeliveryView = {
  progress?: ProgressView;
  /** Percentage points by which the share of funding that is spent is beyond the physical progress; negative if it is below. Absent before the first report. */
  spendingAhead?: number;
  /** The latest assessment by the authority itself, and by any other organisation. */
  confidence?: { own?: AssessmentView; independent?: AssessmentView };
  /** How many are planned and met, how often one was forecast again, and the next day by which one is expected that is not met. */
  milestones?: { planned: number; met: number; reforecasts: number; next?: string };
  indicators?: { defined: number; results: number };
};

/** A milestone that is not met: its forecast, and the record that says so. */
type OpenMilestone = { dueOn: string; position: number };
/** The periods of an indicator's targets without a result, by their last days in order, and the record that defined it. */
type AwaitedResults = { periodEnds: string[]; position: number };
/** What the fold keeps beside the document; absent while there is nothing to keep. */
export type DeliveryKept = {
  open: { [milestoneId: string]: OpenMilestone };
  awaited: { [indicatorId: string]: AwaitedResults };
};
const nothingKept: DeliveryKept = { open: {}, awaited: {} };

export type DeliveryFold = { view: DeliveryView; kept?: DeliveryKept };

/**
 * What an event changes of the delivery, and what is kept after it. Events come in the order of their positions.
 * @param absorption the share of its funding that the initiative has spent by then
 */
export function deliveryAfter({ view, kept }: DeliveryFold, event: EventRecord, absorption: number | null): DeliveryFold {
  const { view: said = {}, kept: keeps = kept } = saidBy({ view, kept: kept ?? nothingKept }, event);
  const progress = said.progress ?? view.progress;
  // Zero is added so that no difference is -0, which JSON does not know.
  const spendingAhead = progress && Math.round((absorption ?? 0) * 100 - progress.percent) + 0;
  return { view: spendingAhead === undefined ? said : { ...said, spendingAhead }, ...(keeps && { kept: keeps }) };
}

function saidBy({ view, kept }: Required<DeliveryFold>, event: EventRecord): Partial<DeliveryFold> {
  const { occurredOn: on, position } = event;
  if (!isDeliveryEvent(event)) return {};
  switch (event.type) {
    case 'ProgressReported':
      return { view: { progress: { ...event.data, on, position } } };
    case 'ConfidenceAssessed': {
      const { organisation, role } = partyOf(event.actor);
      const assessment: AssessmentView = { ...event.data, on, organisation, role, position };
      const kind = organisation === event.context.authority ? 'own' : 'independent';
      return { view: { confidence: { ...view.confidence, [kind]: assessment } } };
    }
    case 'MilestonePlanned':
      return opened({ view, kept }, event.data.milestoneId, { dueOn: event.data.dueOn, position }, { planned: 1 });
    case 'MilestoneReforecast':
      return opened({ view, kept }, event.data.milestoneId, { dueOn: event.data.dueOn, position }, { reforecasts: 1 });
    case 'MilestoneReported': {
      const { milestoneId, status } = event.data;
      const known = ownIn(kept.open, milestoneId);
      if (status === 'met') return known ? opened({ view, kept }, milestoneId, undefined, { met: 1 }) : {};
      return known ? {} : opened({ view, kept }, milestoneId, { dueOn: event.context.dueOn, position }, { met: -1 });
    }
    case 'IndicatorDefined': {
      const { indicatorId, targets } = event.data;
      const periodEnds = targets.map(({ period }) => endOfPeriod(period)).sort();
      const { defined, results } = view.indicators ?? noIndicators;
      return {
        view: { indicators: { defined: defined + 1, results } },
        kept: { ...kept, awaited: { ...kept.awaited, [indicatorId]: { periodEnds, position } } },
      };
    }
    case 'ResultReported': {
      const { indicatorId, periodEnd } = event.data;
      const { defined, results } = view.indicators ?? noIndicators;
      return { view: { indicators: { defined, results: results + 1 } }, kept: withoutPeriod(kept, indicatorId, periodEnd) };
    }
    case 'ResultCorrected':
      return {};
  }
}

const noMilestones = { planned: 0, met: 0, reforecasts: 0 };
const noIndicators = { defined: 0, results: 0 };

/** A milestone that is open from now on, or no longer, with what that adds to the counts. */
function opened(
  { view, kept }: Required<DeliveryFold>,
  id: string,
  milestone: OpenMilestone | undefined,
  added: Partial<typeof noMilestones>,
): Required<DeliveryFold> {
  const { [id]: _, ...others } = kept.open;
  const open = milestone ? { ...others, [id]: milestone } : others;
  const { planned, met, reforecasts } = view.milestones ?? noMilestones;
  const next = nextMilestone(open)?.dueOn;
  return {
    view: {
      milestones: {
        planned: planned + (added.planned ?? 0),
        met: met + (added.met ?? 0),
        reforecasts: reforecasts + (added.reforecasts ?? 0),
        ...(next !== undefined && { next }),
      },
    },
    kept: { ...kept, open },
  };
}

function withoutPeriod(kept: DeliveryKept, indicatorId: string, periodEnd: string): DeliveryKept {
  const known = ownIn(kept.awaited, indicatorId);
  if (!known?.periodEnds.includes(periodEnd)) return kept;
  const { [indicatorId]: _, ...others } = kept.awaited;
  const periodEnds = known.periodEnds.filter((one) => one !== periodEnd);
  return { ...kept, awaited: periodEnds.length === 0 ? others : { ...others, [indicatorId]: { ...known, periodEnds } } };
}

/** What is kept under an id. An id may be the name of something that every object inherits, such as `constructor`. */
function ownIn<T>(kept: { [id: string]: T }, id: string): T | undefined {
  return Object.hasOwn(kept, id) ? kept[id] : undefined;
}

/** The open milestone that is expected first. */
export function nextMilestone(open: DeliveryKept['open']): (OpenMilestone & { milestoneId: string }) | undefined {
  return first(
    Object.entries(open).map(([milestoneId, one]) => ({ ...one, milestoneId })),
    ({ dueOn }) => dueOn,
  );
}

/** The period without a result that ended first. */
export function nextResult(awaited: DeliveryKept['awaited']): { indicatorId: string; periodEnd: string; position: number } | undefined {
  const periods = Object.entries(awaited).flatMap(
    ([
      indicatorId,
      {
        periodEnds: [periodEnd],
        position,
      },
    ]) => (periodEnd === undefined ? [] : [{ indicatorId, periodEnd, position }]),
  );
  return first(periods, ({ periodEnd }) => periodEnd);
}

/** The days by which notices are found: of the next milestone, and of the first period without a result. */
export function expectedDays({ open, awaited }: DeliveryKept): { milestoneDue?: string; resultDue?: string } {
  const [milestone, result] = [nextMilestone(open), nextResult(awaited)];
  return { ...(milestone && { milestoneDue: milestone.dueOn }), ...(result && { resultDue: result.periodEnd }) };
}

/** The assessment that expires first, of the latest of each kind. */
export function firstToExpire({ own, independent }: NonNullable<DeliveryView['confidence']>): AssessmentView | undefined {
  return first(
    [own, independent].filter((one) => one !== undefined),
    ({ validUntil }) => validUntil,
  );
}
export function assessedUntil(confidence: NonNullable<DeliveryView['confidence']>): string {
  return firstToExpire(confidence)?.validUntil ?? '';
}

/** Whether one of the latest assessments is red or amber while spending is ahead of progress. */
export function isAtRisk({ confidence, spendingAhead = 0 }: DeliveryView): boolean {
  const ratings = [confidence?.own?.rating, confidence?.independent?.rating];
  return spendingAhead > aheadPoints && (ratings.includes('red') || ratings.includes('amber'));
}

/** The item with the first day; of several, that of the first record. */
function first<T extends { position: number }>(items: readonly T[], dayOf: (item: T) => string): T | undefined {
  const [one] = [...items].sort((a, b) => (dayOf(a) === dayOf(b) ? a.position - b.position : dayOf(a) < dayOf(b) ? -1 : 1));
  return one;
}
