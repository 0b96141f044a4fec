import type { JsonObject } from '../../read-models/ports.js';
import { collection } from '../collection.js';
import type { ChangeBody } from '../totals/changes.js';

/** Of one record, event or refusal, whose exact text is the body. Key: programme/position. */
export type RecordInternal = {
  /** programme/initiative, or programme/ for what concerns the programme itself. */
  stream: string;
  /** Absent on a refusal. */
  version?: number;
  offset: number;
  hash: string;
  /** Where it is the first that a command made: programme/organisation/command id, and how many there are where there are more. */
  command?: string;
  count?: number;
  /** What it changes in the totals, unless the record alone says so. */
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
/** The history of an initiative, or of what concerns the programme itself. */
export const streamOf = (programme: string, initiative = '') => `${programme}/${initiative}`;
export const commandKey = (programme: string, organisation: string, id: string) => `${programme}/${organisation}/${id}`;
