/** The documents by which entries are found, each written once. */
import { capabilities, movesMoney } from '../../domain/capabilities.js';
import type { CommandType } from '../../domain/commands.js';
import { amountOf as amountOfHeld } from '../../domain/requests/approvals.js';
import { isOfRequest } from '../../domain/requests/events.js';
import { dayIn, daysBetween, isTimeZone } from '../../domain/calendar.js';
import { amountMoved, effectsOf } from '../../domain/effects.js';
import type { Reference } from '../../domain/papers/references.js';
import type { LedgerRecord, RefusalRecord } from '../../event-log/record.js';
import type { ReadModels, Write } from '../../read-models/ports.js';
import type { BatchDocuments } from '../batch-documents.js';
import type { Changed } from '../projection.js';
import { recordKey } from '../records/collection.js';
import type { Change } from '../totals/changes.js';
import { programmes } from '../totals/collections.js';
import { isOfDimension } from '../totals/dimensions.js';
import { amounts } from '../totals/totals.js';
import { entries, groupToken, sumToken, type EntryInternal } from './collection.js';

/**
 * The writes of the entries of a batch. If an interrupted save had written some of the batch's documents, `mayBeWritten` asks for those entries that it wrote.
 */
export async function writesOfEntries(
  { models, generation, mayBeWritten }: { models: ReadModels; generation: string; mayBeWritten: boolean },
  documents: BatchDocuments,
  changed: readonly Changed[],
): Promise<Write[]> {
  const keys = changed.map(({ recorded: { record } }) => recordKey(record.programme, record.position));
  const written = mayBeWritten ? await models.get(generation, entries.name, keys) : [];
  return changed.flatMap((one, index) => (written[index] ? [] : [writeOf(one, timeZoneOf(documents, one.recorded.record))]));
}

/** Programmes are folded by now. */
function timeZoneOf(documents: BatchDocuments, { programme }: LedgerRecord): string {
  const timeZone = documents.get(programmes, programme)?.body.timeZone ?? 'UTC';
  return isTimeZone(timeZone) ? timeZone : 'UTC';
}

function writeOf({ recorded: { record }, changes }: Changed, timeZone: string): Write {
  const { programme, position, occurredOn } = record;
  const initiative = initiativeOf(record);
  const amount = amountOf(record);
  const references = new Set(referencesOf(record).map(({ id }) => id));
  const internal: EntryInternal = {
    programme,
    position,
    ...(initiative !== undefined && { initiative }),
    type: record.type === 'CommandRefused' ? String(refusedType(record)) : record.type,
    organisation: organisationOf(record),
    audience: audienceOf(record),
    late: daysLateOf(record, timeZone) > 0,
    ...(amount !== undefined && { amount }),
    occurredOn,
    ...changedSums(changes),
    ...(references.size > 0 && { references: [...references] }),
  };
  return { collection: entries.name, document: { key: recordKey(programme, position), position, body: '{}', internal } };
}

/** The sums that changes move, and the groups of which they move some. An amount that a change takes and gives back at once is not moved. */
function changedSums(changes: readonly Change[]): Pick<EntryInternal, 'sums' | 'groups'> {
  const [sums, changedGroups] = [new Set<string>(), new Set<string>()];
  for (const { groups } of changes)
    for (const [group, { byYear = {} }] of groups)
      for (const [year, totals] of Object.entries(byYear))
        for (const amount of amounts) {
          if ((totals[amount] ?? 0n) === 0n) continue;
          sums.add(sumToken(amount, year));
          if (isOfDimension(group)) changedGroups.add(groupToken(group));
        }
  return { ...(sums.size > 0 && { sums: [...sums] }), ...(changedGroups.size > 0 && { groups: [...changedGroups] }) };
}

/** The initiative of a record, or of the command that it submits. */
export function initiativeOf(record: LedgerRecord): string | undefined {
  return record.type === 'CommandSubmitted' ? record.data.command.initiative : record.initiative;
}

/** The organisation of a record's sender, or the one that the sender acted for. */
export function organisationOf({ actor }: LedgerRecord): string {
  return (actor.onBehalfOf ?? actor).organisation;
}

/** Days from the day that a record is dated to the day of its recording in the programme's time zone; 0 if one of them is no day. */
export function daysLateOf({ occurredOn, recordedAt }: LedgerRecord, timeZone: string): number {
  const recorded = Date.parse(recordedAt);
  return Number.isNaN(recorded) ? 0 : Math.max(0, daysBetween(occurredOn, dayIn(timeZone, recorded)));
}

/** Whether a record moves money, or would have. */
export function isOfMoney(record: LedgerRecord): boolean {
  if (record.type !== 'CommandRefused') return isOfRequest(record) || effectsOf(record).sums !== undefined;
  const type = refusedType(record);
  return isKnown(type) && movesMoney(type);
}

/** The refused command. A newer version may know types that this one does not, and a damaged record may name none: neither stops the fold. */
function refusedCommand({ data }: RefusalRecord): object {
  const command: unknown = data.command;
  return typeof command === 'object' && command !== null ? command : {};
}
function refusedType(record: RefusalRecord): unknown {
  const command = refusedCommand(record);
  return 'type' in command ? command.type : undefined;
}
function isKnown(type: unknown): type is CommandType {
  return typeof type === 'string' && Object.hasOwn(capabilities, type);
}

/** The papers that a record names: those of the event, or of the refused command. */
export function referencesOf(record: LedgerRecord): readonly Reference[] {
  if (record.type !== 'CommandRefused') return record.references ?? [];
  const command = refusedCommand(record);
  // A damaged record may hold anything here.
  const papers: unknown = 'references' in command ? command.references : undefined;
  return Array.isArray(papers) ? papers.filter(isReference) : [];
}
function isReference(paper: unknown): paper is Reference {
  return typeof paper === 'object' && paper !== null && 'id' in paper && typeof paper.id === 'string';
}

function audienceOf(record: LedgerRecord): EntryInternal['audience'] {
  const isMoney = isOfMoney(record);
  if (isOfRequest(record)) return 'request';
  if (record.type !== 'CommandRefused') return isMoney ? 'public-money' : 'public';
  return isMoney ? 'money' : 'other';
}

/** The amount that a record moved or would have moved, in minor units and without its sign. */
function amountOf(record: LedgerRecord): string | undefined {
  if (record.type === 'CommandSubmitted') return amountOfHeld(record.data.command)?.toString();
  if (record.type !== 'CommandRefused') {
    const amount = amountMoved(effectsOf(record))?.amount;
    return amount === undefined ? undefined : (amount < 0n ? -amount : amount).toString();
  }
  const command = refusedCommand(record);
  const data: unknown = 'data' in command ? command.data : undefined;
  const sent: { [field: string]: unknown } = typeof data === 'object' ? { ...data } : {};
  const amount = sent['amount'] ?? sent['change'];
  return typeof amount === 'string' && /^-?\d{1,19}$/.test(amount) ? amount.replace('-', '') : undefined;
}
