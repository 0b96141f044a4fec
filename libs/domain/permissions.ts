import type { Command, CommandType } from './commands.js';
import { refuse } from './refusal.js';
import type { Initiative } from './state.js';
import type { Actor, Party, Role } from './vocabulary.js';

/** Who may send what. A ministry only ever for its own initiatives. */
const allowed: Readonly<Record<CommandType, readonly Role[]>> = {
  EstablishProgramme: ['admin'],
  GrantAppropriation: ['finance'],
  AdjustAppropriation: ['finance'],
  CloseFiscalYear: ['finance'],
  ProposeInitiative: ['ministry'],
  AmendInitiative: ['ministry', 'finance'],
  FundInitiative: ['finance'],
  AdjustFunding: ['finance'],
  RecordSpending: ['ministry'],
  ReverseSpending: ['ministry', 'finance'],
  ReturnFunds: ['ministry', 'finance'],
  StartFinalizing: ['ministry'],
  FinalizeInitiative: ['finance'],
  CancelInitiative: ['finance'],
  SuspendInitiative: ['finance'],
  ResumeInitiative: ['finance'],
};

/** For whom an actor acts: themselves, or whom they represent. */
export function partyOf(actor: Actor): Party {
  return actor.onBehalfOf ?? actor;
}

/** Whether two actors are one for the separation of duties: the same person, or the same represented organisation and role. */
export function isSameParty(one: Actor, other: Actor): boolean {
  if (!one.onBehalfOf && !other.onBehalfOf) return one.id === other.id;
  const [a, b] = [partyOf(one), partyOf(other)];
  return a.organisation === b.organisation && a.role === b.role;
}

/** @throws {Refusal} `forbidden` the actor's role may not send this command */
export function checkRole({ type, actor }: Command): void {
  if (actor.onBehalfOf && actor.role !== 'admin') refuse('forbidden', `only an admin acts on behalf of others, not ${actor.role}`);
  const { role } = partyOf(actor);
  if (!allowed[type].includes(role)) refuse('forbidden', `${type} is for ${allowed[type].join(' or ')}, not for ${role}`);
}

/** @throws {Refusal} `forbidden` a ministry reaches for another authority's initiative */
export function checkOwn({ actor }: Command, { authority, code }: Pick<Initiative, 'authority' | 'code'>): void {
  const { role, organisation } = partyOf(actor);
  if (role === 'ministry' && organisation !== authority)
    refuse('forbidden', `${code} is run by ${authority}; ${organisation} acts for its own initiatives only`);
}
