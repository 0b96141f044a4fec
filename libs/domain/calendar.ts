import type { FiscalYear, IsoDate } from './vocabulary.js';

/** Whether a text is an existing day, written `2024-03-07`. */
export function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}

/** The fiscal year of a day in the programme's time zone: its calendar year. */
export function fiscalYearOf(date: IsoDate): FiscalYear {
  return Number(date.slice(0, 4));
}

const minute = 60_000;
const dayLength = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const latest = new Map<string, { minute: number; date: IsoDate }>();

/**
 * The calendar day of a moment (milliseconds since 1970) in an IANA time zone. Zones differ by whole minutes, so one lookup per minute is enough.
 * @throws {RangeError} this process does not know the time zone
 */
export function dayIn(timeZone: string, milliseconds: number): IsoDate {
  const now = Math.floor(milliseconds / minute);
  const known = latest.get(timeZone);
  if (known?.minute === now) return known.date;
  const parts = formatOf(timeZone).formatToParts(milliseconds);
  const part = (type: 'year' | 'month' | 'day') => parts.find((one) => one.type === type)?.value ?? '';
  const date = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
  latest.set(timeZone, { minute: now, date });
  return date;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const gregorian = { calendar: 'gregory', numberingSystem: 'latn', year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const format = new Intl.DateTimeFormat('en', { timeZone, ...gregorian });
  formats.set(timeZone, format);
  return format;
}

/** Whether this process knows a time zone by its IANA name. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The number of days from one day to another; negative if the second is earlier. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayLength);
}

/** The day some days after another; before it if `days` is negative. */
export function dayAfter(day: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
