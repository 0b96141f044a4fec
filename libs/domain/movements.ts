import { canonicalText } from './canonical-text.js';
import type { Command } from './commands.js';
import type { DomainEvent } from './events.js';
import { refuse, type RefusalCode } from './refusal.js';
import type { Movement, MovementKey, MovementKind, Situation } from './state.js';
import type { IsoDate } from './vocabulary.js';

/** The movements of money a command or an event looks at: the one it brings, and the one it refers to. */
export type Movements = { movement?: MovementKey; origin?: MovementKey };

/** Which movements deciding a command, or folding an event, needs to know. */
export function movementsOf(message: Command | DomainEvent): Movements {
  const key = (kind: MovementKind, id: string): MovementKey => ({
    kind,
    programme: message.programme,
    ...(message.initiative !== undefined && { initiative: message.initiative }),
    id,
  });
  switch (message.type) {
    case 'GrantAppropriation':
    case 'AppropriationGranted':
      return { movement: key('appropriation', String(message.data.fiscalYear)) };
    case 'AdjustAppropriation':
    case 'AppropriationAdjusted':
      return { movement: key('appropriation-adjustment', message.data.adjustmentId) };
    case 'FundInitiative':
    case 'InitiativeFunded':
      return { movement: key('funding', message.data.fundingId) };
    case 'AdjustFunding':
    case 'FundingAdjusted':
      return {
        movement: key('adjustment', message.data.adjustmentId),
        ...(message.data.fundingId !== undefined && { origin: key('funding', message.data.fundingId) }),
      };
    case 'RecordSpending':
    case 'SpendingRecorded':
      return { movement: key('transaction', message.data.transactionId) };
    case 'ReverseSpending':
    case 'SpendingReversed':
      return {
        movement: key('reversal', message.data.reversalId),
        ...(message.data.transactionId !== undefined && { origin: key('transaction', message.data.transactionId) }),
      };
    case 'ReturnFunds':
    case 'FundsReturned':
      return message.data.returnId === undefined ? {} : { movement: key('return', message.data.returnId) };
    case 'EstablishProgramme':
    case 'ProgrammeEstablished':
    case 'CloseFiscalYear':
    case 'FiscalYearClosed':
    case 'ReopenFiscalYear':
    case 'FiscalYearReopened':
    case 'AmendProgramme':
    case 'ProgrammeAmended':
    case 'ProposeInitiative':
    case 'InitiativeProposed':
    case 'AmendInitiative':
    case 'InitiativeAmended':
    case 'StartFinalizing':
    case 'FinalizationStarted':
    case 'FinalizeInitiative':
    case 'InitiativeFinalized':
    case 'CancelInitiative':
    case 'InitiativeCancelled':
    case 'SuspendInitiative':
    case 'InitiativeSuspended':
    case 'ResumeInitiative':
    case 'InitiativeResumed':
      return {};
  }
}

const alreadyThere: Readonly<Record<MovementKind, RefusalCode>> = {
  appropriation: 'appropriation-exists',
  'appropriation-adjustment': 'appropriation-adjustment-exists',
  funding: 'funding-exists',
  adjustment: 'adjustment-exists',
  transaction: 'transaction-exists',
  reversal: 'reversal-exists',
  return: 'return-exists',
};

/**
 * Whether the movement a command brings has happened already, the same by content and, where the command names one, by date.
 * @throws {Refusal} `…-exists` where its id stands for something else
 */
export function sameAgain(command: Command, { movement }: Situation): boolean {
  if (!movement) return false;
  if (isSame(movement, canonicalText(command.data), command.occurredOn)) return true;
  refuse(alreadyThere[movement.kind], `the ${movement.kind} ${movement.id} of ${movement.occurredOn} is there already, with other content`);
}

/** Whether what happened is what is asked for again. A command that names no date means the day it first happened. */
export function isSame(happened: Pick<Movement, 'content' | 'occurredOn'>, content: string, occurredOn: IsoDate | undefined): boolean {
  return happened.content === content && (occurredOn === undefined || occurredOn === happened.occurredOn);
}
