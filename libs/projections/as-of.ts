/** A history as of a day, a moment, or both: what had happened by then, what was known by then. */
import type { Instant, IsoDate } from '../domain/vocabulary.js';
import type { LedgerRecord } from '../event-log/record.js';

export type AsOf = {
  /** Only what is dated by this day. */
  occurredBy?: IsoDate;
  /** Only what was recorded by this moment. */
  knownBy?: Instant;
};

/** Whether it is about the past at all. */
export function isPast({ occurredBy, knownBy }: AsOf): boolean {
  return occurredBy !== undefined || knownBy !== undefined;
}

/** Whether a record belongs to the history as of then. */
export function isWithin({ occurredBy, knownBy }: AsOf, record: Pick<LedgerRecord, 'occurredOn' | 'recordedAt'>): boolean {
  return (occurredBy === undefined || record.occurredOn <= occurredBy) && (knownBy === undefined || record.recordedAt <= knownBy);
}

/** Whether neither a record nor any that follows it was known by then: in the order of their positions, records are never recorded earlier. */
export function isLater({ knownBy }: AsOf, { recordedAt }: Pick<LedgerRecord, 'recordedAt'>): boolean {
  return knownBy !== undefined && recordedAt > knownBy;
}
