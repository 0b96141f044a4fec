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
