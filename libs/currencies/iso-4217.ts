/** The currencies of ISO 4217 with their minor units: one table for checking, import and display, pinned by its package's version. */
import * as currencies from 'dinero.js/currencies';

/**
 * Decimal digits of each currency's minor unit by its code, as ISO 4217 lists them. The package says that an ariary and an ouguiya have five parts;
 * ISO 4217 writes both with two digits.
 */
export const minorUnits: ReadonlyMap<string, number> = new Map(
  Object.values(currencies).map(({ code, base, exponent }) => [code, base === 10 ? exponent : 2]),
);

/** Whether a code is that of a currency in force that has a minor unit: gold, test codes and "no currency" have none. */
export function isCurrency(code: string): boolean {
  return minorUnits.has(code);
}

/** Decimal digits of a currency's minor unit: 2 for KGS, 0 for JPY, 3 for IQD. `undefined` for what is no {@link isCurrency currency}. */
export function minorUnitsOf(code: string): number | undefined {
  return minorUnits.get(code);
}
