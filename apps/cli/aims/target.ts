import type { Command } from '../../../libs/domain/commands.js';
import type { LedgerRecord } from '../../../libs/event-log/record.js';
import { UserError } from '../output.js';
import { faultInWords, type Fault } from './fault.js';

/** The outcome of a command: accepted or refused, and whether it is that of an earlier command with the same id. Figures are minor units. */
export type Answer =
  | { accepted: true; replayed?: true }
  | { accepted: false; code: string; detail: string; figures?: { available?: string; requested?: string }; replayed?: true };

/** A ledger to read before an import. */
export interface ImportSource {
  /** Every record of a programme after a position, in order; none if there is no such programme. */
  records(programme: string, after: number): AsyncIterable<LedgerRecord>;
}
/** A ledger to import into: one that this process has open, or a running one. */
export interface ImportTarget extends ImportSource {
  /**
   * The answer to each command, in their order. A dry run decides them one after another and records nothing.
   * @throws {ImportStopped} the ledger accepts no commands now, or none from this sender
   */
  submitAll(commands: readonly Command[], options?: { dryRun?: boolean }): Promise<Answer[]>;
}

/** The import can't continue. Everything recorded so far stays, and the same import again continues from there. */
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
