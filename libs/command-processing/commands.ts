import type { Command } from '../domain/commands.js';
import type { AtomicOutcome, Outcome } from './outcome.js';

/** The entry for commands from HTTP, batches and imports. */
export interface Commands {
  /** Decides and records one command. @throws {CommandsUnavailable} @throws {CommandTooLarge} */
  submit(command: Command, options?: { dryRun?: boolean }): Promise<Outcome>;
  /** Decides commands in their order, each as {@link submit}; a dry run is cumulative. @returns their outcomes in the same order */
  submitAll(commands: readonly Command[], options?: { dryRun?: boolean }): Promise<Outcome[]>;
  /** Decides commands to one programme in their order, and records all in one append or none. @throws {CommandsUnavailable} @throws {CommandTooLarge} */
  submitAtomically(commands: readonly Command[], options?: { dryRun?: boolean }): Promise<AtomicOutcome>;
  /** The outcome of an organisation's command by its id, for as long as the ledger keeps it. */
  outcome(programme: string, organisation: string, commandId: string): Promise<Outcome | undefined>;
}
