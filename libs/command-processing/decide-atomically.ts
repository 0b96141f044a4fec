import { Refusal } from '../domain/refusal.js';
import type { NewEntry } from '../event-log/ports.js';
import { BatchWorkspace } from './batch-workspace.js';
import { recordRefusal, type Alarm, type Decided, type Pending } from './decide-command.js';
import type { Clock } from './clock.js';
import type { AtomicOutcome, Outcome, RefusedOutcome } from './outcome.js';

export type DecidedTogether = { outcome: AtomicOutcome; entries: NewEntry[] };
type Options = {
  decide: (command: Pending, workspace: BatchWorkspace) => Decided;
  clock: Clock;
  alarm: Alarm;
  /** The most bytes of entries that one append takes. */
  mostBytes: number;
};

/**
 * Decides commands one on top of another, all or none: the first refusal stops all. Then only that refusal is recorded. It says so, because its figures may
 * include what the commands before it would have done.
 */
export function decideAtomically(
  commands: readonly Pending[],
  workspace: BatchWorkspace,
  { decide, clock, alarm, mostBytes }: Options,
): DecidedTogether {
  const attempt = new BatchWorkspace(workspace.states, workspace.heads);
  const decided: Decided[] = [];
  let bytes = 0;
  for (const [index, command] of commands.entries()) {
    const made = decide(command, attempt);
    if (made.outcome.kind === 'refused') {
      const { outcome, entries } = stopped(made.outcome, (refusal) => recordRefusal(command, workspace, clock, refusal, alarm));
      return { outcome: { stoppedBy: index, outcome }, entries };
    }
    decided.push(made);
    for (const entry of made.entries) bytes += entry.bytes.byteLength;
    if (bytes > mostBytes) return { outcome: { tooLarge: true }, entries: [] };
  }
  attempt.applyTo(workspace);
  return { outcome: { outcomes: decided.map(({ outcome }) => outcome) }, entries: decided.flatMap(({ entries }) => entries) };
}

/** Records the refusal that stopped the others, unless it leaves no record or is on record already. */
function stopped(
  outcome: RefusedOutcome,
  recordOf: (refusal: Refusal) => { outcome: RefusedOutcome; entries: NewEntry[] },
): { outcome: RefusedOutcome; entries: NewEntry[] } {
  const { code, detail, figures, position, replayed } = outcome;
  if (position === undefined || replayed) return { outcome, entries: [] };
  const { available, requested, committed } = figures;
  return recordOf(
    new Refusal(code, `in an atomic batch, of which nothing else is recorded: ${detail}`, {
      ...(available !== undefined && { available: BigInt(available) }),
      ...(requested !== undefined && { requested: BigInt(requested) }),
      ...(committed !== undefined && { committed: BigInt(committed) }),
    }),
  );
}

/** The outcome of an atomic batch, from the outcomes of a cumulative dry run. */
export function togetherOf(outcomes: readonly Outcome[]): AtomicOutcome {
  const index = outcomes.findIndex(({ kind }) => kind === 'refused');
  const outcome = outcomes[index];
  return outcome?.kind === 'refused' ? { stoppedBy: index, outcome } : { outcomes: [...outcomes] };
}
