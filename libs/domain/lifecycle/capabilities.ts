import { beforeAnEnd, type InitiativeCapability } from '../capability.js';
import type { LifecycleCommandData } from './commands.js';

/** From the proposal of an initiative to its end. */
export const lifecycleCapabilities = {
  ProposeInitiative: { by: ['ministry'], event: 'InitiativeProposed', refusals: ['initiative-exists', 'period-out-of-order'] },
  AmendInitiative: {
    by: ['ministry', 'finance'],
    in: beforeAnEnd,
    event: 'InitiativeAmended',
    refusals: ['nothing-to-amend', 'title-languages', 'period-out-of-order'],
  },
  StartFinalizing: {
    by: ['ministry'],
    in: ['funded', 'spending'],
    notWhileSuspended: true,
    event: 'FinalizationStarted',
    refusals: ['initiative-suspended'],
  },
  FinalizeInitiative: {
    by: ['finance'],
    in: ['finalizing'],
    notWhileSuspended: true,
    event: 'InitiativeFinalized',
    refusals: ['initiative-suspended', 'separation-of-duties', 'open-commitments', 'unspent-funds'],
  },
  CancelInitiative: { by: ['finance'], in: beforeAnEnd, event: 'InitiativeCancelled', refusals: [] },
  SuspendInitiative: { by: ['finance'], in: beforeAnEnd, notWhileSuspended: true, event: 'InitiativeSuspended', refusals: [] },
  ResumeInitiative: { by: ['finance'], in: beforeAnEnd, event: 'InitiativeResumed', refusals: [] },
} as const satisfies { [T in keyof LifecycleCommandData]: InitiativeCapability<T> };
