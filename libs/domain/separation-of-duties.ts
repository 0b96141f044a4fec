import { importOrganisation, type Actor, type Party } from './vocabulary.js';

/** The organisation and role that an actor acts for: the represented ones if an admin acts on behalf of another. */
export function partyOf(actor: Actor): Party {
  return actor.onBehalfOf ?? actor;
}

/**
 * Whether two commands came from one hand, so that neither may approve the other. One hand is one person, on anyone's behalf, or one organisation in one
 * role if either command was sent on behalf of it. An import acts for both sides, so only the represented parties count between two imports (ADR 21).
 */
export function sameHand(one: Actor, other: Actor): boolean {
  const forOneParty = sameParty(partyOf(one), partyOf(other));
  if (isImport(one) && isImport(other)) return forOneParty;
  if (samePerson(one, other)) return true;
  return (one.onBehalfOf !== undefined || other.onBehalfOf !== undefined) && forOneParty;
}

/** Whether an actor imports what others did before the ledger existed. */
export function isImport({ organisation, onBehalfOf }: Actor): boolean {
  return organisation === importOrganisation && onBehalfOf !== undefined;
}

/** Subjects that read alike are one person. They are compared in Unicode normalisation form NFKC, trimmed of white space. */
function samePerson(one: Actor, other: Actor): boolean {
  return one.id.normalize('NFKC').trim() === other.id.normalize('NFKC').trim();
}

function sameParty(one: Party, other: Party): boolean {
  return one.organisation === other.organisation && one.role === other.role;
}
