/** Calendar periods: months, quarters and years. */
import type { IsoDate } from '../../domain/vocabulary.js';

export const periodLengths = ['month', 'quarter', 'year'] as const;
export type PeriodLength = (typeof periodLengths)[number];
/** A period by its name, `2024-03`, `2024-Q1` or `2024`, with its first and last day. */
export type Period = { period: string; from: IsoDate; to: IsoDate };

const months: { readonly [L in PeriodLength]: number } = { month: 1, quarter: 3, year: 12 };

/** The number of a day's period. Periods that follow each other have numbers that follow each other. */
export function periodNumber(day: IsoDate, length: PeriodLength): number {
  const month = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
  return Math.floor(month / months[length]);
}

/** The period of a number. */
export function periodOf(number: number, length: PeriodLength): Period {
  const first = number * months[length];
  const last = first + months[length] - 1;
  const year = padded(Math.floor(first / 12), 4);
  const names = { month: `${year}-${monthOf(first)}`, quarter: `${year}-Q${(number % 4) + 1}`, year };
  return { period: names[length], from: `${year}-${monthOf(first)}-01`, to: `${year}-${monthOf(last)}-${daysIn(last)}` };
}

/** `month` counts from the beginning of the year 0. */
function monthOf(month: number): string {
  return padded((month % 12) + 1, 2);
}
function daysIn(month: number): number {
  const year = Math.floor(month / 12);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month % 12] ?? 31;
}
function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
