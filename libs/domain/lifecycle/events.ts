import type { Money, Nothing, Status, SumsByYear } from '../vocabulary.js';
import type { InitiativeTerms, LifecycleCommandData } from './commands.js';

/** What every event of an initiative tells its readers, so that none has to look anything up. */
export type Standing = {
  /** The authority that runs the initiative once this event has happened. */
  authority: string;
  /** `null` before the proposal. */
  statusBefore: Status | null;
  statusAfter: Status;
};

/** Events in the life of an initiative. `data` is what was decided, `context` what readers need to fold it. */
export type LifecycleEvents = {
  InitiativeProposed: { data: InitiativeTerms; context: Standing };
  /** The changed terms with their new values; a changed title has all its languages. If the authority changes, `moved` has the sums that move with it. */
  InitiativeAmended: {
    data: Partial<InitiativeTerms> & { reason: string };
    context: Standing & { moved?: { from: string; sums: SumsByYear } };
  };
  FinalizationStarted: { data: Nothing; context: Standing };
  /** The final value is the net spending, in minor units. */
  InitiativeFinalized: { data: { finalValue: Money }; context: Standing };
  InitiativeCancelled: { data: LifecycleCommandData['CancelInitiative']; context: Standing };
  InitiativeSuspended: { data: LifecycleCommandData['SuspendInitiative']; context: Standing };
  InitiativeResumed: { data: LifecycleCommandData['ResumeInitiative']; context: Standing };
};
