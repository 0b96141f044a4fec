/** The records that caused the notices of an initiative. */
import type { EventRecord } from '../../event-log/record.js';
import { effectsOf } from '../../domain/effects.js';
import type { IsoDate } from '../../domain/vocabulary.js';
import { thresholds } from './kinds.js';

/** The record that caused a notice: its position and day. */
export type Cause = { on: IsoDate; position: number };
export type Noticed = {
  /** By threshold in percent, the record by which the initiative reached it; absent once it is below it again. */
  reached: { [percent: string]: Cause };
  /** The record that set the planned end. */
  planned?: Cause;
  /** The proposal, if its planned start was before it. */
  registeredAfterStart?: Cause;
};
export const nothingNoticed: Noticed = { reached: {} };

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
  const due = thresholds.filter((percent) => absorption !== null && absorption * 100 >= percent);
  const known = Object.keys(before.reached);
  if (known.length === due.length && due.every((percent) => before.reached[percent])) return before;
  return { ...before, reached: Object.fromEntries(due.map((percent) => [percent, before.reached[percent] ?? cause])) };
}
