import { dayAfter } from '../calendar.js';
import type { IsoDate } from '../vocabulary.js';

/** A period of a target: a year, a quarter or a month. */
export const periodPattern = /^(?:19|[2-9]\d)\d{2}(?:-Q[1-4]|-(?:0[1-9]|1[0-2]))?$/;

/** The last day of a period: `2025` ends on 2025-12-31, `2025-Q2` on 2025-06-30, `2025-02` on 2025-02-28. */
export function endOfPeriod(period: string): IsoDate {
  const year = period.slice(0, 4);
  const part = period.slice(5);
  const month = part === '' ? 12 : part.startsWith('Q') ? Number(part.slice(1)) * 3 : Number(part);
  if (month === 12) return `${year}-12-31`;
  return dayAfter(`${year}-${String(month + 1).padStart(2, '0')}-01`, -1);
}
