import type { Instant } from '../domain/vocabulary.js';

/** The later of now and a programme's latest `recordedAt`, which never decreases whatever the clock does. */
export function recordedAfter(latestRecordedAt: Instant | undefined, milliseconds: number): Instant {
  const now = new Date(milliseconds).toISOString();
  return latestRecordedAt !== undefined && latestRecordedAt > now ? latestRecordedAt : now;
}
