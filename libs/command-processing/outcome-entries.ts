/** Log entries for outcomes that leave no record: senders in other processes wait for them. */
import type { NewEntry, Offset } from '../event-log/ports.js';
import { trusted } from '../trusted/trusted.js';
import type { Pending } from './decide-command.js';
import type { AtomicOutcome, Outcome } from './outcome.js';

/** A message from the inbox on its way through the processor. */
export type PendingReceived =
  | Pending
  | { offset: Offset; dryRun: readonly Pending[] }
  | { offset: Offset; atomic: readonly Pending[] }
  | { offset: Offset; unreadable: Uint8Array }
  | { offset: Offset; lapsed: true };
/** The outcome of an atomic batch that was stopped. */
export type Stopped = Exclude<AtomicOutcome, { outcomes: Outcome[] }>;
/**
 * The content of an outcome entry: the outcome of a command, those of a dry run in their order, or what stopped an atomic batch. `unreadable`: the owner could
 * not read the message. `lapsed`: the dry run was not decided in time.
 */
export type OutcomeContent =
  { outcome: Outcome } | { outcomes: Outcome[] } | { stopped: Stopped } | { unreadable: true } | { lapsed: true };

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const noCommand = { organisation: '', id: '', digest: '', index: 0, count: 1 };

/** The commands of a message that are to be recorded. */
export function commandsIn(received: PendingReceived): readonly Pending[] {
  if ('command' in received) return [received];
  return 'atomic' in received ? received.atomic : [];
}

export function outcomeEntry({ command, digest, offset }: Pending, outcome: Outcome): NewEntry {
  const ref = { offset, organisation: command.actor.organisation, id: command.commandId, digest: digest.hex, index: 0, count: 1 };
  return entryOf({ outcome }, ref, command.programme);
}
export function dryRunEntry({ offset, dryRun }: { offset: Offset; dryRun: readonly Pending[] }, outcomes: Outcome[]): NewEntry {
  return { ...entryOf({ outcomes }, { ...noCommand, offset }, dryRun[0]?.command.programme), expires: true };
}
export function stoppedEntry({ offset, atomic }: { offset: Offset; atomic: readonly Pending[] }, stopped: Stopped): NewEntry {
  return entryOf({ stopped }, { ...noCommand, offset }, atomic[0]?.command.programme);
}
export function lapsedEntry(offset: Offset): NewEntry {
  return entryOf({ lapsed: true }, { ...noCommand, offset });
}
export function unreadableEntry(offset: Offset): NewEntry {
  return entryOf({ unreadable: true }, { ...noCommand, offset });
}

function entryOf(answered: OutcomeContent, command: NonNullable<NewEntry['command']>, programme?: string): NewEntry {
  return { kind: 'outcome', bytes: encoder.encode(JSON.stringify(answered)), command, ...(programme !== undefined && { programme }) };
}

/** Reads the content of an outcome entry. Only the processor writes them, so their shape is trusted. */
export function contentOf(bytes: Uint8Array): OutcomeContent {
  const answered: unknown = JSON.parse(decoder.decode(bytes));
  if (isOutcomeContent(answered)) return trusted(answered);
  throw new TypeError('an outcome in the log has a shape that this version does not know');
}
function isOutcomeContent(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && ['outcome', 'outcomes', 'stopped', 'unreadable', 'lapsed'].some((name) => name in value)
  );
}
