import type { Command } from './commands.js';
import type { DomainEvent } from './events.js';
import type { MovementKey, MovementKind } from './state.js';

/** The movement a message brings, and the one it refers to. */
export type MovementKeys = { movement?: MovementKey; origin?: MovementKey };

/** Which movements of money a command or an event is about. */
export function movementsOf(message: Command | DomainEvent): MovementKeys {
  const { programme, initiative } = message;
  const key = (kind: MovementKind, id: string): MovementKey => ({ kind, programme, ...(initiative !== undefined && { initiative }), id });
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
    case 'FundingAdjusted': {
      const { adjustmentId, fundingId } = message.data;
      return { movement: key('adjustment', adjustmentId), ...(fundingId !== undefined && { origin: key('funding', fundingId) }) };
    }
    case 'RecordSpending':
    case 'SpendingRecorded':
      return { movement: key('transaction', message.data.transactionId) };
    case 'ReverseSpending':
    case 'SpendingReversed': {
      const { reversalId, transactionId } = message.data;
      return { movement: key('reversal', reversalId), ...(transactionId !== undefined && { origin: key('transaction', transactionId) }) };
    }
    case 'ReturnFunds':
    case 'FundsReturned':
      return message.data.returnId === undefined ? {} : { movement: key('return', message.data.returnId) };
    case 'EstablishProgramme':
    case 'ProgrammeEstablished':
    case 'CloseFiscalYear':
    case 'FiscalYearClosed':
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

/** Data as text that does not depend on the order of its fields: what two movements with one id are compared by. */
export function contentOf(data: object): string {
  return JSON.stringify(data, (_name, value: unknown) => {
    if (typeof value === 'bigint') return value.toString();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
