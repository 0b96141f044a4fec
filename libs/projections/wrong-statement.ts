/** The rules of the ledger on statements in a history. Whether a statement is true takes a fold of its own. */
import type { Programme } from '../domain/state.js';
import type { EventRecord } from '../event-log/record.js';

/** What is wrong with an event if it is a statement: it is of a record before it, and of a later one than the statement before. */
export function wrongStatement(event: EventRecord, programme: Programme | undefined): string | undefined {
  if (event.type !== 'StatementPublished') return undefined;
  const { position } = event.data;
  const last = programme?.statement ?? 0;
  if (!Number.isInteger(position) || position >= event.position) return `it is of position ${position}, which is not before it`;
  return position > last ? undefined : `it is of position ${position}, and must be of a later one than ${last}`;
}
