import type { InitiativeCommandType } from './commands.js';
import { refuse } from './refusal.js';
import type { Initiative } from './state.js';
import type { Status } from './vocabulary.js';

type LaterCommand = Exclude<InitiativeCommandType, 'ProposeInitiative'>;

const beforeAnEnd: readonly Status[] = ['proposed', 'funded', 'spending', 'finalizing'];
const withMoney: readonly Status[] = ['funded', 'spending', 'finalizing'];

/** The statuses in which a command is possible. Spending of what was only proposed always fails for want of money; reversing after an end is for finance. */
export const possibleIn: Readonly<Record<LaterCommand, readonly Status[]>> = {
  AmendInitiative: beforeAnEnd,
  FundInitiative: beforeAnEnd,
  AdjustFunding: beforeAnEnd,
  RecordSpending: beforeAnEnd,
  ReverseSpending: [...withMoney, 'finalized', 'cancelled'],
  ReturnFunds: withMoney,
  StartFinalizing: ['funded', 'spending'],
  FinalizeInitiative: ['finalizing'],
  CancelInitiative: beforeAnEnd,
  SuspendInitiative: beforeAnEnd,
  ResumeInitiative: beforeAnEnd,
};
const laterCommands: readonly LaterCommand[] = [
  'AmendInitiative',
  'FundInitiative',
  'AdjustFunding',
  'RecordSpending',
  'ReverseSpending',
  'ReturnFunds',
  'StartFinalizing',
  'FinalizeInitiative',
  'CancelInitiative',
  'SuspendInitiative',
  'ResumeInitiative',
];
const blockedBySuspension: readonly LaterCommand[] = [
  'FundInitiative',
  'RecordSpending',
  'StartFinalizing',
  'FinalizeInitiative',
  'SuspendInitiative',
];
const pointlessUnfunded: readonly LaterCommand[] = ['AdjustFunding', 'RecordSpending'];

/** Finalized or cancelled: nothing changes any more but by a correction. */
export function hasEnded(initiative: Initiative): boolean {
  return initiative.status === 'finalized' || initiative.status === 'cancelled';
}
/** Money was given: what was only proposed is now funded. */
export function onceFunded(status: Status): Status {
  return status === 'proposed' ? 'funded' : status;
}
/** Money was paid out: what was proposed or funded is now spending. */
export function onceSpent(status: Status): Status {
  return status === 'proposed' || status === 'funded' ? 'spending' : status;
}

/** @throws {Refusal} `wrong-status` */
export function refuseWrongStatus(command: LaterCommand, initiative: Initiative): void {
  if (!possibleIn[command].includes(initiative.status)) wrongStatus(command, initiative);
}
/** @throws {Refusal} `initiative-suspended` */
export function refuseSuspended(initiative: Initiative): void {
  if (initiative.suspended)
    refuse('initiative-suspended', `${initiative.code} is suspended; finance resumes it before money moves or it is finalised`);
}

/** Names the status and what would be possible instead. @throws {Refusal} `wrong-status`, always */
export function wrongStatus(command: LaterCommand, initiative: Initiative): never {
  const status = initiative.suspended ? `${initiative.status} and suspended` : initiative.status;
  refuse(
    'wrong-status',
    `${command} is not possible while ${initiative.code} is ${status}; possible: ${possibleFor(initiative).join(', ')}${hasEnded(initiative) ? ' by finance' : ''}`,
  );
}

/** What an initiative's status allows, whoever sends it. */
function possibleFor({ status, suspended }: Initiative): LaterCommand[] {
  return laterCommands.filter(
    (command) =>
      possibleIn[command].includes(status) &&
      !(suspended && blockedBySuspension.includes(command)) &&
      !(!suspended && command === 'ResumeInitiative') &&
      !(status === 'proposed' && pointlessUnfunded.includes(command)),
  );
}
