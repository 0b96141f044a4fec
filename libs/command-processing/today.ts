import type { Instant, IsoDate } from '../domain/vocabulary.js';

const minute = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const latest = new Map<string, { minute: number; date: IsoDate }>();

/** The calendar day of a moment (milliseconds since 1970) in an IANA time zone. Zones differ by whole minutes, so a day is looked up once a minute. */
export function dayIn(timeZone: string, milliseconds: number): IsoDate {
  const now = Math.floor(milliseconds / minute);
  const known = latest.get(timeZone);
  if (known?.minute === now) return known.date;
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  const date = format.format(milliseconds);
  latest.set(timeZone, { minute: now, date });
  return date;
}

/** The later of now and a programme's latest `recordedAt`, which never decreases whatever the clock does. */
export function recordedAfter(latestRecordedAt: Instant | undefined, milliseconds: number): Instant {
  const now = new Date(milliseconds).toISOString();
  return latestRecordedAt !== undefined && latestRecordedAt > now ? latestRecordedAt : now;
}
