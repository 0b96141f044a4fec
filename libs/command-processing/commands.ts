import type { Command } from '../domain/commands.js';
import type { AtomicOutcome, Outcome } from './outcome.js';

/** The way in for commands: what HTTP, the batch and the import call. */
export interface Commands {
  /** Decides and records one command. @throws {CommandsUnavailable} @throws {CommandTooLarge} */
  submit(command: Command, options?: { dryRun?: boolean }): Promise<Outcome>;
  /** Decides commands in their order, each as {@link submit}; a dry run is cumulative. The outcome of each in the same order. */
  submitAll(commands: readonly Command[], options?: { dryRun?: boolean }): Promise<Outcome[]>;
  /** Decides commands to one programme in their order and records all of them in one append, or none. @throws {CommandsUnavailable} @throws {CommandTooLarge} */
  submitAtomically(commands: readonly Command[], options?: { dryRun?: boolean }): Promise<AtomicOutcome>;
  /** The outcome of a command of an organisation by its id, while it is known. */
  outcome(programme: string, organisation: string, commandId: string): Promise<Outcome | undefined>;
}
