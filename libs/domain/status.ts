import type { InitiativeCommandType } from './commands.js';
import { refuse } from './refusal.js';
import type { Initiative } from './state.js';
import type { Status } from './vocabulary.js';

type AfterProposal = Exclude<InitiativeCommandType, 'ProposeInitiative'>;

const beforeEnd: readonly Status[] = ['proposed', 'funded', 'spending', 'finalizing'];
const withMoney: readonly Status[] = ['funded', 'spending', 'finalizing'];
const any: readonly Status[] = [...beforeEnd, 'finalized', 'cancelled'];

/** In which status a command is possible. Reversals after the end are finance's corrections. */
const possibleIn: Readonly<Record<AfterProposal, readonly Status[]>> = {
  AmendInitiative: beforeEnd,
  FundInitiative: beforeEnd,
  AdjustFunding: beforeEnd,
  RecordSpending: beforeEnd,
  ReverseSpending: any.filter((status) => status !== 'proposed'),
  ReturnFunds: withMoney,
  StartFinalizing: ['funded', 'spending'],
  FinalizeInitiative: ['finalizing'],
  CancelInitiative: beforeEnd,
  SuspendInitiative: beforeEnd,
  ResumeInitiative: beforeEnd,
};
const commandTypes: readonly AfterProposal[] = [
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
const blockedBySuspension: readonly AfterProposal[] = ['FundInitiative', 'RecordSpending', 'StartFinalizing', 'FinalizeInitiative'];

/** @throws {Refusal} `wrong-status`, naming what would be possible; `initiative-suspended` */
export function checkStatus(type: AfterProposal, { code, status, suspended }: Initiative): void {
  const possible = commandTypes.filter(
    (other) => possibleIn[other].includes(status) && other !== (suspended ? 'SuspendInitiative' : 'ResumeInitiative'),
  );
  if (!possible.includes(type)) {
    const state = suspended ? `${status} and suspended` : status;
    refuse('wrong-status', `${type} is not possible while ${code} is ${state}; possible are ${possible.join(', ')}`);
  }
  if (suspended && blockedBySuspension.includes(type))
    refuse('initiative-suspended', `${code} is suspended; ${type} is possible once it is resumed`);
}

/** Status only ever moves forward: the furthest step that was taken. */
export function statusAfterFunding(status: Status): Status {
  return status === 'proposed' ? 'funded' : status;
}

/** See {@link statusAfterFunding}. */
export function statusAfterSpending(status: Status): Status {
  return status === 'proposed' || status === 'funded' ? 'spending' : status;
}
