import type { Outcome } from '../command-processing/outcome.js';
import type { EventType } from '../domain/events.js';
import { statusOfOutcome } from './problem.js';

/** What became of one command: a line of a batch's answer. `code`, `detail` and the figures are there where it was refused. */
export type CommandAnswer = {
  commandId: string;
  status: number;
  version?: number;
  position?: number;
  hash?: string;
  events?: EventType[];
  code?: string;
  detail?: string;
  available?: string;
  requested?: string;
  replayed?: boolean;
};

/** An outcome on one line: its status is what the command alone would have been answered with. */
export function answerTo(outcome: Outcome): CommandAnswer {
  const status = statusOfOutcome(outcome);
  const answer: CommandAnswer =
    outcome.kind === 'refused' ? refusedWith(outcome, status) : { commandId: outcome.receipt.commandId, status };
  const { position, hash } = outcome.kind === 'refused' ? outcome : outcome.receipt;
  if (outcome.kind === 'accepted') answer.version = outcome.receipt.version;
  if (position !== undefined) answer.position = position;
  if (hash !== undefined) answer.hash = hash;
  if (outcome.kind === 'accepted') answer.events = outcome.receipt.events;
  if (outcome.replayed) answer.replayed = true;
  return answer;
}

function refusedWith({ commandId, code, detail, figures }: Extract<Outcome, { kind: 'refused' }>, status: number): CommandAnswer {
  return { commandId, status, code, detail, ...figures };
}
