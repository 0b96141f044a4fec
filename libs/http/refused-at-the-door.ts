import type { Outcome } from '../command-processing/outcome.js';
import { refuseWrongRole } from '../domain/authorisation.js';
import type { Command } from '../domain/commands.js';
import { Refusal } from '../domain/refusal.js';

/**
 * Whether a command is one that its sender may never send, whatever the ledger holds: it is refused before it is queued, logged, and not recorded, so
 * that a role without a right to write can't fill the log.
 */
export function refusedAtTheDoor(command: Command): Extract<Outcome, { kind: 'refused' }> | undefined {
  try {
    refuseWrongRole(command);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: 'refused', commandId: command.commandId, code: error.code, detail: error.message, figures: {} };
  }
}
