/** Answers on the log: what became of what left no record, for whoever waits for it in another process. */
import type { NewEntry, Place } from '../event-log/ports.js';
import { trusted } from '../trusted/trusted.js';
import type { Pending } from './decide-command.js';
import type { AtomicOutcome, Outcome } from './outcome.js';

/** What came from an inbox, on its way through the processor. */
export type PendingReceived =
  | Pending
  | { place: Place; rehearsal: readonly Pending[] }
  | { place: Place; atomic: readonly Pending[] }
  | { place: Place; unreadable: Uint8Array }
  | { place: Place; lapsed: true };
/** What stopped commands that are recorded all or none. */
export type Stopped = Exclude<AtomicOutcome, { outcomes: Outcome[] }>;
/** What an answer holds: an outcome of a command, those of a rehearsal in their order, or what stopped commands that are recorded all or none. */
export type Answered = { outcome: Outcome } | { outcomes: Outcome[] } | { stopped: Stopped } | { unreadable: true } | { lapsed: true };

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const noCommand = { organisation: '', id: '', digest: '', index: 0, count: 1 };

/** Commands that are to be recorded. */
export function commandsIn(received: PendingReceived): readonly Pending[] {
  if ('command' in received) return [received];
  return 'atomic' in received ? received.atomic : [];
}

export function answerTo({ command, digest, place }: Pending, outcome: Outcome): NewEntry {
  const ref = { place, organisation: command.actor.organisation, id: command.commandId, digest: digest.hex, index: 0, count: 1 };
  return answer({ outcome }, ref, command.programme);
}
export function answerToRehearsal({ place, rehearsal }: { place: Place; rehearsal: readonly Pending[] }, outcomes: Outcome[]): NewEntry {
  return { ...answer({ outcomes }, { ...noCommand, place }, rehearsal[0]?.command.programme), expires: true };
}
export function answerToStopped({ place, atomic }: { place: Place; atomic: readonly Pending[] }, stopped: Stopped): NewEntry {
  return answer({ stopped }, { ...noCommand, place }, atomic[0]?.command.programme);
}
export function answerToLapsed(place: Place): NewEntry {
  return answer({ lapsed: true }, { ...noCommand, place });
}
export function answerToUnreadable(place: Place): NewEntry {
  return answer({ unreadable: true }, { ...noCommand, place });
}

function answer(answered: Answered, command: NonNullable<NewEntry['command']>, programme?: string): NewEntry {
  return { kind: 'answer', bytes: encoder.encode(JSON.stringify(answered)), command, ...(programme !== undefined && { programme }) };
}

/** Reads an answer. Only the processor writes them: their shape is trusted. */
export function answeredIn(bytes: Uint8Array): Answered {
  const answered: unknown = JSON.parse(decoder.decode(bytes));
  if (isAnswered(answered)) return trusted(answered);
  throw new TypeError('an answer of the log is none of this version’s');
}
function isAnswered(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && ['outcome', 'outcomes', 'stopped', 'unreadable', 'lapsed'].some((name) => name in value)
  );
}
