import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Head } from '../event-log/ports.js';
import type { BatchWorkspace } from './batch-workspace.js';
import type { Clock } from './clock.js';
import { decideCommand, type Pending } from './decide-command.js';
import { ProgrammeBusy, withRequest, type Outcome } from './outcome.js';
import { noAlarm } from './processor-options.js';

/** Commands that are decided in one turn of the event loop, a few milliseconds. */
const atOnce = 100;
/** How often a dry run begins while its programmes are written. */
const mostAttempts = 10;

/** The ledger that a dry run decides on. */
export type DryRunLedger = {
  /** A programme's head now. */
  readonly headOf: (programme: string) => Head | undefined;
  /** A new overlay over the present states. */
  readonly newWorkspace: () => BatchWorkspace;
  /** Loads the states that commands need. */
  readonly load: (commands: readonly Pending[], workspace: BatchWorkspace) => void;
  readonly clock: () => Clock;
  /** Called before each part; what it throws ends the dry run. */
  readonly beforePart: () => void;
};

/**
 * Decides commands as they would be decided now, each on top of those before it. Records nothing, uses up no id and raises no alarm. Between its parts others
 * have a turn. If the programmes are written meanwhile, it begins again: all outcomes are of one moment.
 * @throws {ProgrammeBusy} they were written at each of many attempts @throws {StatesDamaged}
 */
export async function dryRunOf(
  commands: readonly Pending[],
  { headOf, newWorkspace, load, clock, beforePart }: DryRunLedger,
): Promise<Outcome[]> {
  const programmes = [...new Set(commands.map(({ command }) => command.programme))];
  const begin = (): { heads: (Head | undefined)[]; workspace: BatchWorkspace; outcomes: Outcome[] } => ({
    heads: programmes.map(headOf),
    workspace: newWorkspace(),
    outcomes: [],
  });
  let run = begin();
  for (let attempt = 1; run.outcomes.length < commands.length;) {
    if (run.outcomes.length > 0) await nextTurn();
    beforePart();
    if (programmes.some((programme, index) => headOf(programme) !== run.heads[index])) {
      if (++attempt > mostAttempts) throw new ProgrammeBusy();
      run = begin();
    }
    const { workspace, outcomes } = run;
    const part = commands.slice(outcomes.length, outcomes.length + atOnce);
    load(part, workspace);
    outcomes.push(...part.map((command) => unrecorded(decideCommand(command, workspace, clock(), noAlarm).outcome)));
  }
  return run.outcomes;
}

/** A dry run's outcome has neither position nor hash, because nothing was recorded. */
function unrecorded(outcome: Outcome): Outcome {
  if (outcome.replayed) return outcome;
  if (outcome.kind === 'refused') {
    const { commandId, code, detail, figures } = outcome;
    return { kind: 'refused', commandId, code, detail, figures, dryRun: true };
  }
  if (outcome.nothingNew) return { ...outcome, dryRun: true };
  const { commandId, programme, initiative, version, events } = outcome.receipt;
  return {
    kind: 'accepted',
    receipt: withRequest({ commandId, programme, ...(initiative !== undefined && { initiative }), version, events }),
    dryRun: true,
  };
}
