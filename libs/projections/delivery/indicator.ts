/** The documents of an indicator and of a result. Values are decimal texts in the indicator's unit. */
import { isDeliveryEvent } from '../../domain/delivery/delivery-event.js';
import { endOfPeriod } from '../../domain/delivery/periods.js';
import type { EventRecord } from '../../event-log/record.js';

/** A value that was reported, as last corrected. */
export type ReportedValue = { resultId: string; periodEnd: string; value: string };
/** What an indicator is meant to reach by the end of a period, and the result of that period if there is one. */
export type TargetView = { period: string; periodEnd: string; value: string; result?: ReportedValue };
export type IndicatorView = {
  programme: string;
  initiative: string;
  indicatorId: string;
  title: { [language: string]: string };
  unit: string;
  baseline: string;
  targets: TargetView[];
  /** The result of the latest period. */
  latest?: ReportedValue;
  /** The number of its results. */
  results: number;
  definedOn: string;
  /** Of the record that defined it. */
  position: number;
};

/** A correction of a result: the value before and after it, and why. */
export type Correction = { from: string; to: string; reason: string; on: string; position: number };
export type ResultView = ReportedValue & {
  programme: string;
  initiative: string;
  indicatorId: string;
  /** As first reported. */
  reported: string;
  reportedOn: string;
  /** Of the record that reported it. */
  position: number;
  /** In the order of recording. */
  corrections: Correction[];
};

/** An indicator after an event; `undefined` if the event is about another thing, or an indicator that is not there. Events come in the order of their positions. */
export function indicatorAfter(known: IndicatorView | undefined, event: EventRecord): IndicatorView | undefined {
  if (!isDeliveryEvent(event)) return undefined;
  switch (event.type) {
    case 'IndicatorDefined': {
      const { programme, initiative, data, occurredOn, position } = event;
      const { indicatorId, title, unit, baseline, targets } = data;
      return {
        programme,
        initiative,
        indicatorId,
        title: { ...title },
        unit,
        baseline,
        targets: targets.map(({ period, value }) => ({ period, periodEnd: endOfPeriod(period), value })),
        results: 0,
        definedOn: occurredOn,
        position,
      };
    }
    case 'ResultReported': {
      const { resultId, periodEnd, value } = event.data;
      const reported = { resultId, periodEnd, value };
      return (
        known && {
          ...known,
          targets: known.targets.map((target) => (target.periodEnd === periodEnd ? { ...target, result: reported } : target)),
          ...(!(known.latest && known.latest.periodEnd > periodEnd) && { latest: reported }),
          results: known.results + 1,
        }
      );
    }
    case 'ResultCorrected': {
      const { resultId, value } = event.data;
      const corrected = <T extends { result?: ReportedValue }>(of: T): T =>
        of.result?.resultId === resultId ? { ...of, result: { ...of.result, value } } : of;
      if (!known) return undefined;
      const { latest } = known;
      return {
        ...known,
        targets: known.targets.map(corrected),
        ...(latest?.resultId === resultId && { latest: { ...latest, value } }),
      };
    }
    case 'MilestonePlanned':
    case 'MilestoneReforecast':
    case 'MilestoneReported':
    case 'ProgressReported':
    case 'ConfidenceAssessed':
      return undefined;
  }
}

/** A result after an event, in the same way. */
export function resultAfter(known: ResultView | undefined, event: EventRecord): ResultView | undefined {
  const { occurredOn: on, position } = event;
  if (!isDeliveryEvent(event)) return undefined;
  switch (event.type) {
    case 'ResultReported': {
      const { programme, initiative, data } = event;
      const { resultId, indicatorId, periodEnd, value } = data;
      const of = { programme, initiative, resultId, indicatorId, periodEnd };
      return { ...of, value, reported: value, reportedOn: on, position, corrections: [] };
    }
    case 'ResultCorrected': {
      const { value: to, reason } = event.data;
      const { valueBefore: from } = event.context;
      return known && { ...known, value: to, corrections: [...known.corrections, { from, to, reason, on, position }] };
    }
    case 'MilestonePlanned':
    case 'MilestoneReforecast':
    case 'MilestoneReported':
    case 'ProgressReported':
    case 'ConfidenceAssessed':
    case 'IndicatorDefined':
      return undefined;
  }
}
