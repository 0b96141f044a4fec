import type { Outcome } from '../command-processing/outcome.js';
import { refuseWrongRole } from '../domain/authorisation.js';
import type { Command } from '../domain/commands.js';
import { Refusal } from '../domain/refusal.js';

/**
 * The refusal of a command that its sender may never send, whatever the ledger holds; `undefined` for all others. Such a command is refused before it is
 * queued. It is logged but not recorded, so that a role without the right to write can't fill the ledger's history.
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
