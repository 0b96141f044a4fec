import type { FiscalYear, IsoDate } from './vocabulary.js';

/** Whether a text is a day that exists, written `2024-03-07`. */
export function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}

/** The fiscal year a day belongs to: its calendar year, the day being one in the programme's time zone. */
export function fiscalYearOf(date: IsoDate): FiscalYear {
  return Number(date.slice(0, 4));
}

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
