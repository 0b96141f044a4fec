/** The filters of lists of entries. */
import type { Actor, Instant, IsoDate, Role } from '../../domain/vocabulary.js';
import type { Conditions } from '../../read-models/ports.js';
import type { Audience } from './collection.js';

/** Which entries a list has. Bounds are inclusive; an amount is in minor units, without its sign. */
export type EntryFilter = {
  readonly position?: number;
  readonly initiative?: string;
  /** Types of events, or of refused commands. */
  readonly type?: readonly string[];
  readonly organisation?: string;
  readonly refused?: boolean;
  readonly late?: boolean;
  readonly amountAtLeast?: string;
  readonly amountAtMost?: string;
  readonly occurredAfter?: IsoDate;
  readonly occurredBy?: IsoDate;
  readonly recordedAfter?: Instant;
  readonly recordedBy?: Instant;
  /** The id of a paper. */
  readonly reference?: string;
};

/** A reader of entries: a sender, or anybody. */
export type EntryReader = Pick<Actor, 'organisation' | 'role'> | undefined;

/** Roles that see every entry and every request. */
export const seesAll: readonly Role[] = ['auditor', 'admin'];

/** Whether a reader may ask for the entries of an organisation. */
export function maySeeEntriesOf(organisation: string, reader: EntryReader): boolean {
  return reader !== undefined && (reader.organisation === organisation || reader.role !== 'ministry');
}

/** Whether a reader sees who sent an entry: auditors and admins always, finance those that move money, and everybody those of their own organisation. */
export function seesSender(reader: EntryReader, entry: { organisation: string; movesMoney: boolean }): boolean {
  if (!reader) return false;
  return seesAll.includes(reader.role) || reader.organisation === entry.organisation || (reader.role === 'finance' && entry.movesMoney);
}

const allAudiences: readonly Audience[] = ['public', 'public-money', 'request', 'money', 'other'];

/**
 * The audiences that a reader belongs to: everybody sees events; requests are for auditors, for finance and for those who sent them;
 * so are refusals, for finance if they move money. A list by sender has only entries of which the reader may see the sender, because it names the sender of each.
 */
function audiencesOf(reader: EntryReader, { organisation }: EntryFilter): readonly Audience[] {
  if (reader && (seesAll.includes(reader.role) || organisation === reader.organisation)) return allAudiences;
  const events: readonly Audience[] = organisation === undefined ? ['public', 'public-money'] : [];
  if (reader?.role !== 'finance') return events;
  return [...new Set<Audience>([...events, 'public-money', 'request', 'money'])];
}

const isEvent = (audience: Audience) => audience !== 'money' && audience !== 'other';

/** The conditions that a filter sets, apart from those on positions. */
export function conditionsOf(filter: EntryFilter, reader: EntryReader): Pick<Conditions, 'equals' | 'within'> {
  const { position, initiative, type, organisation, refused, late, reference } = filter;
  const { amountAtLeast, amountAtMost, occurredAfter, occurredBy } = filter;
  const audiences = audiencesOf(reader, filter).filter((one) => refused === undefined || isEvent(one) !== refused);
  return {
    equals: {
      ...(initiative !== undefined && { initiative }),
      ...(type !== undefined && { type }),
      ...(organisation !== undefined && { organisation }),
      ...(late !== undefined && { late }),
      ...(reference !== undefined && { references: reference }),
      ...(audiences.length < allAudiences.length && { audience: audiences }),
    },
    within: {
      ...(position !== undefined && { position: { from: position, to: position } }),
      ...((amountAtLeast !== undefined || amountAtMost !== undefined) && {
        amount: { ...(amountAtLeast !== undefined && { from: amountAtLeast }), ...(amountAtMost !== undefined && { to: amountAtMost }) },
      }),
      ...((occurredAfter !== undefined || occurredBy !== undefined) && {
        occurredOn: { ...(occurredAfter !== undefined && { from: occurredAfter }), ...(occurredBy !== undefined && { to: occurredBy }) },
      }),
    },
  };
}
