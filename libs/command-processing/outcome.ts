import type { EventType } from '../domain/events.js';
import type { RefusalCode } from '../domain/capabilities.js';

/** What a command's sender gets back. Position and hash are of the last record where a command made several; a dry run has neither. */
export type Receipt = {
  commandId: string;
  programme: string;
  initiative?: string;
  version: number;
  position?: number;
  hash?: string;
  events: EventType[];
};

/**
 * What became of a command:
 * - `accepted`: recorded now, or (`replayed`) with the same command id before; `nothingNew` where the same content had been recorded under another command id.
 * - `refused`: a rule said no; recorded in an established programme (`position`), unless it left no record.
 * Figures are minor units as decimal strings.
 */
export type Outcome =
  | { kind: 'accepted'; receipt: Receipt; replayed?: true; nothingNew?: true; dryRun?: true }
  | {
      kind: 'refused';
      commandId: string;
      code: RefusalCode;
      detail: string;
      figures: { available?: string; requested?: string };
      position?: number;
      hash?: string;
      replayed?: true;
      dryRun?: true;
    };

export type RefusedOutcome = Extract<Outcome, { kind: 'refused' }>;

/**
 * What became of commands that are recorded all or none: the outcome of each; or which of them, from 0 on, stopped all; or that they make more entries than
 * one append takes. Where they were stopped nothing of them is recorded but that refusal.
 */
export type AtomicOutcome = { outcomes: Outcome[] } | { stoppedBy: number; outcome: RefusedOutcome } | { tooLarge: true };

/** The log takes nothing now; the same command id may ask again for the outcome. `retryAfter` in seconds. */
export class CommandsUnavailable extends Error {
  override readonly name = 'CommandsUnavailable';
  constructor(
    message: string,
    readonly retryAfter: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
/** A dry run would be of two moments: its programme was written each time it was decided. */
export class ProgrammeBusy extends CommandsUnavailable {
  constructor() {
    super('the programme was written each time the dry run was decided; ask again, or with fewer commands', 1);
  }
}
/** One command is larger than 64 KiB, or makes entries beyond what one append takes. */
export class CommandTooLarge extends Error {
  override readonly name = 'CommandTooLarge';
}
