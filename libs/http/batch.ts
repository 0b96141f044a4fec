import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Outcome } from '../command-processing/outcome.js';
import { digestOf, largestCommand } from '../command-processing/digest.js';
import type { Command } from '../domain/commands.js';
import type { Actor } from '../domain/vocabulary.js';
import { isObject } from './fields.js';
import { answerTo, type CommandAnswer } from './outcome-answer.js';
import { isId, MalformedCommand, parseBatchLine } from './parse-command.js';
import { problem, ProblemError } from './problem.js';
import { redactTokens } from './redact-tokens.js';

/** The most lines of one batch. */
export const longestBatch = 10_000;
/** After so many lines other requests get their turn. */
const linesInOneGo = 200;

/** The answer to every line, in their order. A line that is no command is answered 400 (413 where it is too large), and the rest goes on. */
export async function answerBatch(
  text: string,
  programme: string,
  actor: Actor,
  submit: (commands: readonly Command[]) => Promise<Outcome[]>,
): Promise<CommandAnswer[]> {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length > longestBatch)
    throw new ProblemError(
      problem(413, 'batch-too-long', `the batch has ${lines.length} lines; at most ${longestBatch} are taken at once`),
    );
  const answers: CommandAnswer[] = [];
  const commands: { command: Command; line: number }[] = [];
  for (const [line, sent] of lines.entries()) {
    if (line % linesInOneGo === linesInOneGo - 1) await nextTurn();
    const read = readLine(sent, programme, actor);
    if ('command' in read) commands.push({ command: read.command, line });
    else answers[line] = read;
  }
  const outcomes = await submit(commands.map(({ command }) => command));
  outcomes.forEach((outcome, index) => {
    const sent = commands[index];
    if (!sent) return;
    const answer = answerTo(outcome);
    answer.commandId = sent.command.commandId;
    answers[sent.line] = answer;
  });
  return answers;
}

function readLine(sent: string, programme: string, actor: Actor): { command: Command } | CommandAnswer {
  try {
    const command = parseBatchLine(sent, programme, actor);
    if (sent.length > largestCommand / 2 && digestOf(command).size > largestCommand)
      return {
        commandId: command.commandId,
        status: 413,
        code: 'command-too-large',
        detail: `a command has at most ${largestCommand} bytes`,
      };
    return { command };
  } catch (error) {
    if (!(error instanceof MalformedCommand)) throw error;
    return { commandId: commandIdIn(sent), status: 400, code: 'malformed', detail: redactTokens(error.message) };
  }
}

/** The command id that a malformed line names, so that its sender finds the answer; empty where it names none. */
function commandIdIn(line: string): string {
  try {
    const parsed: unknown = JSON.parse(line);
    return isObject(parsed) && 'commandId' in parsed && isId(parsed.commandId) ? parsed.commandId : '';
  } catch {
    return '';
  }
}
