/** The occasion of a programme's next statement: an order, the close of a year, or a day on which something was recorded. */
import type { Instant } from '../../domain/vocabulary.js';
import type { Entry } from '../../event-log/ports.js';
import { decodeRecord, type LedgerRecord, type RecordType } from '../../event-log/record.js';

/** Positions are 0 before there is such a record. */
export type Occasion = {
  /** The position of the last order, or of the last close of a year. */
  readonly asked: number;
  /** The position of the last record that is no statement. */
  readonly changed: number;
  /** The position that the last statement is of. */
  readonly stated: number;
  /** When the last statement was recorded; the programme's first record before there is one. */
  readonly since: Instant;
};

/** The occasion after a record. */
export function occasionAfter(before: Occasion | undefined, record: LedgerRecord): Occasion {
  const { position, recordedAt } = record;
  const occasion = before ?? { asked: 0, changed: 0, stated: 0, since: recordedAt };
  if (record.type === 'StatementPublished') return { ...occasion, stated: record.data.position, since: recordedAt };
  const asks = record.type === 'StatementOrdered' || record.type === 'FiscalYearClosed';
  return { ...occasion, changed: position, ...(asks && { asked: position }) };
}

const asking: readonly string[] = ['StatementPublished', 'StatementOrdered', 'FiscalYearClosed'] satisfies RecordType[];

/** Whether a record may be one of those that ask for a statement, or be one. Most are none, and need not be decoded to see it. */
export function mayAsk({ bytes }: Pick<Entry, 'bytes'>): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return asking.some((type) => text.includes(type));
}

/** The same after an entry; `asking` is its record if it may ask for a statement. */
export function occasionAfterEntry(before: Occasion | undefined, entry: Entry, asking: LedgerRecord | undefined): Occasion {
  if (!before || asking) return occasionAfter(before, asking ?? decodeRecord(entry.bytes));
  return { ...before, changed: entry.position ?? 0 };
}

/** Whether a statement is due at a moment (milliseconds since 1970): it was asked for, or something was recorded on a day (UTC) before this one. */
export function isDue({ asked, changed, stated, since }: Occasion, now: number): boolean {
  return asked > stated || (changed > stated && since.slice(0, 10) < new Date(now).toISOString().slice(0, 10));
}

/** Reads an occasion that was kept as JSON. */
export function occasionOf(text: string): Occasion {
  const kept: unknown = JSON.parse(text);
  const { asked, changed, stated, since }: Record<string, unknown> = { ...(typeof kept === 'object' && kept) };
  return { asked: Number(asked), changed: Number(changed), stated: Number(stated), since: String(since) };
}
