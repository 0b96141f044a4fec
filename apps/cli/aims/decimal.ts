import type { Money } from '../../../libs/domain/vocabulary.js';

/** An exact decimal number: `coefficient` × 10^−`scale`. */
export type Decimal = { readonly coefficient: bigint; readonly scale: number };

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads a decimal number such as `-2786009`, `1234.565` or `1.5E7`; `undefined` if the text is not one. */
export function parseDecimal(text: string): Decimal | undefined {
  const found = pattern.exec(text.trim());
  if (!found) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = found;
  if (whole + fraction === '') return undefined;
  const coefficient = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { coefficient, scale } : { coefficient: coefficient * 10n ** BigInt(-scale), scale: 0 };
}

/** A decimal in minor units of a currency with `digits` digits, rounded half to even; `exact` says whether rounding changed nothing. */
export function toMinorUnits({ coefficient, scale }: Decimal, digits: number): { amount: Money; exact: boolean } {
  if (scale <= digits) return { amount: coefficient * 10n ** BigInt(digits - scale), exact: true };
  const divisor = 10n ** BigInt(scale - digits);
  const size = coefficient < 0n ? -coefficient : coefficient;
  const rest = size % divisor;
  const floor = size / divisor;
  const up = rest * 2n > divisor || (rest * 2n === divisor && floor % 2n === 1n);
  const rounded = up ? floor + 1n : floor;
  return { amount: coefficient < 0n ? -rounded : rounded, exact: rest === 0n };
}
