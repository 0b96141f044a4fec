import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimalCell } from './number-cell.js';
import { readDay } from './read-day.js';

const read = (text: string) => readDay({ kind: 'text', text }, false);

describe('a day in a cell', () => {
  it.each([
    ['2024-03-07', '2024-03-07'],
    ['2024-03-07T14:30:00', '2024-03-07'],
    ['2024-03-07 14:30', '2024-03-07'],
    ['2024-03-07T00:00:00.000Z', '2024-03-07'],
    ['07.03.2024', '2024-03-07'],
    ['7.3.2024', '2024-03-07'],
    ['29.02.2024 10:00:00', '2024-02-29'],
  ])('%s is %s', (text, value) => {
    expect(read(text)).toEqual({ value });
  });
  it.each([
    ['31.02.2024', 'no-such-day', '2024-03-07'],
    ['2023-02-29', 'no-such-day', '2024-03-07'],
    ['07.13.2024', 'no-such-day', '2024-03-07'],
    ['03/07/2024', 'ambiguous-date', '2024-07-03, 2024-03-07'],
    ['25/07/2024', 'ambiguous-date', '2024-07-25'],
    ['40/40/2024', 'no-date', '2024-03-07'],
    ['07.03.24', 'no-date', '2024-03-07'],
    ['March', 'no-date', '2024-03-07'],
    ['45358', 'no-date', '2024-03-07'],
    ['2024-03-06T19:00:00Z', 'no-date', '2024-03-07'],
    ['2024-03-07T02:00:00+06:00', 'no-date', '2024-03-07'],
  ])('%s is refused as %s; %s would be right', (found, code, right) => {
    expect(read(found)).toEqual({ code, found, right });
  });

  it.each([
    [45_358, false, '2024-03-07'],
    [45_358.75, false, '2024-03-07'],
    [61, false, '1900-03-01'],
    [43_896, true, '2024-03-07'],
    [2_958_465, false, '9999-12-31'],
  ])('the serial number %d (from 1904: %s) is %s', (serial, from1904, value) => {
    expect(readDay(decimalCell(serial), from1904)).toEqual({ value });
  });
  it.each([60, 1, 0, -3, 2_958_466, 1e300])(
    'the number %d is no day: Excel’s first leap year did not exist, and its last year is 9999',
    (serial) => {
      expect(readDay(decimalCell(serial), false)).toMatchObject({ code: 'no-date' });
    },
  );

  it('is the same as a date, as its serial number, as ISO text and with points', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1900-03-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (moment) => {
        const value = moment.toISOString().slice(0, 10);
        const serial = Math.floor(moment.getTime() / 86_400_000) + 25_569;
        const [year = '', month = '', day = ''] = value.split('-');
        expect(readDay({ kind: 'date', text: value }, false)).toEqual({ value });
        expect(readDay(decimalCell(serial), false)).toEqual({ value });
        expect(read(value)).toEqual({ value });
        expect(read(`${day}.${month}.${year}`)).toEqual({ value });
      }),
    );
  });
});
