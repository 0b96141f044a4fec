import type { Actor, Party } from './vocabulary.js';

/** The organisation and role an actor acts for: the represented ones where an admin acts on behalf of somebody. */
export function partyOf(actor: Actor): Party {
  return actor.onBehalfOf ?? actor;
}

/** Whether two commands came from one hand: the same person, or, where either acted on behalf of somebody, the same organisation in the same role. */
export function sameHand(one: Actor, other: Actor): boolean {
  if (!one.onBehalfOf && !other.onBehalfOf) return one.id === other.id;
  const [first, second] = [partyOf(one), partyOf(other)];
  return first.organisation === second.organisation && first.role === second.role;
}
