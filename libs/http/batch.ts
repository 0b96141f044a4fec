import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Outcome } from '../command-processing/outcome.js';
import { digestOf, largestCommand } from '../command-processing/digest.js';
import type { Command } from '../domain/commands.js';
import type { Actor } from '../domain/vocabulary.js';
import { isObject } from './is-object.js';
import { answerTo, type CommandAnswer } from './outcome-answer.js';
import { MalformedCommand } from './malformed-command.js';
import { isId, parseBatchLine } from './parse-command.js';
import { problem, ProblemError } from './problem.js';
import { refusedAtTheDoor } from './refused-at-the-door.js';
import { redactTokens } from './redact-tokens.js';

/** The most lines of one batch. */
export const longestBatch = 10_000;
/** Lines, or characters of lines, that are parsed before other requests get a turn. */
const inOneGo = { lines: 200, characters: 256 * 1_024 };
/** The most characters of the detail in a line's answer. */
const longestDetail = 1_000;

/**
 * The answers to all lines, in their order. A line that is not a command gets 400 (413 if it is too large), and one that its sender may never send gets
 * 403; the other lines are still decided. @throws {ProblemError} 413 if there are too many lines
 */
export async function answerBatch(
  lines: readonly string[],
  programme: string,
  actor: Actor,
  submit: (commands: readonly Command[]) => Promise<Outcome[]>,
): Promise<CommandAnswer[]> {
  const answers: CommandAnswer[] = [];
  const commands: { command: Command; line: number }[] = [];
  for (const [line, read] of (await readLines(lines, programme, actor)).entries())
    if ('command' in read) commands.push({ command: read.command, line });
    else answers[line] = read;
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

/** The lines of a batch; the last may lack its line break. @throws {ProblemError} 413 if there are too many @throws {MalformedCommand} it is a JSON array */
export function linesOf(text: string): string[] {
  if (/^\s*\[/.test(text))
    throw new MalformedCommand([{ field: 'body', message: 'a batch has one JSON object per line (NDJSON), and is not a JSON array' }]);
  const lines: string[] = [];
  for (let start = 0; start < text.length;) {
    if (lines.length === longestBatch)
      throw new ProblemError(problem(413, 'batch-too-long', `the batch has more than ${longestBatch} lines; send it in parts`));
    const end = text.indexOf('\n', start);
    lines.push(text.slice(start, end < 0 ? text.length : end));
    start = end < 0 ? text.length : end + 1;
  }
  return lines;
}

/** The command of every line, or the answer to a line that needs no decision. */
export async function readLines(
  lines: readonly string[],
  programme: string,
  actor: Actor,
): Promise<({ command: Command } | CommandAnswer)[]> {
  const read: ({ command: Command } | CommandAnswer)[] = [];
  let characters = 0;
  for (const [line, sent] of lines.entries()) {
    characters += sent.length;
    if (line % inOneGo.lines === inOneGo.lines - 1 || characters > inOneGo.characters) {
      await nextTurn();
      characters = 0;
    }
    read.push(readLine(sent, programme, actor));
  }
  return read;
}

function readLine(sent: string, programme: string, actor: Actor): { command: Command } | CommandAnswer {
  // Checked before parsing: a line of several megabytes would delay all other requests.
  if (sent.length > largestCommand) return tooLarge(idAtTheBeginning(sent));
  try {
    const command = parseBatchLine(sent, programme, actor);
    if (sent.length > largestCommand / 2 && digestOf(command).size > largestCommand) return tooLarge(command.commandId);
    const refused = refusedAtTheDoor(command);
    return refused ? answerTo(refused) : { command };
  } catch (error) {
    if (!(error instanceof MalformedCommand)) throw error;
    return { commandId: commandIdIn(sent), status: 400, code: 'malformed', detail: redactTokens(error.message).slice(0, longestDetail) };
  }
}

function tooLarge(commandId: string): CommandAnswer {
  return { commandId, status: 413, code: 'command-too-large', detail: `a command has at most ${largestCommand} bytes` };
}

/** The command id of a line that is not parsed, if it is in the first 1,024 characters; otherwise empty. */
function idAtTheBeginning(line: string): string {
  const [, commandId = ''] = /"commandId"\s*:\s*"([A-Za-z0-9._-]{1,64})"/.exec(line.slice(0, 1_024)) ?? [];
  return commandId;
}

/** The command id of a malformed line, so that its sender finds the answer; empty if it has none. */
function commandIdIn(line: string): string {
  try {
    const parsed: unknown = JSON.parse(line);
    return isObject(parsed) && 'commandId' in parsed && isId(parsed.commandId) ? parsed.commandId : '';
  } catch {
    return '';
  }
}
