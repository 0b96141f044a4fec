import type { Command, CommandType, InitiativeCommand } from './commands.js';
import { refuse } from './refusal.js';
import { partyOf } from './separation-of-duties.js';
import type { Initiative } from './state.js';
import type { Role } from './vocabulary.js';

/** Who may send what. A ministry always only for its own initiatives; what is for admins looks at the sender itself, everything else at whom it acts for. */
export const who: Readonly<Record<CommandType, readonly Role[]>> = {
  EstablishProgramme: ['admin'],
  GrantAppropriation: ['finance'],
  AdjustAppropriation: ['finance'],
  CloseFiscalYear: ['finance'],
  ReopenFiscalYear: ['finance'],
  AmendProgramme: ['admin'],
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

/** Whether a command is for admins themselves. */
function forAdmins(type: CommandType): boolean {
  return who[type].includes('admin');
}

/** What can be said without knowing the initiative. @throws {Refusal} `forbidden` */
export function refuseWrongRole(command: Command): void {
  const { actor } = command;
  if (actor.onBehalfOf && actor.role !== 'admin')
    refuse('forbidden', `only an admin acts on behalf of another organisation, and ${actor.id} is here as ${actor.role}`);
  const role = forAdmins(command.type) ? actor.role : partyOf(actor).role;
  if (!who[command.type].includes(role)) refuse('forbidden', `${command.type} is for ${who[command.type].join(' or ')}, not for ${role}`);
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
