/** Every command of the ledger, by the folder that holds its data, its event and its rule. */
import { keysOf } from './keys-of.js';
import { movementIds } from './permanent-ids.js';
import type { Capability } from './capability.js';
import type { CommandType, InitiativeCommandType, ProgrammeCommandType } from './commands.js';
import type { EventType } from './events.js';
import { approvable } from './requests/approvals.js';
import { commitmentsCapabilities } from './commitments/capabilities.js';
import { deliveryCapabilities } from './delivery/capabilities.js';
import { lifecycleCapabilities } from './lifecycle/capabilities.js';
import { moneyCapabilities } from './money/capabilities.js';
import { programmeCapabilities } from './programme/capabilities.js';
import { requestsCapabilities } from './requests/capabilities.js';
import { statementsCapabilities } from './statements/capabilities.js';

const ofProgramme = { ...programmeCapabilities, ...requestsCapabilities, ...statementsCapabilities } as const;
const { ProposeInitiative, AmendInitiative, ...otherSteps } = lifecycleCapabilities;
const { TransferFunding, CarryOver, ...ownMoney } = moneyCapabilities;
/** The order in which a `wrong-status` refusal lists what is possible. */
export const initiativeCapabilities = {
  ProposeInitiative,
  AmendInitiative,
  ...ownMoney,
  ...commitmentsCapabilities,
  TransferFunding,
  CarryOver,
  ...otherSteps,
  ...deliveryCapabilities,
} as const;
export const capabilities: { readonly [T in CommandType]: Capability<T> } = { ...ofProgramme, ...initiativeCapabilities };

/** The commands of each folder. */
export const commandsByFolder = {
  programme: keysOf(programmeCapabilities),
  requests: keysOf(requestsCapabilities),
  statements: keysOf(statementsCapabilities),
  lifecycle: keysOf(lifecycleCapabilities),
  money: keysOf(moneyCapabilities),
  commitments: keysOf(commitmentsCapabilities),
  delivery: keysOf(deliveryCapabilities),
} as const satisfies Readonly<Record<string, readonly CommandType[]>>;

/** Refusal codes of every command. */
export const commonRefusals = [
  'forbidden',
  'unknown-programme',
  'version-mismatch',
  'command-id-reused',
  'date-out-of-order',
  'undecidable',
  'clock-behind',
] as const;
/** Refusal codes of every command to an existing initiative. */
export const initiativeRefusals = ['unknown-initiative', 'wrong-status'] as const;

/** Every refusal code of the ledger. Codes are stable: callers program against them. */
export type RefusalCode =
  | (typeof commonRefusals)[number]
  | (typeof initiativeRefusals)[number]
  | (typeof ofProgramme)[ProgrammeCommandType]['refusals'][number]
  | (typeof initiativeCapabilities)[InitiativeCommandType]['refusals'][number];
export const refusalCodes: readonly RefusalCode[] = [
  ...new Set([
    ...commonRefusals,
    ...initiativeRefusals,
    ...Object.values(ofProgramme).flatMap(({ refusals }) => refusals),
    ...Object.values(initiativeCapabilities).flatMap(({ refusals }) => refusals),
  ]),
];

/** Every refusal code of a type of command. */
export function refusalsOf(type: CommandType): readonly string[] {
  const held = type === 'ApproveRequest' ? keysOf(approvable).flatMap(refusalsOf) : [];
  const own = [...commonRefusals, ...(capabilities[type].in ? initiativeRefusals : []), ...capabilities[type].refusals];
  return [...new Set([...own, ...held])];
}

/** Whether a command records or corrects a movement of money. */
export function movesMoney(type: CommandType): boolean {
  const { brings, corrects } = capabilities[type];
  return [brings, corrects].some((kind) => kind !== undefined && Object.hasOwn(movementIds, kind));
}

/** In the order of their commands; the last is of any command that waits for a second person. */
export const eventTypes: readonly EventType[] = [...Object.values(capabilities).map(({ event }) => event), 'CommandSubmitted'];

/** Commands to a programme; every other command names an initiative. */
export const programmeCommandTypes = keysOf(ofProgramme);
export const initiativeCommandTypes = keysOf(initiativeCapabilities);
/** Those of them about what an initiative delivers. */
export const deliveryCommandTypes = commandsByFolder.delivery;
