import type { EventRecord } from '../../event-log/record.js';
import type { Content } from '../collection.js';
import { assessedUntil, expectedDays } from '../delivery/initiative-delivery.js';
import { nothingNoticed, noticedAfter } from '../notices/noticed.js';
import { advanced, noProgress } from '../totals/progress.js';
import type { InitiativeInternal } from './collection.js';
import { foldInitiative, type InitiativeFold, type InitiativeView } from './initiative-view.js';

/** The content of an initiative's document. */
export type InitiativeContent = Content<InitiativeView, InitiativeInternal>;

/**
 * The content of an initiative's document after an event; `undefined` before its proposal. Events come in the order of their positions. Some may be left
 * out, for example those dated after a day.
 * @param timeZone the programme's time zone
 */
export function contentAfter(known: InitiativeContent | undefined, event: EventRecord, timeZone: string): InitiativeContent | undefined {
  const fold = foldInitiative(known && foldIn(known), event, timeZone);
  if (!fold) return undefined;
  const { view, daysLate, kept } = fold;
  const noticed = noticedAfter(known?.internal.noticed ?? nothingNoticed, event, view);
  const firstFundedAt = known?.internal.firstFundedAt ?? (view.firstApproved ? event.position : undefined);
  return {
    body: view,
    internal: {
      searched: searchedIn(view, known),
      progress: advanced(known?.internal.progress ?? noProgress, event),
      daysLate,
      years: view.fiscalYears.map(({ fiscalYear }) => fiscalYear),
      openYears: view.fiscalYears.flatMap(({ fiscalYear, available }) => (BigInt(available) > 0n ? [fiscalYear] : [])),
      noticed,
      registeredAfterStart: noticed.registeredAfterStart !== undefined,
      ...(firstFundedAt !== undefined && { firstFundedAt }),
      ...(kept && { kept, ...expectedDays(kept) }),
      ...(view.confidence && { assessedUntil: assessedUntil(view.confidence), atRisk: noticed.atRisk !== undefined }),
    },
  };
}

/** What the next fold continues from. */
function foldIn({ body, internal: { daysLate, kept } }: InitiativeContent): InitiativeFold {
  return { view: body, daysLate, ...(kept && { kept }) };
}

/** Code and titles. They seldom change, so the known text is used again. */
function searchedIn(view: InitiativeView, known: InitiativeContent | undefined): string {
  return known?.body.title === view.title ? known.internal.searched : [view.initiative, ...Object.values(view.title)].join('\n');
}
