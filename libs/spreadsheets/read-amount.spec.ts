import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimalText } from '../currencies/decimal-text.js';
import { largestAmount } from '../domain/vocabulary.js';
import { decimalCell } from './number-cell.js';
import { readAmount } from './read-amount.js';

const read = (text: string, digits = 2) => readAmount({ kind: 'text', text }, digits);
const inGroups = (whole: string, by: string) => whole.replace(/\B(?=(\d{3})+$)/g, by);

describe('an amount in a cell of text', () => {
  it.each([
    ['1234.50', 123_450n],
    ['1234,50', 123_450n],
    ['1234.5', 123_450n],
    ['1234', 123_400n],
    ['0,05', 5n],
    ['1 234,50', 123_450n],
    ['1\u00a0234\u00a0567,89', 123_456_789n],
    ['1\u202f234.50', 123_450n],
    ['1’234.50', 123_450n],
    ['1,234.50', 123_450n],
    ['1.234,50', 123_450n],
    ['1,234,567', 123_456_700n],
    ['1.234.567', 123_456_700n],
    ['1234.5000', 123_450n],
    ['007.10', 710n],
  ])('%j is read as %d of two decimals', (text, value) => {
    expect(read(text)).toEqual({ value });
  });
  it.each([
    ['1,234', 'ambiguous-amount', '1234.00'],
    ['1.234', 'ambiguous-amount', '1234.00'],
    ['999,000', 'ambiguous-amount', '999000.00'],
    ['1.234,5x', 'no-amount', '1234.50'],
    ['1234.50 KGS', 'no-amount', '1234.50'],
    ['12 34', 'no-amount', '1234.50'],
    ['1,23,456', 'no-amount', '1234.50'],
    ['1.2.3', 'no-amount', '1234.50'],
    ['1e6', 'no-amount', '1234.50'],
    ['KGS 1 000', 'no-amount', '1000.00'],
    ['5 сом', 'no-amount', '5.00'],
    ['many', 'no-amount', '1234.50'],
    ['12.345', 'ambiguous-amount', '12345.00'],
    ['1 234.567', 'too-many-decimals', '1234.57'],
    ['0.001', 'too-many-decimals', '0.01'],
    ['-5', 'signed-amount', '5.00'],
    ['−1 234,5', 'signed-amount', '1234.50'],
    ['(5)', 'signed-amount', '5.00'],
    ['0', 'zero-amount', 'an amount above zero, such as 1234.50'],
    ['10000000000000000', 'amount-too-large', 'an amount up to 9999999999999999.99'],
  ])('%j is refused as %s; %s would be right', (found, code, right) => {
    expect(read(found)).toEqual({ code, found, right });
  });

  it('has three decimals after a point if the currency has three; after a comma it can be read in two ways', () => {
    expect(read('1.234', 3)).toEqual({ value: 1_234n });
    expect(read('1234,567', 3)).toEqual({ value: 1_234_567n });
    expect(read('1,234', 3)).toEqual({ code: 'ambiguous-amount', found: '1,234', right: '1234.000, 1.234' });
  });
  it('has no decimals if the currency has none', () => {
    expect(read('12 000', 0)).toEqual({ value: 12_000n });
    expect(read('12000.00', 0)).toEqual({ value: 12_000n });
    expect(read('12.5', 0)).toEqual({ code: 'too-many-decimals', found: '12.5', right: '13' });
    expect(read('1,234', 0)).toEqual({ code: 'ambiguous-amount', found: '1,234', right: '1234' });
  });

  it('is read exactly in every grouping, with a point or a comma', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: largestAmount }),
        fc.constantFrom(0, 2, 3, 4),
        fc.constantFrom('', ' ', '\u00a0', '\u202f'),
        fc.constantFrom('.', ','),
        (value, digits, groups, point) => {
          const [whole = '', fraction] = decimalText(String(value), digits).split('.');
          // A comma before three digits is the one form that may be two amounts.
          fc.pre(!(digits === 3 && point === ',' && /^[1-9]\d{0,2}$/.test(whole)));
          expect(read(inGroups(whole, groups) + (fraction === undefined ? '' : point + fraction), digits)).toEqual({ value });
        },
      ),
    );
  });
  it('is read exactly, too, if commas or points group the digits', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: largestAmount }),
        fc.constantFrom([',', '.'], ['.', ',']),
        (value, [groups = '', point = '']) => {
          const [whole = '', fraction = ''] = decimalText(String(value), 2).split('.');
          expect(read(inGroups(whole, groups) + point + fraction)).toEqual({ value });
        },
      ),
    );
  });
  it('is never read as another amount than its digits say, whatever is in the cell', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('0123456789.,  -')), maxLength: 14 }), (text) => {
        const found = read(text.trim());
        if (!('value' in found)) return;
        const digits = text.replace(/\D/g, '').replace(/^0+/, '');
        // The digits are those of the text, with zeros added or left out behind them.
        expect(String(found.value).replace(/0+$/, '')).toBe(digits.replace(/0+$/, ''));
      }),
    );
  });
});

describe('an amount in a cell of a number', () => {
  it.each([
    [1234.1, 123_410n],
    [1234.0999999999999, 123_410n],
    [0.1 + 0.2, 30n],
    [1234, 123_400n],
    [9_999_999_999_999.99, 999_999_999_999_999n],
    [1e15, 100_000_000_000_000_000n],
    [0.01, 1n],
  ])('%d is %d of two decimals, without the noise of binary fractions', (number, value) => {
    expect(readAmount(decimalCell(number), 2)).toEqual({ value });
  });
  it('is every amount of up to fifteen digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 999_999_999_999_999n }), fc.constantFrom(0, 2, 3, 4), (value, digits) => {
        expect(readAmount(decimalCell(Number(decimalText(String(value), digits))), digits)).toEqual({ value });
      }),
    );
  });
  it.each([
    [1.234, 'too-many-decimals', '1.234', '1.23'],
    [-5, 'signed-amount', '-5', '5.00'],
    [0, 'zero-amount', '0', 'an amount above zero, such as 1234.50'],
    [12_345_678_901_234.56, 'imprecise-number', '12345678901234.6', '12345678901234.60'],
    [1e22, 'amount-too-large', '10000000000000000000000', 'an amount up to 9999999999999999.99'],
  ])('%d is refused as %s', (number, code, found, right) => {
    expect(readAmount(decimalCell(number), 2)).toEqual({ code, found, right });
  });
  it('is no date and no truth value', () => {
    expect(readAmount({ kind: 'date', text: '2024-03-07' }, 2)).toEqual({ code: 'no-amount', found: '2024-03-07', right: '1234.50' });
    expect(readAmount({ kind: 'boolean', text: 'TRUE' }, 0)).toEqual({ code: 'no-amount', found: 'TRUE', right: '1234' });
  });
});
