import { dayIn } from '../domain/calendar.js';
import type { Instant, IsoDate } from '../domain/vocabulary.js';

const twoDays = 2 * 86_400_000;

/** The last millisecond of a day in a time zone, as a moment in UTC. No zone is more than a day away from UTC, so binary search finds it. */
export function endOfDay(timeZone: string, day: IsoDate): Instant {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  let [within, after] = [midnight - twoDays, midnight + twoDays];
  while (after - within > 1) {
    const middle = Math.floor((within + after) / 2);
    if (dayIn(timeZone, middle) <= day) within = middle;
    else after = middle;
  }
  return new Date(within).toISOString();
}
