import type { AtomicOutcome, Outcome } from '../command-processing/outcome.js';
import { batchLimits } from '../command-processing/processor-options.js';
import type { Command } from '../domain/commands.js';
import type { Actor } from '../domain/vocabulary.js';
import { readLines } from './batch.js';
import { answerTo, type CommandAnswer } from './outcome-answer.js';
import { problem, problemOfRefusal, ProblemError } from './problem.js';

const kibibyte = 1_024;

/**
 * The answers to the lines of a batch that is recorded all or none, in the order of the lines.
 * @throws {ProblemError} a line is not a command or is refused by a rule, and so stops the batch (the problem names it); or the batch exceeds one append
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

/** The outcomes of a batch; for a stopped batch, only the refusal that stopped it. */
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
      `an atomic batch is one append, of at most ${commands} commands and ${bytes / kibibyte} KiB of records; nothing was recorded: send a smaller batch, or send it without atomic`,
    ),
  );
}
