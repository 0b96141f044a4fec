/** A history as of a day (by occurrence), a moment (by recording), or both. */
import type { Instant, IsoDate } from '../domain/vocabulary.js';
import type { LedgerRecord } from '../event-log/record.js';

export type AsOf = {
  /** Only records dated on or before this day. */
  occurredBy?: IsoDate;
  /** Only records recorded at or before this moment. */
  knownBy?: Instant;
};

/** Whether it limits the history. */
export function isPast({ occurredBy, knownBy }: AsOf): boolean {
  return occurredBy !== undefined || knownBy !== undefined;
}

/** Whether a record belongs to the history as of then. */
export function isWithin({ occurredBy, knownBy }: AsOf, record: Pick<LedgerRecord, 'occurredOn' | 'recordedAt'>): boolean {
  return (occurredBy === undefined || record.occurredOn <= occurredBy) && (knownBy === undefined || record.recordedAt <= knownBy);
}

/** Whether a record, and so every later one, was not yet known: `recordedAt` never decreases from one position to the next. */
export function isLater({ knownBy }: AsOf, { recordedAt }: Pick<LedgerRecord, 'recordedAt'>): boolean {
  return knownBy !== undefined && recordedAt > knownBy;
}
