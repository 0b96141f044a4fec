/** Why a typed amount is not one. `ambiguous`: its only separator could part thousands as well as decimals. */
export type AmountFault = 'not-a-number' | 'too-precise' | 'ambiguous' | 'too-large' | 'zero';

/** The most digits of an amount in minor units. */
const mostDigits = 18;
/** Spaces of every kind and apostrophes, which part thousands only. */
const groupings = /[\s\u00a0\u202f\u2009'’]/g;

/**
 * Minor units, a decimal string, of an amount as people type it: `1 250,5`, `1,250.50` and `1.250,50` with 2 digits are `"125050"`. Nothing is rounded.
 * A single separator before exactly three digits parts thousands, unless the currency has three digits or more: then it is ambiguous.
 * @param digits decimal digits of the currency's minor unit
 */
export function minorUnitsIn(typed: string, digits: number): { readonly minor: string } | { readonly fault: AmountFault } {
  const [, sign = '', unsigned = ''] = /^([-−+]?)(.*)$/s.exec(typed.trim().replaceAll(groupings, '')) ?? [];
  if (!/^[\d.,]*\d[\d.,]*$/.test(unsigned)) return { fault: 'not-a-number' };
  const parts = partsOf(unsigned, digits);
  if (typeof parts === 'string') return { fault: parts };
  const decimals = parts.decimals.replace(/(?<!0)0+$/, '');
  if (decimals.length > digits) return { fault: 'too-precise' };
  const minor = `${parts.whole}${decimals.padEnd(digits, '0')}`.replace(/^0+/, '');
  if (minor === '') return { fault: 'zero' };
  if (minor.length > mostDigits) return { fault: 'too-large' };
  return { minor: sign === '-' || sign === '−' ? `-${minor}` : minor };
}

type Parts = { whole: string; decimals: string };

/** The digits before and after the decimal separator. */
function partsOf(text: string, digits: number): Parts | AmountFault {
  const point = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  if (point < 0) return { whole: text, decimals: '' };
  const [before, after] = [text.slice(0, point), text.slice(point + 1)];
  const separator = text.charAt(point);
  const others = before.replaceAll(/\d/g, '');
  if (others === '') {
    const groups = after.length === 3 && /^[1-9]\d{0,2}$/.test(before);
    if (groups && digits >= 3) return 'ambiguous';
    if (groups) return { whole: before + after, decimals: '' };
    return { whole: before, decimals: after };
  }
  // If all separators are equal, they part thousands. If only the last one differs, it parts the decimals.
  const isGrouped = others === separator.repeat(others.length);
  const grouping = isGrouped ? separator : others.charAt(0);
  const whole = isGrouped ? text : before;
  if (others !== grouping.repeat(others.length) || !areThousands(whole.split(grouping))) return 'not-a-number';
  return { whole: whole.replaceAll(grouping, ''), decimals: isGrouped ? '' : after };
}

function areThousands([first = '', ...others]: readonly string[]): boolean {
  return /^\d{1,3}$/.test(first) && others.every((group) => /^\d{3}$/.test(group));
}
