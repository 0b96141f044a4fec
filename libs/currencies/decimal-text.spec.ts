import { describe, expect, it } from '@jest/globals';
import { decimalText } from './decimal-text.js';

describe('minor units as an amount in the currency', () => {
  it.each([
    ['125050', 2, '1250.50'],
    ['5', 2, '0.05'],
    ['-5', 2, '-0.05'],
    ['0', 2, '0.00'],
    ['-125050', 3, '-125.050'],
    ['125050', 0, '125050'],
  ])('%s with %d digits is %s', (minorUnits, digits, text) => {
    expect(decimalText(minorUnits, digits)).toBe(text);
  });
});
