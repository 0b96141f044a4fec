import type { AtomicOutcome, Outcome } from '../command-processing/outcome.js';
import { batchLimits } from '../command-processing/processor.js';
import type { Command } from '../domain/commands.js';
import type { Actor } from '../domain/vocabulary.js';
import { readLines } from './batch.js';
import { answerTo, type CommandAnswer } from './outcome-answer.js';
import { problem, problemOfRefusal, ProblemError } from './problem.js';

const kibibyte = 1_024;

/**
 * The answer to every line of a batch that is recorded all or none, in their order.
 * @throws {ProblemError} which line stopped it, and why: one that is no command, or one that a rule refused; or the batch is more than one append takes
 */
export async function answerAtomicBatch(
  lines: readonly string[],
  programme: string,
  actor: Actor,
  submit: (commands: readonly Command[]) => Promise<AtomicOutcome>,
): Promise<CommandAnswer[]> {
  if (lines.length > batchLimits.commands) throw tooLarge();
  const commands: Command[] = [];
  for (const [index, read] of (await readLines(lines, programme, actor)).entries()) {
    if (!('command' in read))
      throw stoppedBy(index, new ProblemError(problem(read.status, read.code ?? 'malformed', read.detail ?? '')), read.commandId);
    commands.push(read.command);
  }
  const outcome = await submit(commands);
  if ('tooLarge' in outcome) throw tooLarge();
  if ('stoppedBy' in outcome) throw stoppedBy(outcome.stoppedBy, problemOfRefusal(outcome.outcome));
  return outcome.outcomes.map(answerTo);
}

/** The outcomes of what was decided: of a batch that was stopped the refusal that stopped it. */
export function outcomesIn(outcome: AtomicOutcome): Outcome[] {
  if ('outcomes' in outcome) return outcome.outcomes;
  return 'stoppedBy' in outcome ? [outcome.outcome] : [];
}

function stoppedBy(index: number, { problem: why, headers }: ProblemError, commandId = why.commandId): ProblemError {
  const line = index + 1;
  const more = { line, ...(commandId !== undefined && commandId !== '' && { commandId }) };
  return new ProblemError({ ...why, detail: `line ${line} stopped the batch: ${why.detail}`, ...more }, headers);
}

function tooLarge(): ProblemError {
  const { commands, bytes } = batchLimits;
  return new ProblemError(
    problem(
      413,
      'batch-too-large',
      `an atomic batch is recorded in one append, of at most ${commands} commands and ${bytes / kibibyte} KiB of what they record; nothing of it is: send less at once, or without atomic`,
    ),
  );
}
