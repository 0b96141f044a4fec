import { keptIds, movementIds, type KeptKind, type MovementKind } from '../permanent-ids.js';
import { capabilities, type RefusalCode } from '../capabilities.js';
import type { Command, CommandType } from '../commands.js';
import type { DomainEvent } from '../events.js';
import { contentOf } from '../papers/references.js';
import { refuse } from '../refusal.js';
import type { Kept, KeptKey, Movement, MovementKey, Situation } from '../state.js';
import type { IsoDate } from '../vocabulary.js';

/** The movements of money, or things of delivery, that a command or an event names: the one it records, and the one it refers to. */
export type Movements = { movement?: KeptKey; origin?: KeptKey };

/** The kinds of movement that each command and each event names. */
const namedBy = new Map<string, Pick<(typeof capabilities)[CommandType], 'brings' | 'corrects'>>(
  Object.entries(capabilities).flatMap(([type, capability]) => [
    [type, capability],
    [capability.event, capability],
  ]),
);

/** The movements that a decision on a command, or the fold of an event, needs. */
export function movementsOf(message: Command | DomainEvent): Movements {
  // A cancelled initiative's commitments are never asked for again, so releasing them all at once needs none of their movements.
  if (message.type === 'CommitmentReleased' && message.context.automatic) return {};
  const { brings, corrects } = namedBy.get(message.type) ?? {};
  const movement = brings && keyOf(message, brings);
  const origin = corrects && keyOf(message, corrects);
  return { ...(movement && { movement }), ...(origin && { origin }) };
}

function keyOf({ programme, initiative, data }: Command | DomainEvent, kind: KeptKind): KeptKey | undefined {
  // A transfer is one movement, the giver's: its id is unique there, so its other half keeps none in the taker.
  if (kind === 'transfer' && 'from' in data) return undefined;
  const id: unknown = Reflect.get(data, keptIds[kind]);
  if (typeof id !== 'string' && typeof id !== 'number') return undefined;
  return { kind, programme, ...(initiative !== undefined && { initiative }), id: String(id) };
}

/** The commitment that a spending was drawn from, if it was from one. */
export function commitmentOf(kept: Kept): MovementKey | undefined {
  if (!isMovement(kept) || kept.commitmentId === undefined) return undefined;
  const { programme, initiative, commitmentId } = kept;
  return { kind: 'commitment', programme, ...(initiative !== undefined && { initiative }), id: commitmentId };
}

/** The code of the refusal of other content under an id that is taken. */
export const alreadyThere: Readonly<Record<KeptKind, RefusalCode>> = {
  appropriation: 'appropriation-exists',
  'appropriation-adjustment': 'appropriation-adjustment-exists',
  funding: 'funding-exists',
  adjustment: 'adjustment-exists',
  transaction: 'transaction-exists',
  reversal: 'reversal-exists',
  return: 'return-exists',
  commitment: 'commitment-exists',
  'commitment-change': 'commitment-change-exists',
  transfer: 'transfer-exists',
  'carry-over': 'carry-over-exists',
  milestone: 'milestone-exists',
  assessment: 'assessment-exists',
  indicator: 'indicator-exists',
  result: 'result-exists',
};

/**
 * Whether the movement of a command has happened already, the same by content and, if the command names a date, by date.
 * @throws {Refusal} `…-exists` if its id belongs to a movement with other content
 */
export function sameAgain(command: Command, { movement }: Situation): boolean {
  if (!movement) return false;
  if (isSame(movement, contentOf(command), command.occurredOn)) return true;
  refuse(alreadyThere[movement.kind], `the ${movement.kind} ${movement.id} of ${movement.occurredOn} is there already, with other content`);
}

/** Whether what is kept is a movement of money. */
export function isMovement<K extends KeptKey>(kept: K): kept is K & { readonly kind: MovementKind } {
  return Object.hasOwn(movementIds, kept.kind);
}

/** Whether a command asks again for what has happened. If it names no date, it means the day of the first. */
export function isSame(happened: Pick<Movement, 'content' | 'occurredOn'>, content: string, occurredOn: IsoDate | undefined): boolean {
  return happened.content === content && (occurredOn === undefined || occurredOn === happened.occurredOn);
}
