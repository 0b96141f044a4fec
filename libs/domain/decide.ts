import type { Command } from './commands.js';
import { decideForInitiative } from './decide-initiative.js';
import { decideForProgramme } from './decide-programme.js';
import type { DomainEvent } from './events.js';
import { contentOf, movementsOf } from './movements.js';
import { checkRole } from './permissions.js';
import { refuse, type RefusalCode } from './refusal.js';
import type { MovementKind, Situation } from './state.js';
import type { IsoDate } from './vocabulary.js';

/**
 * Decides a command: the events it becomes, or none where the same was recorded before under another command id.
 * `situation` holds what `movementsOf` names for the command; `today` is the day in the programme's time zone, taken where the command names none.
 * @throws {Refusal} a rule says no
 */
export function decide(command: Command, situation: Situation, today: IsoDate): DomainEvent[] {
  checkRole(command);
  if (isRepeated(command, situation)) return [];
  const occurredOn = command.occurredOn ?? today;
  if (occurredOn > today) refuse('date-out-of-order', `nothing is dated after today: ${occurredOn} is after ${today}`);
  return command.initiative === undefined
    ? decideForProgramme(command, situation, occurredOn)
    : decideForInitiative(command, situation, occurredOn);
}

const takenCodes: Readonly<Record<MovementKind, RefusalCode>> = {
  appropriation: 'appropriation-exists',
  'appropriation-adjustment': 'appropriation-adjustment-exists',
  funding: 'funding-exists',
  adjustment: 'adjustment-exists',
  transaction: 'transaction-exists',
  reversal: 'reversal-exists',
  return: 'return-exists',
};

/** Whatever moves money has an id for ever: the same again is nothing new, other content under the id is refused. */
function isRepeated(command: Command, { movement }: Situation): boolean {
  const key = movementsOf(command).movement;
  if (!movement || !key) return false;
  const sameDay = command.occurredOn === undefined || command.occurredOn === movement.occurredOn;
  if (sameDay && movement.content === contentOf(command.data)) return true;
  return refuse(
    takenCodes[key.kind],
    `${key.kind} ${key.id} was recorded on ${movement.occurredOn} with other content; a new one takes a new id`,
  );
}
