import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimalText } from './decimal-text.js';
import { minorUnitsIn } from './typed-amount.js';

describe('a typed amount', () => {
  it.each([
    ['1250.50', 2, '125050'],
    ['1 250,5', 2, '125050'],
    ['1\u00a0250,50', 2, '125050'],
    ['1,250.50', 2, '125050'],
    ['1.250,50', 2, '125050'],
    ['1.250.000', 2, '125000000'],
    ['1.250', 2, '125000'],
    ['12,5', 2, '1250'],
    ['0.05', 2, '5'],
    ['0.050', 2, '5'],
    ['0,500', 2, '50'],
    ['.5', 2, '50'],
    ['5.', 2, '500'],
    ['-1 000', 2, '-100000'],
    ['−3', 0, '-3'],
    ['+3', 0, '3'],
    ['1,250', 0, '1250'],
    ['1.250,125', 3, '1250125'],
    ['1 250', 3, '1250000'],
    ['0001', 2, '100'],
    ['10000.123000', 3, '10000123'],
    ['1’000.00', 2, '100000'],
  ])('%s in a currency with %d digits is %s minor units', (typed, digits, minor) => {
    expect(minorUnitsIn(typed, digits)).toEqual({ minor });
  });

  it.each([
    ['', 2, 'not-a-number'],
    ['abc', 2, 'not-a-number'],
    ['1e5', 2, 'not-a-number'],
    ['1.2.3', 2, 'not-a-number'],
    ['1,2.3,4', 2, 'not-a-number'],
    ['12,50.000', 2, 'not-a-number'],
    ['1--2', 2, 'not-a-number'],
    ['1.255', 3, 'ambiguous'],
    ['1.2345', 2, 'too-precise'],
    ['0.001', 2, 'too-precise'],
    ['1,5', 0, 'too-precise'],
    ['0', 2, 'zero'],
    ['0,00', 2, 'zero'],
    ['99999999999999999', 2, 'too-large'],
  ])('%s in a currency with %d digits is none: %s', (typed, digits, fault) => {
    expect(minorUnitsIn(typed, digits)).toEqual({ fault });
  });

  it('is read back as it was written, whatever the currency', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }), fc.constantFrom(0, 2, 4), (amount, digits) => {
        expect(minorUnitsIn(decimalText(amount.toString(), digits), digits)).toEqual({ minor: amount.toString() });
      }),
    );
  });
});
