import { describe, expect, it } from '@jest/globals';
import { isCurrency, minorUnits, minorUnitsOf } from './iso-4217.js';

describe('a currency’s minor unit', () => {
  it.each([
    ['AFN', 2],
    ['HUF', 2],
    ['IDR', 2],
    ['IQD', 3],
    ['JPY', 0],
    ['KGS', 2],
    ['MGA', 2],
    ['MRU', 2],
    ['PKR', 2],
    ['TND', 3],
    ['UGX', 0],
    ['VND', 0],
    ['XOF', 0],
    ['CLF', 4],
  ])('of %s has the digits of ISO 4217: %i', (code, digits) => {
    expect(minorUnitsOf(code)).toBe(digits);
  });

  it('has no other digits than 0, 2, 3 and 4', () => {
    expect([...new Set(minorUnits.values())].sort()).toEqual([0, 2, 3, 4]);
  });
});

describe('no currency', () => {
  it.each(['KSG', 'ZZZ', 'XXX', 'XTS', 'XAU', 'HRK', 'kgs', 'KGSS', '', 'constructor'])('is %s', (code) => {
    expect([isCurrency(code), minorUnitsOf(code)]).toEqual([false, undefined]);
  });
});
