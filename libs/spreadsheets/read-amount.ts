/** Reads an amount as people and spreadsheets write it into minor units, exactly, or says what is wrong with it. */
import { decimalText } from '../currencies/decimal-text.js';
import { largestAmount, type Money } from '../domain/vocabulary.js';
import type { Wrong } from './fault.js';
import { digitsKept } from './number-cell.js';
import type { Cell } from './table.js';

/** White space between groups of digits, in every language of spreadsheets, and the apostrophes that stand for it. */
const groupSpaces = /[\s\u00a0\u2007\u2009\u202f'’]/g;

type Decimal = { whole: string; fraction: string };

/**
 * An amount above zero in minor units of a currency with `digits` decimals. Digits may be in groups of three; decimals follow a point or a comma. A text that
 * can be read in two ways, such as `1,234`, is a fault: it would be wrong by a thousand.
 */
export function readAmount(cell: Cell, digits: number): { value: Money } | Wrong {
  const wrong = (code: Wrong['code'], right: string) => ({ code, found: cell.text, right });
  const example = written(123_450n, digits, 2);
  if (cell.kind === 'number') {
    const [whole = '', fraction = ''] = cell.text.replace('-', '').split('.');
    if (cell.text.startsWith('-')) return wrong('signed-amount', nearest({ whole, fraction }, digits));
    if (!cell.exact && whole.length + digits > digitsKept) return wrong('imprecise-number', nearest({ whole, fraction }, digits));
    return inMinorUnits({ whole, fraction }, digits, wrong);
  }
  if (cell.kind !== 'text') return wrong('no-amount', example);
  const unsigned = /^[-+−–(]\s*([^()]*)\)?$/.exec(cell.text.trim())?.[1];
  if (unsigned !== undefined) {
    const decimal = decimalIn(unsigned.trim(), digits);
    return decimal === undefined || decimal === 'ambiguous'
      ? wrong('no-amount', example)
      : wrong('signed-amount', nearest(decimal, digits));
  }
  const decimal = decimalIn(cell.text.trim(), digits);
  if (decimal === 'ambiguous') return wrong('ambiguous-amount', readings(cell.text, digits).join(', '));
  if (decimal === undefined) return wrong('no-amount', suggestion(cell.text, digits) ?? example);
  return inMinorUnits(decimal, digits, wrong);
}

function inMinorUnits(
  { whole, fraction }: Decimal,
  digits: number,
  wrong: (code: Wrong['code'], right: string) => Wrong,
): { value: Money } | Wrong {
  if (/[1-9]/.test(fraction.slice(digits))) return wrong('too-many-decimals', nearest({ whole, fraction }, digits));
  const value = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  if (value === 0n) return wrong('zero-amount', `an amount above zero, such as ${written(123_450n, digits, 2)}`);
  if (value > largestAmount) return wrong('amount-too-large', `an amount up to ${written(largestAmount, digits)}`);
  return { value };
}

/** A text's digits before and after its decimal separator; `undefined` if it is no amount. */
function decimalIn(text: string, digits: number): Decimal | 'ambiguous' | undefined {
  const spaced = text.replace(groupSpaces, ' ');
  const found =
    /^(?<whole>\d+|\d{1,3}(?: \d{3})+)(?:[.,](?<fraction>\d+))?$/.exec(spaced) ??
    /^(?<whole>\d{1,3}(?:,\d{3})+)\.(?<fraction>\d+)$/.exec(spaced) ??
    /^(?<whole>\d{1,3}(?:\.\d{3})+),(?<fraction>\d+)$/.exec(spaced) ??
    /^(?<whole>\d{1,3}(?:,\d{3}){2,}|\d{1,3}(?:\.\d{3}){2,})$/.exec(spaced);
  if (!found?.groups) return undefined;
  const { whole = '', fraction = '' } = found.groups;
  // One separator before exactly three digits may stand between thousands, unless a point does and the currency has three decimals.
  const isAmbiguous = /^[1-9]\d{0,2}[.,]\d{3}$/.test(spaced) && !(spaced.includes('.') && digits >= 3);
  return isAmbiguous ? 'ambiguous' : { whole: whole.replace(/\D/g, ''), fraction };
}

/** The two amounts that a text such as `1,234` may mean, as far as the currency has such amounts. */
function readings(text: string, digits: number): string[] {
  const [whole = '', rest = ''] = text.trim().split(/[.,]/);
  return [nearest({ whole: whole + rest, fraction: '' }, digits), ...(digits >= 3 ? [nearest({ whole, fraction: rest }, digits)] : [])];
}

/** What a text with foreign characters before or behind it, such as the name of a currency, probably means. */
function suggestion(text: string, digits: number): string | undefined {
  const decimal = decimalIn(text.replace(/^\D+|(?<!\D)\D+$/g, ''), digits);
  return decimal === undefined || decimal === 'ambiguous' ? undefined : nearest(decimal, digits);
}

/** The nearest amount above zero, as it should be written. */
function nearest({ whole, fraction }: Decimal, digits: number): string {
  const up = Number(fraction.charAt(digits)) >= 5 ? 1n : 0n;
  const amount = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0')) + up;
  return written(amount === 0n ? 1n : amount, digits);
}

/** An amount as the template shows it. `of` says how many decimals the given amount has, if not the currency's. */
function written(amount: Money, digits: number, of = digits): string {
  return decimalText(String(of === digits ? amount : (amount * 10n ** BigInt(digits)) / 10n ** BigInt(of)), digits);
}
