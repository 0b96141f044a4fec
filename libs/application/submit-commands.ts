/** Commands go to the ledger in batches; a single command is a batch of one (ADR 22). */
import { Inject } from '@nestjs/common';
import { Command as BusCommand, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Commands } from '../command-processing/commands.js';
import type { AtomicOutcome, Outcome } from '../command-processing/outcome.js';
import type { Command } from '../domain/commands.js';

/** The injection token of {@link Commands}. */
export const commandsToken = Symbol('Commands');

/** Commands that the ledger decides one by one; a dry run records nothing. */
export class SubmitCommands extends BusCommand<Outcome[]> {
  constructor(
    readonly commands: readonly Command[],
    readonly dryRun: boolean,
  ) {
    super();
  }
}
@CommandHandler(SubmitCommands)
export class SubmitCommandsHandler implements ICommandHandler<SubmitCommands> {
  constructor(@Inject(commandsToken) private readonly commands: Commands) {}
  execute({ commands, dryRun }: SubmitCommands): Promise<Outcome[]> {
    return this.commands.submitAll(commands, { dryRun });
  }
}

/** Commands to one programme that the ledger records all or none. */
export class SubmitAtomically extends BusCommand<AtomicOutcome> {
  constructor(
    readonly commands: readonly Command[],
    readonly dryRun: boolean,
  ) {
    super();
  }
}
@CommandHandler(SubmitAtomically)
export class SubmitAtomicallyHandler implements ICommandHandler<SubmitAtomically> {
  constructor(@Inject(commandsToken) private readonly commands: Commands) {}
  execute({ commands, dryRun }: SubmitAtomically): Promise<AtomicOutcome> {
    return this.commands.submitAtomically(commands, { dryRun });
  }
}
