import type { MoneySource } from '../papers/source.js';
import type { FiscalYear, Money } from '../vocabulary.js';

/** The data of every command that moves money of an initiative. Amounts are minor units; only a `change` has a sign. */
export type MoneyCommandData = {
  FundInitiative: { fundingId: string; fiscalYear: FiscalYear; amount: Money; source?: MoneySource };
  /** Without a funding only in an import: it then posts to the year of `occurredOn`. */
  AdjustFunding: { adjustmentId: string; fundingId?: string; change: Money; reason: string };
  /** Drawn from a commitment, if it names one; otherwise it takes only what is free. */
  RecordSpending: { transactionId: string; amount: Money; commitmentId?: string; payee?: string; description?: string };
  /** Without a transaction only in an import. */
  ReverseSpending: { reversalId: string; transactionId?: string; amount: Money; reason: string };
  ReturnFunds: { returnId: string; fiscalYear: FiscalYear; amount: Money; reason?: string };
  /** The initiative that the command names gives; `to` is the code of the one that takes. */
  TransferFunding: { transferId: string; to: string; fiscalYear: FiscalYear; amount: Money; legalBasis: string };
  /** Moves unspent money of a year into the next. */
  CarryOver: { carryOverId: string; fiscalYear: FiscalYear; amount: Money; legalBasis: string };
};
