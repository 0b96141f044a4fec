import type { Command } from '../../../libs/domain/commands.js';
import type { Commands } from '../../../libs/command-processing/commands.js';
import { CommandsUnavailable, CommandTooLarge, type Outcome } from '../../../libs/command-processing/outcome.js';
import type { EventLog } from '../../../libs/event-log/ports.js';
import { MalformedCommand } from '../../../libs/http/malformed-command.js';
import { parseBatchLine } from '../../../libs/http/parse-command.js';
import { ImportStopped, type Answer, type ImportTarget } from '../aims/target.js';
import { lineOf } from '../../../libs/http/batch-line.js';
import { logSource } from './log-source.js';

/** Imports into a ledger that this process has open. */
export function embeddedTarget(commands: Commands, log: EventLog): ImportTarget {
  return {
    ...logSource(log),
    async submitAll(sent, options = {}) {
      const answers: Answer[] = [];
      const taken: { command: Command; index: number }[] = [];
      sent.forEach((command, index) => {
        try {
          const { onBehalfOf: _, ...sender } = command.actor;
          taken.push({ command: parseBatchLine(lineOf(command), command.programme, sender), index });
        } catch (error) {
          if (!(error instanceof MalformedCommand)) throw error;
          answers[index] = { accepted: false, code: 'malformed', detail: error.message };
        }
      });
      const outcomes = await submit(
        commands,
        taken.map(({ command }) => command),
        options,
      );
      outcomes.forEach((outcome, offset) => {
        const index = taken[offset]?.index;
        if (index !== undefined) answers[index] = answerOf(outcome);
      });
      return answers;
    },
  };
}

async function submit(commands: Commands, some: readonly Command[], options: { dryRun?: boolean }): Promise<Outcome[]> {
  try {
    const outcomes = await commands.submitAll(some, options);
    const waiting = outcomes.find((outcome) => outcome.kind === 'refused' && outcome.code === 'clock-behind');
    if (waiting?.kind === 'refused') throw new ImportStopped(waiting.detail);
    return outcomes;
  } catch (error) {
    if (error instanceof CommandsUnavailable || error instanceof CommandTooLarge) throw new ImportStopped(error.message, { cause: error });
    throw error;
  }
}

function answerOf(outcome: Outcome): Answer {
  const replayed = outcome.replayed && { replayed: outcome.replayed };
  if (outcome.kind === 'accepted') return { accepted: true, ...replayed };
  const { code, detail, figures } = outcome;
  return { accepted: false, code, detail, ...(Object.keys(figures).length > 0 && { figures }), ...replayed };
}
