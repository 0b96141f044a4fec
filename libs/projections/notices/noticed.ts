/** The records that caused the notices of an initiative. */
import type { EventRecord } from '../../event-log/record.js';
import { effectsOf } from '../../domain/effects.js';
import { percentOf, stepsAfter, type Cause, type Step } from './steps.js';
import { isAtRisk, type DeliveryView } from '../delivery/initiative-delivery.js';
import type { InitiativeView } from '../initiatives/initiative-view.js';

export type Noticed = {
  /** The records by which the share of its funding that is spent rose. */
  reached: Step[];
  /** The record that set the planned end. */
  planned?: Cause;
  /** The proposal, if its planned start was before it. */
  registeredAfterStart?: Cause;
  /** The record since which it is red or amber while spending is ahead of progress. */
  atRisk?: Cause;
};
export const nothingNoticed: Noticed = { reached: [] };

/** The causes after an event; the same object if nothing changed. `view` is the initiative with the event. */
export function noticedAfter(before: Noticed, event: EventRecord, view: Pick<InitiativeView, 'absorption'> & DeliveryView): Noticed {
  const cause = { on: event.occurredOn, position: event.position };
  const { sums, terms } = effectsOf(event);
  let after = before;
  if (sums) after = withReached(after, view.absorption, cause);
  if (terms && 'plannedEnd' in terms) after = { ...after, planned: cause };
  if (event.type === 'InitiativeProposed') {
    const { plannedStart } = event.data;
    if (plannedStart !== undefined && plannedStart < event.occurredOn) after = { ...after, registeredAfterStart: cause };
  }
  return withRisk(after, isAtRisk(view), cause);
}

function withRisk(before: Noticed, isAtRiskNow: boolean, cause: Cause): Noticed {
  if (isAtRiskNow === (before.atRisk !== undefined)) return before;
  const { atRisk: _, ...others } = before;
  return isAtRiskNow ? { ...others, atRisk: cause } : others;
}

function withReached(before: Noticed, absorption: number | null, cause: Cause): Noticed {
  const percent = percentOf(BigInt(Math.round((absorption ?? 0) * 10_000)), 10_000n);
  const reached = stepsAfter(before.reached, percent, cause);
  return reached === before.reached ? before : { ...before, reached: [...reached] };
}
