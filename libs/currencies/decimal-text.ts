/** Converts minor units, a decimal string, to an amount in the currency: `"125050"` with 2 digits is `"1250.50"`, with 0 digits `"125050"`. */
export function decimalText(minorUnits: string, digits: number): string {
  if (digits === 0) return minorUnits;
  const negative = minorUnits.startsWith('-');
  const padded = minorUnits.slice(negative ? 1 : 0).padStart(digits + 1, '0');
  return `${negative ? '-' : ''}${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}
