import type { Instant } from '../domain/vocabulary.js';

let latest: { milliseconds: number; instant: Instant } = { milliseconds: 0, instant: new Date(0).toISOString() };

/** The later of now and a programme's latest `recordedAt`, which never decreases whatever the clock does. */
export function recordedAfter(latestRecordedAt: Instant | undefined, milliseconds: number): Instant {
  // Many commands are decided in one millisecond.
  if (latest.milliseconds !== milliseconds) latest = { milliseconds, instant: new Date(milliseconds).toISOString() };
  return latestRecordedAt !== undefined && latestRecordedAt > latest.instant ? latestRecordedAt : latest.instant;
}
