import type { IsoDate } from '../../../libs/domain/vocabulary.js';

const day = 24 * 60 * 60 * 1000;

/** The day `days` days later. */
export function later(date: IsoDate, days: number): IsoDate {
  return new Date(Date.parse(date) + days * day).toISOString().slice(0, 10);
}

/** The day itself, or the Monday after a weekend: nobody enters anything on a Sunday. */
export function workingDay(date: IsoDate): IsoDate {
  const weekday = new Date(date).getUTCDay();
  return weekday === 6 ? later(date, 2) : weekday === 0 ? later(date, 1) : date;
}

/** The number of days from one day to another. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / day);
}

export function latest(...dates: readonly IsoDate[]): IsoDate {
  return dates.reduce((one, other) => (one > other ? one : other));
}
export function earliest(...dates: readonly IsoDate[]): IsoDate {
  return dates.reduce((one, other) => (one < other ? one : other));
}
