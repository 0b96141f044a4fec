import type { Instant } from '../domain/vocabulary.js';

/** How far a programme's latest record may be ahead of the clock, in milliseconds: more than the clocks of one site differ by. */
export const clockTolerance = 5 * 60_000;

/** The clock for deciding commands. */
export type Clock = {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Records up to this moment are accepted although they are ahead of the clock: the operators know that the clock was wrong when they were made. */
  readonly acceptedUpTo?: Instant | undefined;
};

let latest: { milliseconds: number; instant: Instant } = { milliseconds: 0, instant: new Date(0).toISOString() };

/** The later of now and a programme's latest `recordedAt`: it never decreases, whatever the clock does. */
export function recordedAfter(latestRecordedAt: Instant | undefined, { now }: Clock): Instant {
  const instant = instantOf(now);
  return latestRecordedAt !== undefined && latestRecordedAt > instant ? latestRecordedAt : instant;
}

/** Whether the clock is wrong now, or was when a programme's latest record was made. Until an operator has checked, nothing may be decided by it. */
export function isBehind({ now, acceptedUpTo }: Clock, latestRecordedAt: Instant): boolean {
  if (acceptedUpTo !== undefined && latestRecordedAt <= acceptedUpTo) return false;
  return latestRecordedAt > instantOf(now) && Date.parse(latestRecordedAt) - now > clockTolerance;
}

/** Keeps the text of the last millisecond, because many commands are decided in one. */
function instantOf(now: number): Instant {
  if (latest.milliseconds !== now) latest = { milliseconds: now, instant: new Date(now).toISOString() };
  return latest.instant;
}
