import { fiscalYearOf } from '../../../domain/calendar.js';

/** The last month in which money is usually carried over from the year before. */
const lastMonthOfCarryOver = 3;

/** The first content of a form: today as the day, and this fiscal year; for a carry-over from January to March, the year before. */
export function usualFields(form: string, today: string): Readonly<Partial<Record<string, string>>> {
  const isEarly = Number(today.slice(5, 7)) <= lastMonthOfCarryOver;
  const year = fiscalYearOf(today) - (form === 'carry-over' && isEarly ? 1 : 0);
  return { occurredOn: today, fiscalYear: String(year) };
}
