import { requestIdOf } from '../domain/requests/decide.js';
import type { EventType } from '../domain/events.js';
import type { RefusalCode } from '../domain/capabilities.js';

/** The receipt for a command's sender. Position and hash are those of the command's last record; a dry run has neither. */
export type Receipt = {
  commandId: string;
  programme: string;
  initiative?: string;
  version: number;
  position?: number;
  hash?: string;
  events: EventType[];
  /** The request in which the command waits for a second person. */
  requestId?: string;
};

/** A receipt that names its request, if its command waits for a second person. A request is named after its version. */
export function withRequest(receipt: Receipt): Receipt {
  return receipt.events[0] === 'CommandSubmitted' ? { ...receipt, requestId: requestIdOf(receipt.version) } : receipt;
}

/**
 * The outcome of a command:
 * - `accepted`: recorded now, or earlier under the same command id (`replayed`), or the same content under another command id (`nothingNew`). The last also if
 *   that content waits for a second person; the receipt is then that of its request.
 * - `refused`: a rule said no. The refusal has a `position` if it was recorded in an established programme.
 * Figures are minor units as decimal strings.
 */
export type Outcome =
  | { kind: 'accepted'; receipt: Receipt; replayed?: true; nothingNew?: true; dryRun?: true }
  | {
      kind: 'refused';
      commandId: string;
      code: RefusalCode;
      detail: string;
      figures: { available?: string; requested?: string; committed?: string };
      position?: number;
      hash?: string;
      replayed?: true;
      dryRun?: true;
    };

export type RefusedOutcome = Extract<Outcome, { kind: 'refused' }>;

/**
 * The outcome of an atomic batch: the outcome of each command; or the index (from 0) and the refusal of the one that stopped all, and only that refusal is
 * recorded; or `tooLarge`, if the batch makes more entries than one append takes.
 */
export type AtomicOutcome = { outcomes: Outcome[] } | { stoppedBy: number; outcome: RefusedOutcome } | { tooLarge: true };

/** No command can be recorded now. The sender may ask again with the same command id, after `retryAfter` seconds. */
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
/** A dry run did not see one state of its programme: other commands were recorded during each attempt. */
export class ProgrammeBusy extends CommandsUnavailable {
  constructor() {
    super('the programme was written each time the dry run was decided; ask again, or with fewer commands', 1);
  }
}
/** One command is larger than 64 KiB, or makes more entries than one append takes. */
export class CommandTooLarge extends Error {
  override readonly name = 'CommandTooLarge';
}
