import { capabilities, deliveryCommandTypes, initiativeCapabilities, initiativeCommandTypes } from '../capabilities.js';
import type { InitiativeCommandType } from '../commands.js';
import { refuse } from '../refusal.js';
import type { Initiative } from '../state.js';
import type { Status } from '../vocabulary.js';

type LaterCommand = Exclude<InitiativeCommandType, 'ProposeInitiative'>;

const laterCommands = initiativeCommandTypes.filter((type) => type !== 'ProposeInitiative');
const ofDelivery: ReadonlySet<string> = new Set(deliveryCommandTypes);
const pointlessUnfunded: readonly LaterCommand[] = ['AdjustFunding', 'RecordSpending'];

/** Finalized or cancelled: only a correction changes it now. */
export function hasEnded(initiative: Initiative): boolean {
  return initiative.status === 'finalized' || initiative.status === 'cancelled';
}
/** The status after funding: a proposed initiative becomes funded. */
export function onceFunded(status: Status): Status {
  return status === 'proposed' ? 'funded' : status;
}
/** The status after spending: a proposed or funded initiative becomes spending. */
export function onceSpent(status: Status): Status {
  return status === 'proposed' || status === 'funded' ? 'spending' : status;
}

/** @throws {Refusal} `wrong-status` */
export function refuseWrongStatus(command: LaterCommand, initiative: Initiative): void {
  if (!isPossibleIn(command, initiative.status)) wrongStatus(command, initiative);
}
/** @throws {Refusal} `initiative-suspended` */
export function refuseSuspended(initiative: Initiative): void {
  if (initiative.suspended)
    refuse('initiative-suspended', `${initiative.code} is suspended; finance resumes it before money moves or it is finalised`);
}

/** Names the status and the commands of the same capability, delivery or all others, that it allows. @throws {Refusal} `wrong-status`, always */
export function wrongStatus(command: LaterCommand, initiative: Initiative): never {
  const status = initiative.suspended ? `${initiative.status} and suspended` : initiative.status;
  refuse(
    'wrong-status',
    `${command} is not possible while ${initiative.code} is ${status}; possible: ${possibleFor(initiative, ofDelivery.has(command))}`,
  );
}

function isPossibleIn(command: LaterCommand, status: Status): boolean {
  const statuses: readonly Status[] = initiativeCapabilities[command].in;
  return statuses.includes(status);
}

/** The commands that an initiative's status allows, for any sender. */
function possibleFor(initiative: Initiative, delivery: boolean): string {
  const { status, suspended } = initiative;
  const possible = laterCommands.filter(
    (command) =>
      ofDelivery.has(command) === delivery &&
      isPossibleIn(command, status) &&
      !(suspended && capabilities[command].notWhileSuspended) &&
      !(!suspended && command === 'ResumeInitiative') &&
      !(status === 'proposed' && pointlessUnfunded.includes(command)),
  );
  // After the end only finance corrects money; what was delivered is still reported by its ministry.
  return possible.join(', ') + (hasEnded(initiative) && !delivery ? ' by finance' : '');
}
