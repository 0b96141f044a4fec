/** The seam between HTTP and the rest: one message and one handler each way, which forwards. */
import { Inject } from '@nestjs/common';
import { Command as BusCommand, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Commands } from '../command-processing/commands.js';
import type { AtomicOutcome, Outcome } from '../command-processing/outcome.js';
import type { Command } from '../domain/commands.js';
import { Queries } from '../projections/queries.js';
import type { Asker } from '../projections/readers.js';

/** Where handlers get {@link Commands} from. */
export const commandsToken = Symbol('Commands');

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

/** Commands to one programme that are recorded all or none. */
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

/** Something asked of the read models, and by whom. */
export class AskQueries<T> extends Query<T> {
  constructor(
    readonly ask: (queries: Queries) => Promise<T>,
    readonly asker: Asker,
  ) {
    super();
  }
}

@QueryHandler(AskQueries)
export class AskQueriesHandler implements IQueryHandler<AskQueries<unknown>> {
  constructor(private readonly queries: Queries) {}
  execute({ ask, asker }: AskQueries<unknown>): Promise<unknown> {
    return ask(this.queries.for(asker));
  }
}
