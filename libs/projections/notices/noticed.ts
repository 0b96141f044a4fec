/** The records that caused the notices of an initiative. */
import type { EventRecord } from '../../event-log/record.js';
import { effectsOf } from '../../domain/effects.js';
import { percentOf, stepsAfter, type Cause, type Step } from './steps.js';

export type Noticed = {
  /** The records by which the share of its funding that is spent rose. */
  reached: Step[];
  /** The record that set the planned end. */
  planned?: Cause;
  /** The proposal, if its planned start was before it. */
  registeredAfterStart?: Cause;
};
export const nothingNoticed: Noticed = { reached: [] };

/** The causes after an event; the same object if nothing changed. `absorption` is the share of its funding that the initiative has spent by then. */
export function noticedAfter(before: Noticed, event: EventRecord, absorption: number | null): Noticed {
  const cause = { on: event.occurredOn, position: event.position };
  const { sums, terms } = effectsOf(event);
  let after = before;
  if (sums) after = withReached(after, absorption, cause);
  if (terms && 'plannedEnd' in terms) after = { ...after, planned: cause };
  if (event.type === 'InitiativeProposed') {
    const { plannedStart } = event.data;
    if (plannedStart !== undefined && plannedStart < event.occurredOn) after = { ...after, registeredAfterStart: cause };
  }
  return after;
}

function withReached(before: Noticed, absorption: number | null, cause: Cause): Noticed {
  const percent = percentOf(BigInt(Math.round((absorption ?? 0) * 10_000)), 10_000n);
  const reached = stepsAfter(before.reached, percent, cause);
  return reached === before.reached ? before : { ...before, reached: [...reached] };
}
