import { isDeliveryEvent } from './delivery-event.js';
import type { DeliveryEvents } from './events.js';
import type { EventOf, InitiativeEvent } from '../events.js';
import { contentOf } from '../papers/references.js';
import type { Situation } from '../state.js';
import type { Deliverable, DeliveryCounts } from './state.js';

type DeliveryEvent = EventOf<keyof DeliveryEvents>;

/** The milestone, indicator, result or assessment that an event brings or changes; nothing for every other event. Never throws. */
export function deliveredBy(event: InitiativeEvent, origin: Situation['origin']): Pick<Situation, 'movement' | 'origin'> {
  if (!isDeliveryEvent(event)) return {};
  switch (event.type) {
    case 'MilestonePlanned':
      return {
        movement: { kind: 'milestone', id: event.data.milestoneId, ...kept(event), dueOn: event.data.dueOn, forecasts: 0, reports: 0 },
      };
    case 'MilestoneReforecast':
      if (origin?.kind !== 'milestone') return {};
      return { origin: { ...origin, dueOn: event.data.dueOn, forecasts: origin.forecasts + 1 } };
    case 'MilestoneReported': {
      if (origin?.kind !== 'milestone') return {};
      const { status, reason } = event.data;
      const reported = { status, ...(reason !== undefined && { reason }), on: event.occurredOn };
      return { origin: { ...origin, reports: origin.reports + 1, reported } };
    }
    case 'ConfidenceAssessed':
      return { movement: { kind: 'assessment', id: event.data.assessmentId, ...kept(event) } };
    case 'IndicatorDefined':
      return { movement: { kind: 'indicator', id: event.data.indicatorId, ...kept(event) } };
    case 'ResultReported': {
      const { resultId, indicatorId, value } = event.data;
      return { movement: { kind: 'result', id: resultId, ...kept(event), indicatorId, value, corrections: 0 } };
    }
    case 'ResultCorrected':
      if (origin?.kind !== 'result') return {};
      return { origin: { ...origin, value: event.data.value, corrections: origin.corrections + 1 } };
    case 'ProgressReported':
      return {};
  }
}

/** The counts after an event; the same if it adds no milestone and no indicator. */
export function countedAfter(before: DeliveryCounts | undefined, { type }: InitiativeEvent): DeliveryCounts | undefined {
  const { milestones, indicators } = before ?? { milestones: 0, indicators: 0 };
  if (type === 'MilestonePlanned') return { milestones: milestones + 1, indicators };
  if (type === 'IndicatorDefined') return { milestones, indicators: indicators + 1 };
  return before;
}

function kept(event: DeliveryEvent): Pick<Deliverable, 'programme' | 'initiative' | 'content' | 'occurredOn'> {
  const { programme, initiative, occurredOn } = event;
  return { programme, initiative, content: contentOf(event), occurredOn };
}
