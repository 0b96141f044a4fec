/** What there is to say of a command: who may send it, when it is possible, which event it becomes, and which refusals it may get. */
import type { CommandData, CommandType, InitiativeCommandType } from './commands.js';
import type { EventType } from './events.js';
import type { Role, Status } from './vocabulary.js';

/** The field of a command, and of its event, that names a movement of money of each kind. */
export const movementIds = {
  appropriation: 'fiscalYear',
  'appropriation-adjustment': 'adjustmentId',
  funding: 'fundingId',
  adjustment: 'adjustmentId',
  transaction: 'transactionId',
  reversal: 'reversalId',
  return: 'returnId',
  commitment: 'commitmentId',
  'commitment-change': 'changeId',
  transfer: 'transferId',
  'carry-over': 'carryOverId',
} as const;
/** Each movement of money has a permanent id, unique among its kind in its initiative (for the first two kinds, in its programme). */
export type MovementKind = keyof typeof movementIds;
export const movementKinds = keysOf(movementIds);

/** The field of a command, and of its event, that names a thing of delivery of each kind. */
export const deliveryIds = { milestone: 'milestoneId', assessment: 'assessmentId', indicator: 'indicatorId', result: 'resultId' } as const;
/** Each has a permanent id too, unique among its kind in its initiative. */
export type DeliveryKind = keyof typeof deliveryIds;
export const deliveryKinds = keysOf(deliveryIds);

/** What has a permanent id. */
export const keptIds = { ...movementIds, ...deliveryIds } as const;
export type KeptKind = keyof typeof keptIds;

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

export const beforeAnEnd = ['proposed', 'funded', 'spending', 'finalizing'] as const;
export const withMoney = ['funded', 'spending', 'finalizing'] as const;
/** What an initiative delivers is reported after its end too, because benefits come late; nothing new is planned then. */
export const afterFunding = [...withMoney, 'finalized', 'cancelled'] as const;

/** The keys of an object that never gets more of them; the type of `Object.keys` can't express that. */
export function keysOf<T extends object>(table: T): readonly (keyof T & string)[] {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return Object.keys(table) as (keyof T & string)[];
}
