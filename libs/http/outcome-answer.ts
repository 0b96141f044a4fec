import type { Outcome } from '../command-processing/outcome.js';
import type { EventType } from '../domain/events.js';
import { statusOfOutcome } from './problem.js';

/** The outcome of one command, as a line of a batch's answer. Only a refused command has `code`, `detail` and the figures. */
export type CommandAnswer = {
  commandId: string;
  status: number;
  version?: number;
  position?: number;
  hash?: string;
  events?: EventType[];
  /** The request in which the command waits for a second person. */
  requestId?: string;
  code?: string;
  detail?: string;
  available?: string;
  requested?: string;
  committed?: string;
  replayed?: boolean;
  /** The same content waits already, by another command: this one added nothing. A status of 200 says the same of what is recorded. */
  waitedBefore?: boolean;
};

/** An outcome as one line; its status is the one that the command would get on its own. */
export function answerTo(outcome: Outcome): CommandAnswer {
  const status = statusOfOutcome(outcome);
  const answer: CommandAnswer =
    outcome.kind === 'refused' ? refusedWith(outcome, status) : { commandId: outcome.receipt.commandId, status };
  const { position, hash } = outcome.kind === 'refused' ? outcome : outcome.receipt;
  if (outcome.kind === 'accepted') answer.version = outcome.receipt.version;
  if (position !== undefined) answer.position = position;
  if (hash !== undefined) answer.hash = hash;
  if (outcome.kind === 'accepted') answer.events = outcome.receipt.events;
  if (outcome.kind === 'accepted' && outcome.receipt.requestId !== undefined) answer.requestId = outcome.receipt.requestId;
  if (outcome.replayed) answer.replayed = true;
  if (outcome.kind === 'accepted' && outcome.nothingNew && status === 202) answer.waitedBefore = true;
  return answer;
}

function refusedWith({ commandId, code, detail, figures }: Extract<Outcome, { kind: 'refused' }>, status: number): CommandAnswer {
  return { commandId, status, code, detail, ...figures };
}
