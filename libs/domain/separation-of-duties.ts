import { importOrganisation, type Actor, type Party } from './vocabulary.js';

/** The organisation and role an actor acts for: the represented ones where an admin acts on behalf of somebody. */
export function partyOf(actor: Actor): Party {
  return actor.onBehalfOf ?? actor;
}

/**
 * Whether two commands came from one hand, in which case one may not approve the other: those of one person, on whomever's behalf, and those for one
 * organisation in one role where either acted on behalf. An import acts for both sides, so there the represented parties alone count (ADR 21).
 */
export function sameHand(one: Actor, other: Actor): boolean {
  const forOneParty = sameParty(partyOf(one), partyOf(other));
  if (isImport(one) && isImport(other)) return forOneParty;
  if (samePerson(one, other)) return true;
  return (one.onBehalfOf !== undefined || other.onBehalfOf !== undefined) && forOneParty;
}

/** Whether an actor brings in what others did before there was a ledger. */
export function isImport({ organisation, onBehalfOf }: Actor): boolean {
  return organisation === importOrganisation && onBehalfOf !== undefined;
}

/** Subjects that read alike are one person: compared by their compatibility composition (Unicode NFKC), without white space around. */
function samePerson(one: Actor, other: Actor): boolean {
  return one.id.normalize('NFKC').trim() === other.id.normalize('NFKC').trim();
}

function sameParty(one: Party, other: Party): boolean {
  return one.organisation === other.organisation && one.role === other.role;
}
