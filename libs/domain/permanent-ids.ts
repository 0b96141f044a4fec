/** What has a permanent id, and which field of a command and of its event holds it. */
import { keysOf } from './keys-of.js';

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
