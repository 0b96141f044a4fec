/** The currencies of ISO 4217 with their minor units: one table for validation, import and display, pinned by the package's version. */
import * as currencies from 'dinero.js/currencies';

/**
 * Decimal digits of each currency's minor unit, by code, as ISO 4217 lists them. The package divides an ariary and an ouguiya into five parts; ISO 4217
 * gives both two digits.
 */
export const minorUnits: ReadonlyMap<string, number> = new Map(
  Object.values(currencies).map(({ code, base, exponent }) => [code, base === 10 ? exponent : 2]),
);

/** Whether a code is that of a currency in force with a minor unit: not gold, a test code or "no currency". */
export function isCurrency(code: string): boolean {
  return minorUnits.has(code);
}

/** Decimal digits of a currency's minor unit: 2 for KGS, 0 for JPY, 3 for IQD. `undefined` if the code is not that of a {@link isCurrency currency}. */
export function minorUnitsOf(code: string): number | undefined {
  return minorUnits.get(code);
}
