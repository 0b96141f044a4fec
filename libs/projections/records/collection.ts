import { isOfRequest } from '../../domain/requests/events.js';
import type { LedgerRecord } from '../../event-log/record.js';
import type { JsonObject } from '../../read-models/ports.js';
import { collection } from '../collection.js';
import type { ChangeBody } from '../totals/changes.js';

/** The internal part of a record's document, of an event or a refusal; the body is the record's exact text. Key: programme/position. */
export type RecordInternal = {
  /** programme/initiative, programme/ for records of the programme itself, or programme//requests for events of its requests. */
  stream: string;
  /** Absent on a refusal. */
  version?: number;
  offset: number;
  hash: string;
  /** Only on the first record of a command: programme/organisation/command id, and the number of its records if there are several. */
  command?: string;
  count?: number;
  /** Its changes to the totals, unless they follow from the record itself. */
  changes?: ChangeBody[];
};
export const records = collection<JsonObject, RecordInternal>({
  name: 'records',
  fields: { stream: 'text', version: 'integer', command: 'text' },
  scope: 'stream',
  filters: [],
  sorts: ['version'],
  lookups: ['command'],
  writtenOnce: true,
});

export const recordKey = (programme: string, position: number) => `${programme}/${position}`;
/** The key of an initiative's history, or of the programme's own. */
export const streamOf = (programme: string, initiative = '') => `${programme}/${initiative}`;
/**
 * The key of the history that a record is read in. Events of requests have one of their own: they may be many, and every reading as of a past day reads the
 * programme's own.
 */
export function streamOfRecord(record: LedgerRecord): string {
  const { programme, initiative } = record;
  return isOfRequest(record) ? `${programme}//requests` : streamOf(programme, initiative);
}
export const commandKey = (programme: string, organisation: string, id: string) => `${programme}/${organisation}/${id}`;
