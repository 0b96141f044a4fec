/** The history cut at a day, a moment, or both: what had happened by then, what was known by then. */
import type { Instant, IsoDate } from '../domain/vocabulary.js';
import type { LedgerRecord } from '../event-log/record.js';

export type Cut = {
  /** Only what is dated by this day. */
  occurredBy?: IsoDate;
  /** Only what was recorded by this moment. */
  knownBy?: Instant;
};

/** Whether there is anything to cut. */
export function cuts({ occurredBy, knownBy }: Cut): boolean {
  return occurredBy !== undefined || knownBy !== undefined;
}

/** Whether a record belongs to the history cut. */
export function isWithin({ occurredBy, knownBy }: Cut, record: Pick<LedgerRecord, 'occurredOn' | 'recordedAt'>): boolean {
  return (occurredBy === undefined || record.occurredOn <= occurredBy) && (knownBy === undefined || record.recordedAt <= knownBy);
}
