import { isObject } from '../../../http/is-object.js';
import type { CommandAnswer } from '../../../http/outcome-answer.js';
import type { OwnWrites } from '../../../http/own-writes.js';
import type { BatchModes } from '../../../http/parameters.js';
import { problem, ProblemError, type Problem } from '../../../http/problem.js';
import { trusted } from '../../../trusted/trusted.js';
import type { Session } from '../session.js';
import { decisionIn, decisionOf, type CommandSender } from './command-sender.js';

/** Milliseconds to wait for an answer: longer than the service itself waits for an outcome. */
const patience = 15_000;

/** Sends commands to a commands service with the token of the session, as a program would. */
export function commandsService(address: string, ownWrites: Pick<OwnWrites, 'toldOf'>): CommandSender {
  async function post(programme: string, lines: readonly string[], token: string, modes: BatchModes) {
    const query = new URLSearchParams({ dryRun: String(modes.dryRun), atomic: String(modes.atomic) });
    const { status, text } = await ask(new URL(`${address.replace(/\/$/, '')}/programmes/${programme}/commands?${query.toString()}`), {
      method: 'POST',
      redirect: 'error',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      body: lines.join('\n'),
      signal: AbortSignal.timeout(patience),
    });
    return { status, told: text.trimEnd().split('\n').map(objectIn) };
  }
  function answersIn(told: readonly object[], programme: string, { actor }: Session): CommandAnswer[] {
    const answers = told.map(answerIn);
    for (const { position } of answers) if (position !== undefined) ownWrites.toldOf(actor, programme, position);
    return answers;
  }
  return {
    async send(programme, lines, session, { dryRun }) {
      const { actor, token } = session;
      const texts = lines.map((line) => JSON.stringify(line));
      const { status, told } = await post(programme, texts, token, { dryRun, atomic: lines.length > 1 });
      if (status !== 200) {
        const refused = problemIn(told[0], status);
        const decision = decisionOf(refused);
        if (!decision) throw new ProblemError(refused);
        if (refused.position !== undefined) ownWrites.toldOf(actor, programme, refused.position);
        return decision;
      }
      return decisionIn(answersIn(told, programme, session));
    },
    async sendEach(programme, lines, session, { dryRun }) {
      const { status, told } = await post(programme, lines, session.token, { dryRun, atomic: false });
      if (status !== 200) throw new ProblemError(problemIn(told[0], status));
      return answersIn(told, programme, session);
    },
  };
}

async function ask(url: URL, request: RequestInit): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, request);
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    throw unavailable('the commands service can’t be reached now; try again', cause);
  }
}

function unavailable(detail: string, cause?: unknown): ProblemError {
  const error = new ProblemError(problem(503, 'commands-unavailable', detail));
  error.cause = cause;
  return error;
}

function objectIn(line: string): object {
  try {
    const parsed: unknown = JSON.parse(line);
    if (isObject(parsed)) return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw unavailable('what answers at COMMANDS_URL is not a ledger');
}

function answerIn(line: object): CommandAnswer {
  if (!('commandId' in line) || !('status' in line) || typeof line.status !== 'number')
    throw unavailable('what answers at COMMANDS_URL is not a ledger');
  // The ledger's own answer to a line.
  return trusted<CommandAnswer>(line);
}

function problemIn(answer: object | undefined, status: number): Problem {
  if (!answer || !('code' in answer) || !('detail' in answer) || typeof answer.detail !== 'string')
    throw unavailable(`the commands service answered ${status}`);
  // The ledger's own problem.
  return trusted<Problem>(answer);
}
