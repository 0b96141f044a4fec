import type { FiscalYear } from '../../domain/vocabulary.js';
import type { JsonObject } from '../../read-models/ports.js';
import { collection } from '../collection.js';
import type { Group } from '../totals/dimensions.js';
import type { Amount } from '../totals/formulas.js';

/**
 * The readers of an entry and of its sender without a restriction: everybody reads events, and finance sees who sent those that move money; requests,
 * refusals of commands that move money, and refusals of other commands are for some roles.
 */
export type Audience = 'public' | 'public-money' | 'request' | 'money' | 'other';

/** The fields by which entries are found. The entry itself is read from its record. Key: programme/position. */
export type EntryInternal = {
  programme: string;
  position: number;
  initiative?: string;
  /** The type of the event, or of the refused command. */
  type: string;
  /** The organisation of the sender, or the one that the sender acted for. */
  organisation: string;
  audience: Audience;
  /** Whether it was recorded on a later day than the one it is dated. */
  late: boolean;
  /** The amount that it moved or would have moved, without its sign. */
  amount?: string;
  occurredOn: string;
  /** The sums that it changes, of anybody, each as amount/fiscal year, for example `spent/2024`. */
  sums?: string[];
  /** The groups of a dimension or a source whose sums it changes. */
  groups?: string[];
  /** The ids of the papers that it names. */
  references?: string[];
};

export const entries = collection<JsonObject, EntryInternal>({
  name: 'entries',
  fields: {
    programme: 'text',
    position: 'integer',
    initiative: 'text',
    type: 'text',
    organisation: 'text',
    audience: 'text',
    late: 'flag',
    amount: 'money',
    occurredOn: 'text',
    sums: 'set',
    groups: 'set',
    references: 'set',
  },
  scope: 'programme',
  filters: ['initiative', 'type', 'organisation', 'audience', 'late', 'amount', 'occurredOn', 'position', 'sums', 'groups', 'references'],
  sorts: ['position', 'occurredOn'],
  writtenOnce: true,
});

/** A sum of one fiscal year, as entries name it. */
export const sumToken = (amount: Amount, fiscalYear: FiscalYear | string) => `${amount}/${fiscalYear}`;
/** A group, as entries name it: a member of a set has no line break. If this makes two groups one, the record tells them apart. */
export const groupToken = (group: Group) => group.replaceAll('\n', ' ');
