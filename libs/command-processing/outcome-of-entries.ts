import { type EventType } from '../domain/events.js';
import { eventTypes } from '../domain/capabilities.js';
import type { Entry } from '../event-log/ports.js';
import { decodeRecord, hashOf } from '../event-log/record.js';
import { contentOf, type OutcomeContent, type Stopped } from './outcome-entries.js';
import { outcomeOf } from './apply-command.js';
import { CommandsUnavailable, withRequest, type Outcome } from './outcome.js';

/** The beginning of an event's bytes, with every field that a receipt needs. Codes are ASCII without characters that JSON escapes. */
const beginning =
  /^\{"programme":"([^"\\]+)","position":(\d+)(?:,"initiative":"([^"\\]+)")?,"version":(\d+),"type":"([A-Za-z]+)","schema":1,/;
/** In bytes. Codes have at most 64 characters, so no beginning is longer. */
const longestBeginning = 512;
const types: ReadonlyMap<string, EventType> = new Map(eventTypes.map((type) => [type, type]));

/**
 * Whether all entries of one message in the inbox are there: every entry of each of its commands, or the one entry that says what stopped an atomic batch.
 */
export function isComplete(entries: readonly Entry[], commands: number): boolean {
  const last = entries.at(-1);
  if (!last) return false;
  const ended = entries.filter(isLastOfItsCommand).length;
  return ended >= commands || (commands > 1 && last.kind === 'outcome' && isOfAll(contentOf(last.bytes)));
}

/** The outcome of a command, a dry run or an atomic batch, from its complete entries. */
export function toldBy(entries: readonly Entry[]): { outcomes: Outcome[] } | Stopped {
  const last = entries.at(-1);
  const answered = last?.kind === 'outcome' ? contentOf(last.bytes) : undefined;
  if (answered && 'stopped' in answered) return answered.stopped;
  const outcomes: Outcome[] = [];
  let from = 0;
  for (const [index, entry] of entries.entries())
    if (isLastOfItsCommand(entry)) {
      outcomes.push(...outcomesOf(entries.slice(from, index + 1)));
      from = index + 1;
    }
  return { outcomes };
}

function isLastOfItsCommand({ command }: Entry): boolean {
  return command !== undefined && command.index + 1 === command.count;
}
function isOfAll(answered: OutcomeContent): boolean {
  return 'stopped' in answered || 'unreadable' in answered;
}

/** The outcomes of one command or one dry run, from its entries. @throws {CommandsUnavailable} the dry run lapsed */
export function outcomesOf(entries: readonly Entry[]): Outcome[] {
  const [first, ...rest] = entries;
  if (!first) throw new Error('a command left no entry');
  if (first.kind === 'record') return [accepted(entries) ?? outcomeOf([hashed(first), ...rest.map(hashed)])];
  const answered = contentOf(first.bytes);
  if ('outcome' in answered) return [answered.outcome];
  if ('outcomes' in answered) return answered.outcomes;
  if ('lapsed' in answered) throw new CommandsUnavailable('the dry run was not decided in time; ask again', 1);
  throw new Error('the owner of the partition could not read what was sent');
}

const hashed = ({ bytes }: Entry) => ({ record: decodeRecord(bytes), hash: hashOf(bytes) });

/** The receipt of a command whose entries are events. It reads only their beginnings, which hold all that the receipt needs. */
function accepted(entries: readonly Entry[]): Outcome | undefined {
  const events: EventType[] = [];
  let target: string | undefined;
  let version = 0;
  let last: RegExpExecArray | undefined;
  for (const { bytes } of entries) {
    last = beginning.exec(textOf(bytes)) ?? undefined;
    const type = last && types.get(last[5] ?? '');
    if (!last || !type) return undefined;
    events.push(type);
    const [, , , initiative, ownVersion] = last;
    target ??= initiative;
    // A transfer has events of two initiatives; its receipt names the version of the first, the giver.
    if (initiative === target) version = Number(ownVersion);
  }
  const entry = entries.at(-1);
  if (!last || !entry?.command) return undefined;
  const [, programme = '', position] = last;
  return {
    kind: 'accepted',
    receipt: withRequest({
      commandId: entry.command.id,
      programme,
      ...(target !== undefined && { initiative: target }),
      version,
      position: Number(position),
      hash: hashOf(entry.bytes),
      events,
    }),
  };
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, Math.min(byteLength, longestBeginning)).toString('latin1');
}
