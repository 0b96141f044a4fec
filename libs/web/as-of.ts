import type { ProgrammeView } from '../projections/totals/views.js';
import type { AsOf } from '../projections/as-of.js';
import { endOfDay } from './days.js';
import type { Past } from './page.js';

/** The past that a reader asks for. A day of recording ends at its end in the programme's time zone. */
export function asOfOf({ happened, known: day }: Past, { timeZone }: Pick<ProgrammeView, 'timeZone'>): AsOf {
  return { ...(happened !== undefined && { occurredBy: happened }), ...(day !== undefined && { knownBy: endOfDay(timeZone, day) }) };
}
