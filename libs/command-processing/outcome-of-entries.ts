import { type EventType } from '../domain/events.js';
import { eventTypes } from '../domain/capabilities.js';
import type { Entry } from '../event-log/ports.js';
import { decodeRecord, hashOf } from '../event-log/record.js';
import { contentOf, type OutcomeContent, type Stopped } from './outcome-entries.js';
import { outcomeOf } from './apply-command.js';
import { CommandsUnavailable, type Outcome } from './outcome.js';

/** How an event's bytes begin: with all that a receipt names of it. Codes are ASCII without anything that JSON would escape. */
const beginning =
  /^\{"programme":"([^"\\]+)","position":(\d+)(?:,"initiative":"([^"\\]+)")?,"version":(\d+),"type":"([A-Za-z]+)","schema":1,/;
/** Codes have at most 64 characters: no beginning is longer. */
const longestBeginning = 512;
const types: ReadonlyMap<string, EventType> = new Map(eventTypes.map((type) => [type, type]));

/**
 * Whether the entries of what lies at one offset in the inbox are all there: every command's up to its last, or that which stopped commands that are recorded
 * all or none.
 */
export function isComplete(entries: readonly Entry[], commands: number): boolean {
  const last = entries.at(-1);
  if (!last) return false;
  const ended = entries.filter(isLastOfItsCommand).length;
  return ended >= commands || (commands > 1 && last.kind === 'outcome' && isOfAll(contentOf(last.bytes)));
}

/** What the complete entries of one command, of one dry run, or of commands that are recorded all or none, say became of it. */
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

/** What the entries of one command, or of one dry run, say became of it. @throws {CommandsUnavailable} the dry run lapsed */
export function outcomesOf(entries: readonly Entry[]): Outcome[] {
  const [first, ...rest] = entries;
  if (!first) throw new Error('a command left no entry');
  if (first.kind === 'record') return [accepted(entries) ?? outcomeOf([hashed(first), ...rest.map(hashed)])];
  const answered = contentOf(first.bytes);
  if ('outcome' in answered) return [answered.outcome];
  if ('outcomes' in answered) return answered.outcomes;
  if ('lapsed' in answered) throw new CommandsUnavailable('the dry run was not decided in time; ask again', 1);
  throw new Error('what was sent could not be read by whoever decides');
}

const hashed = ({ bytes }: Entry) => ({ record: decodeRecord(bytes), hash: hashOf(bytes) });

/** The receipt of a command whose entries are events, read from how they begin: whoever waits for it needs nothing of the rest. */
function accepted(entries: readonly Entry[]): Outcome | undefined {
  const events: EventType[] = [];
  let last: RegExpExecArray | undefined;
  for (const { bytes } of entries) {
    last = beginning.exec(textOf(bytes)) ?? undefined;
    const type = last && types.get(last[5] ?? '');
    if (!type) return undefined;
    events.push(type);
  }
  const entry = entries.at(-1);
  if (!last || !entry?.command) return undefined;
  const [, programme = '', position, initiative, version] = last;
  return {
    kind: 'accepted',
    receipt: {
      commandId: entry.command.id,
      programme,
      ...(initiative !== undefined && { initiative }),
      version: Number(version),
      position: Number(position),
      hash: hashOf(entry.bytes),
      events,
    },
  };
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, Math.min(byteLength, longestBeginning)).toString('latin1');
}
