import type { Command } from '../../../libs/domain/commands.js';
import type { LedgerRecord } from '../../../libs/event-log/record.js';

/** What became of a command: refusals are results too. `malformed` stands for what never reached the log. */
export type Answer = { accepted: true } | { accepted: false; code: string; detail: string };

/** A ledger to import into: one opened here, or one that serves elsewhere. */
export interface ImportTarget {
  /** Every record of a programme so far, in order; none where there is no such programme. */
  records(programme: string): AsyncIterable<LedgerRecord>;
  /** The answer to each command, in their order. @throws {ImportStopped} the ledger takes nothing (now, or from this sender) */
  submitAll(commands: readonly Command[]): Promise<Answer[]>;
}

/** The import can't go on; what was recorded so far stays, and the same import again goes on from there. */
export class ImportStopped extends Error {
  override readonly name = 'ImportStopped';
}
