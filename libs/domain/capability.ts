/** What there is to say of a command: who may send it, when it is possible, which event it becomes, and which refusals it may get. */
import type { CommandData, CommandType, InitiativeCommandType } from './commands.js';
import type { EventType } from './events.js';
import type { keptIds, KeptKind } from './permanent-ids.js';
import type { Role, Status } from './vocabulary.js';

/** The kinds of what is kept for which a command has a field. */
type KindIn<T extends CommandType> = {
  [K in KeptKind]: (typeof keptIds)[K] extends keyof CommandData[T] ? K : never;
}[KeptKind];

export type Capability<T extends CommandType> = {
  /** The roles that may send it. A ministry sends commands only to its own initiatives. */
  readonly by: readonly Role[];
  /** The initiative's statuses in which it is possible. */
  readonly in?: readonly Status[];
  readonly notWhileSuspended?: true;
  /** The movement of money, or the thing of delivery, that it records. */
  readonly brings?: KindIn<T>;
  /** The movement of money that it corrects, changes or draws from, or the thing of delivery that it is about. */
  readonly corrects?: KindIn<T>;
  readonly event: EventType;
  /** Its refusal codes, beside those of every command. */
  readonly refusals: readonly string[];
};

/** Every command to an initiative but its proposal needs one of the statuses. */
export type InitiativeCapability<T extends InitiativeCommandType> = Capability<T> &
  (T extends 'ProposeInitiative' ? object : { readonly in: readonly Status[] });

/** The statuses in which an initiative is neither finalized nor cancelled. */
export const beforeAnEnd = ['proposed', 'funded', 'spending', 'finalizing'] as const;
/** Those of them in which it has been funded. */
export const withMoney = ['funded', 'spending', 'finalizing'] as const;
