import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { SubmitAtomically, SubmitCommands } from '../application/submit-commands.js';
import type { Outcome } from '../command-processing/outcome.js';
import type { Actor } from '../domain/vocabulary.js';
import { answerAtomicBatch, outcomesIn } from './atomic-batch.js';
import { answerBatch } from './batch.js';
import { dependenciesToken, type Dependencies } from './dependencies.js';
import type { CommandAnswer } from './outcome-answer.js';
import { OwnWrites } from './own-writes.js';
import type { BatchModes } from './parameters.js';

/** Submits commands that arrive as lines of a batch, from programs and from forms alike. Counts them, and remembers what their sender was told. */
@Injectable()
export class SubmittedLines {
  constructor(
    @Inject(dependenciesToken) private readonly dependencies: Dependencies,
    private readonly bus: CommandBus,
    private readonly ownWrites: OwnWrites,
  ) {}

  /**
   * The answers to the lines in their order.
   * @throws {ProblemError} a line stops an atomic batch, or the batch is too large @throws {CommandsUnavailable} @throws {CommandTooLarge}
   */
  async submit(lines: readonly string[], programme: string, sender: Actor, { dryRun, atomic }: BatchModes): Promise<CommandAnswer[]> {
    const { metrics, logger } = this.dependencies;
    metrics.submitted(sender.organisation, lines.length);
    const told = (outcomes: readonly Outcome[]) => {
      for (const outcome of outcomes) {
        metrics.answered(outcome);
        this.ownWrites.told(sender, programme, outcome);
      }
    };
    const answers = atomic
      ? await answerAtomicBatch(lines, programme, sender, async (commands) => {
          const outcome = await this.bus.execute(new SubmitAtomically(commands, dryRun));
          told(outcomesIn(outcome));
          return outcome;
        })
      : await answerBatch(lines, programme, sender, async (commands) => {
          const outcomes = await this.bus.execute(new SubmitCommands(commands, dryRun));
          told(outcomes);
          return outcomes;
        });
    const forbidden = answers.filter(({ status, position }) => status === 403 && position === undefined).length;
    if (forbidden > 0)
      logger.info({ programme, organisation: sender.organisation, subject: sender.id, code: 'forbidden', commands: forbidden }, 'refused');
    return answers;
  }
}
