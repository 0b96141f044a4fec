import type { DrawnFrom } from '../commitments/events.js';
import type { Standing } from '../lifecycle/events.js';
import type { OfSource } from '../papers/source.js';
import type { FiscalYear, Money } from '../vocabulary.js';
import type { MoneyCommandData } from './commands.js';

/** A movement of money belongs to one fiscal year of its initiative. */
export type Posting = Standing & { fiscalYear: FiscalYear };
/** A correction made by finance in a closed year or after the initiative's end. */
export type CorrectionFlags = { priorYear?: true; afterEnd?: true };

/** What both halves of a transfer say. */
type Transferred = Omit<MoneyCommandData['TransferFunding'], 'to'>;
/** The half of a transfer in the giver's history. */
export type TransferGiven = Transferred & { to: string; from?: never };
/** The half of a transfer in the taker's history. */
export type TransferTaken = Transferred & { from: string; to?: never };

/** Events that move the money of an initiative. `data` is what was decided, `context` what readers need to fold it. */
export type MoneyEvents = {
  InitiativeFunded: { data: MoneyCommandData['FundInitiative']; context: Posting };
  /** The source is that of the funding. */
  FundingAdjusted: { data: MoneyCommandData['AdjustFunding']; context: Posting & OfSource };
  SpendingRecorded: { data: MoneyCommandData['RecordSpending']; context: Posting & DrawnFrom };
  SpendingReversed: { data: MoneyCommandData['ReverseSpending']; context: Posting & CorrectionFlags & DrawnFrom };
  /** Has no `returnId` if the ledger itself returns the money: at a cancellation and after a correction. */
  FundsReturned: {
    data: { returnId?: string; fiscalYear: FiscalYear; amount: Money; reason?: string };
    context: Posting & CorrectionFlags & { automatic?: true };
  };
  /** A transfer is two events in one append: the first in the history of the giver, which names the taker (`to`), the other in the taker's (`from`). */
  FundingTransferred: { data: TransferGiven | TransferTaken; context: Posting };
  /**
   * Money of `fiscalYear` becomes money of the year after it. `appropriated` is the part of the appropriation that goes along: all of the amount where
   * appropriations limit funding. `commitments` are the ids of those that go along, and `committed` is what is open in them; both are absent if none does.
   */
  FundsCarriedOver: {
    data: MoneyCommandData['CarryOver'];
    context: Posting & { appropriated: Money; committed?: Money; commitments?: readonly string[] };
  };
};
