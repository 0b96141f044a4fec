/** What the search form of entries asks for: days in the programme's time zone, and amounts in its currency. */
import { minorUnitsIn } from '../../currencies/typed-amount.js';
import { dayAfter, isIsoDate } from '../../domain/calendar.js';
import type { Instant, IsoDate } from '../../domain/vocabulary.js';
import { entryPage } from '../../http/entry-parameters.js';
import { malformed } from '../../http/malformed-command.js';
import type { EntryListing } from '../../projections/entries/reads.js';
import type { ProgrammeView } from '../../projections/totals/views.js';
import { endOfDay } from '../days.js';

/** Entries on one page. */
const pageSize = '50';
const passedOn = ['type', 'initiative', 'organisation', 'occurredAfter', 'occurredBy', 'refused', 'late', 'cursor'] as const;

/** The entries that an address asks for. @throws {MalformedCommand} a parameter has no valid value */
export function entriesAsked(query: Readonly<Record<string, string>>, programme: ProgrammeView): EntryListing {
  const sent: Record<string, string> = { limit: pageSize };
  for (const name of passedOn) if (query[name] !== undefined) sent[name] = query[name];
  const { recordedFrom, recordedUntil, amountFrom } = query;
  if (recordedFrom !== undefined) sent['recordedAfter'] = startOfDay(programme, dayOf('recordedFrom', recordedFrom));
  if (recordedUntil !== undefined) sent['recordedBy'] = endOfDay(programme.timeZone, dayOf('recordedUntil', recordedUntil));
  if (amountFrom !== undefined) {
    const amount = minorUnitsIn(amountFrom, programme.minorUnits ?? 0);
    if (!('minor' in amount)) throw malformed('amountFrom', 'amountFrom must be an amount such as 12 500.50');
    sent['amountAtLeast'] = amount.minor;
  }
  return entryPage.transform(sent);
}

/** The first millisecond of a day in the programme's time zone. */
export function startOfDay({ timeZone }: Pick<ProgrammeView, 'timeZone'>, day: IsoDate): Instant {
  return new Date(Date.parse(endOfDay(timeZone, dayAfter(day, -1))) + 1).toISOString();
}

function dayOf(name: string, text: string): IsoDate {
  if (!isIsoDate(text)) throw malformed(name, `${name} must be a day that exists, written YYYY-MM-DD`);
  return text;
}
