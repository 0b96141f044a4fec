/** Reads a day as people and spreadsheets write it, or says what is wrong with it. */
import { isIsoDate } from '../domain/calendar.js';
import type { IsoDate } from '../domain/vocabulary.js';
import type { Wrong } from './fault.js';
import type { Cell } from './table.js';

const dayLength = 86_400_000;
/** Excel counts from 1 January 1900 and takes that year for a leap year; from 1 March 1900 on its numbers are the days since this one. */
const firstDay = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) } as const;
const marchOf1900 = 61;
const example = '2024-03-07';

/** A day: a cell that the spreadsheet has as a date, its serial number, `2024-03-07` with or without a time, or `07.03.2024`. */
export function readDay(cell: Cell, daysFrom1904: boolean): { value: IsoDate } | Wrong {
  const wrong = (code: Wrong['code'], right = example) => ({ code, found: cell.text, right });
  if (cell.kind === 'date') return isIsoDate(cell.text) ? { value: cell.text } : wrong('no-such-day');
  if (cell.kind === 'number') {
    const day = dayOfSerial(cell.text, daysFrom1904);
    return day === undefined ? wrong('no-date') : { value: day };
  }
  const text = cell.text.trim();
  // A time with an offset may be of another day in the programme's time zone, except for midnight, which stands for the day alone.
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?|T00:00(?::00(?:\.0+)?)?Z)?$/.exec(text)?.[1];
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?$/.exec(text);
  const day = iso ?? (dotted && inOrder(dotted[3], dotted[2], dotted[1]));
  if (day) return isIsoDate(day) ? { value: day } : wrong('no-such-day');
  const slashed = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(text);
  if (!slashed) return wrong('no-date');
  const [, one, other, year] = slashed;
  const days = [inOrder(year, other, one), inOrder(year, one, other)].filter(isIsoDate);
  return wrong(days.length === 0 ? 'no-date' : 'ambiguous-date', [...new Set(days)].join(', ') || example);
}

function inOrder(year = '', month = '', day = ''): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** The day of a serial number, whose fraction is the time of day; `undefined` if it is none from March 1900 to the year 9999. */
function dayOfSerial(text: string, daysFrom1904: boolean): IsoDate | undefined {
  const serial = Math.floor(Number(text));
  if (serial < (daysFrom1904 ? 0 : marchOf1900)) return undefined;
  const moment = new Date(firstDay[daysFrom1904 ? 1904 : 1900] + serial * dayLength);
  const day = Number.isNaN(moment.getTime()) ? '' : moment.toISOString().slice(0, 10);
  return isIsoDate(day) ? day : undefined;
}
