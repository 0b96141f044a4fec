/** What of an initiative's past its totals depend on: how far it had come by a day, who ran it then, and which years' money it had touched. */
import type { EventRecord } from '../event-log/record.js';
import { statuses, type FiscalYear, type IsoDate, type Status } from '../domain/vocabulary.js';

export type Track = {
  /** The earliest day on which a step was taken. */
  reached: { [S in Status]?: IsoDate };
  /** The earliest day on which money of a fiscal year moved. */
  posted: { [year: string]: IsoDate };
  /** Who ran it from which day on, in the order recorded: of those dated by a day, the last counts. */
  hands: { on: IsoDate; authority: string }[];
};
export const untouched: Track = { reached: {}, posted: {}, hands: [] };

/** The step an event takes, whatever was recorded before it: what is dated by a day then tells how far the initiative had come. */
function stepOf(event: EventRecord): Status | undefined {
  switch (event.type) {
    case 'InitiativeProposed':
      return 'proposed';
    case 'InitiativeFunded':
      return 'funded';
    case 'FundingAdjusted':
      return event.data.change > 0n ? 'funded' : undefined;
    case 'SpendingRecorded':
      return 'spending';
    case 'FinalizationStarted':
      return 'finalizing';
    case 'InitiativeFinalized':
      return 'finalized';
    case 'InitiativeCancelled':
      return 'cancelled';
    case 'ProgrammeEstablished':
    case 'AppropriationGranted':
    case 'AppropriationAdjusted':
    case 'FiscalYearClosed':
    case 'InitiativeAmended':
    case 'SpendingReversed':
    case 'FundsReturned':
    case 'InitiativeSuspended':
    case 'InitiativeResumed':
      return undefined;
  }
}

/** The track once an event is recorded; the same object where nothing of it changed. */
export function continued(track: Track, event: EventRecord): Track {
  let next = track;
  const on = event.occurredOn;
  const step = stepOf(event);
  if (step && isEarlier(on, track.reached[step])) next = { ...next, reached: { ...next.reached, [step]: on } };
  if ('fiscalYear' in event.context && event.initiative !== undefined && isEarlier(on, track.posted[event.context.fiscalYear]))
    next = { ...next, posted: { ...next.posted, [event.context.fiscalYear]: on } };
  if (
    (event.type === 'InitiativeProposed' || event.type === 'InitiativeAmended') &&
    event.data.authority !== undefined &&
    event.data.authority !== track.hands.at(-1)?.authority
  )
    next = { ...next, hands: [...next.hands, { on, authority: event.data.authority }] };
  return next;
}

function isEarlier(on: IsoDate, known: IsoDate | undefined): boolean {
  return known === undefined || on < known;
}

/** How far an initiative had come by a day; `undefined` before its proposal. */
export function statusBy(day: IsoDate, { reached }: Track): Status | undefined {
  return statuses.findLast((status) => {
    const on = reached[status];
    return on !== undefined && on <= day;
  });
}
/** Who ran it on a day. */
export function authorityBy(day: IsoDate, { hands }: Track): string | undefined {
  return hands.findLast(({ on }) => on <= day)?.authority;
}
/** The fiscal years whose money had moved by a day. */
export function yearsBy(day: IsoDate, { posted }: Track): FiscalYear[] {
  return Object.entries(posted)
    .filter(([, on]) => on <= day)
    .map(([year]) => Number(year));
}
/** Every day on which something of the track changes, in order. */
export function daysOf({ reached, posted, hands }: Track): IsoDate[] {
  return [...new Set([...Object.values(reached), ...Object.values(posted), ...hands.map(({ on }) => on)])].sort();
}
