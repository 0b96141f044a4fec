/** Decisions on statements. */
import type { EventOf } from '../events.js';
import { happened, type ProgrammeDecision } from '../programme/decide.js';
import { refuse } from '../refusal.js';

/** One order at a time: the statement that answers it is about everything recorded by then. */
export function orderStatement(decision: ProgrammeDecision<'OrderStatement'>): EventOf<'StatementOrdered'>[] {
  const { command, programme } = decision;
  const { code, ordered } = programme;
  if (ordered !== undefined)
    refuse(
      'statement-ordered',
      `the statement that was ordered at position ${ordered} of ${code} is not published yet; order the next one when it is`,
    );
  return [{ type: 'StatementOrdered', ...happened(decision), data: command.data, context: {} }];
}

/**
 * Statements follow one another, and none is about what is not recorded yet. Whether its root is true is not decided here: `verify` folds the records again.
 * @param head the position of the programme's latest record
 */
export function publishStatement(published: ProgrammeDecision<'PublishStatement'>, head: number): EventOf<'StatementPublished'>[] {
  const { command, programme } = published;
  const { position } = command.data;
  const { code, statement: last = 0 } = programme;
  if (position > head) refuse('statement-ahead', `${code} has ${head} records, so there is no statement of position ${position} yet`);
  if (position <= last)
    refuse(
      'statement-exists',
      `the last statement of ${code} is of position ${last}; the next one is of a later position, not ${position}`,
    );
  return [{ type: 'StatementPublished', ...happened(published), data: command.data, context: {} }];
}
