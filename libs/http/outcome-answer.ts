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
  const replayed = outcome.replayed && { replayed: true };
  if (outcome.kind === 'refused') {
    const { commandId, code, detail, figures, position, hash } = outcome;
    return {
      commandId,
      status,
      code,
      detail,
      ...figures,
      ...(position !== undefined && { position }),
      ...(hash !== undefined && { hash }),
      ...replayed,
    };
  }
  const { commandId, version, position, hash, events } = outcome.receipt;
  return {
    commandId,
    status,
    version,
    ...(position !== undefined && { position }),
    ...(hash !== undefined && { hash }),
    events,
    ...replayed,
  };
}
