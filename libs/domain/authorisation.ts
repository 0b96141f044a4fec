import { capabilities } from './capabilities.js';
import type { Command, InitiativeCommand } from './commands.js';
import { refuse } from './refusal.js';
import { partyOf } from './separation-of-duties.js';
import type { Initiative } from './state.js';

/**
 * The checks of the sender that need no initiative. A command for admins needs the sender's own role; every other command needs the role of the party
 * that the sender acts for.
 * @throws {Refusal} `forbidden`
 */
export function refuseWrongRole(command: Command): void {
  const { actor } = command;
  if (actor.onBehalfOf && actor.role !== 'admin')
    refuse('forbidden', `only an admin acts on behalf of another organisation, and ${actor.id} is here as ${actor.role}`);
  const { by } = capabilities[command.type];
  const role = by.includes('admin') ? actor.role : partyOf(actor).role;
  if (!by.includes(role)) refuse('forbidden', `${command.type} is for ${by.join(' or ')}, not for ${role}`);
  if (command.type === 'AdjustFunding' && command.data.fundingId === undefined && actor.role !== 'admin')
    refuse('forbidden', 'an adjustment names the funding it adjusts; only an import, an admin on behalf of finance, may leave it out');
  if (command.type === 'ReverseSpending' && command.data.transactionId === undefined && actor.role !== 'admin')
    refuse('forbidden', 'a reversal names the spending it reverses; only an import, an admin on behalf of another, may leave it out');
  if (command.type === 'ProposeInitiative' && command.data.authority !== partyOf(actor).organisation)
    refuse('forbidden', `${partyOf(actor).organisation} proposes initiatives of its own, not of ${command.data.authority}`);
}

/** A ministry acts on its own initiatives only. @throws {Refusal} `forbidden` */
export function refuseNotYours(command: InitiativeCommand, initiative: Initiative): void {
  const { organisation, role } = partyOf(command.actor);
  if (role === 'ministry' && organisation !== initiative.terms.authority)
    refuse('forbidden', `${initiative.code} is run by ${initiative.terms.authority}, not by ${organisation}`);
}
