import type { ProgrammeView } from '../projections/totals/views.js';
import type { Currency } from './speech.js';

/** The currency of a programme. Amounts of an older programme whose currency is not in ISO 4217 are shown as whole numbers. */
export function currencyOf({ currency, minorUnits }: Pick<ProgrammeView, 'currency' | 'minorUnits'>): Currency {
  return { code: currency, minorUnits: minorUnits ?? 0 };
}
