import type { Command } from '../../../libs/domain/commands.js';
import type { LedgerRecord } from '../../../libs/event-log/record.js';
import { UserError } from '../output.js';
import { faultInWords, type Fault } from './fault.js';

/** What became of a command: refusals are results too. */
export type Answer = { accepted: true } | { accepted: false; code: string; detail: string };

/** A ledger to read before an import. */
export interface ImportSource {
  /** Every record of a programme after a position, in order; none if there is no such programme. */
  records(programme: string, after: number): AsyncIterable<LedgerRecord>;
}
/** A ledger to import into: one opened here, or one that serves elsewhere. */
export interface ImportTarget extends ImportSource {
  /** The answer to each command, in their order. @throws {ImportStopped} the ledger takes nothing (now, or from this sender) */
  submitAll(commands: readonly Command[]): Promise<Answer[]>;
}

/** The import can't go on; what was recorded so far stays, and the same import again goes on from there. */
export class ImportStopped extends UserError {
  override readonly name = 'ImportStopped';
}

/** Nothing was sent: the release has faults, or the ledger holds another release. */
export class ReleaseRefused extends UserError {
  override readonly name: string = 'ReleaseRefused';
  constructor(
    message: string,
    readonly faults: readonly Fault[] = [],
  ) {
    super([message, ...faults.map(faultInWords)].join('\n'));
  }
}
