import type { CommitmentCommandData } from './commitments/commands.js';
import type { DeliveryCommandData } from './delivery/commands.js';
import type { LifecycleCommandData } from './lifecycle/commands.js';
import type { MoneyCommandData } from './money/commands.js';
import type { Reference } from './papers/references.js';
import type { ProgrammeCommandData as OwnCommandData } from './programme/commands.js';
import type { RequestCommandData } from './requests/commands.js';
import type { StatementCommandData } from './statements/commands.js';
import type { Actor, IsoDate } from './vocabulary.js';

/** The data of every command to a programme, to one of its requests, or about its statements. */
export type ProgrammeCommandData = OwnCommandData & RequestCommandData & StatementCommandData;
export type InitiativeCommandData = LifecycleCommandData & MoneyCommandData & CommitmentCommandData & DeliveryCommandData;
export type CommandData = ProgrammeCommandData & InitiativeCommandData;

export type ProgrammeCommandType = keyof ProgrammeCommandData;
export type InitiativeCommandType = keyof InitiativeCommandData;
export type CommandType = keyof CommandData;

/** The fields of every command beside its own data. */
export type CommandEnvelope = {
  /** Unique for the sender's organisation within a programme; the `Idempotency-Key`. */
  commandId: string;
  actor: Actor;
  /** The day it happened, in the programme's time zone; today if absent. */
  occurredOn?: IsoDate;
  /** The version that the sender saw. If the present version differs, the refusal is `version-mismatch`. */
  expectedVersion?: number;
  correlationId?: string;
  /** The papers that it stands on, at most ten. */
  references?: readonly Reference[];
};

export type ProgrammeCommand = {
  [T in ProgrammeCommandType]: CommandEnvelope & { type: T; programme: string; initiative?: never; data: ProgrammeCommandData[T] };
}[ProgrammeCommandType];
export type InitiativeCommand = {
  [T in InitiativeCommandType]: CommandEnvelope & { type: T; programme: string; initiative: string; data: InitiativeCommandData[T] };
}[InitiativeCommandType];
/** A request to change the ledger. It becomes events, or a refusal. */
export type Command = ProgrammeCommand | InitiativeCommand;

/** The command of one type. */
export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>;
