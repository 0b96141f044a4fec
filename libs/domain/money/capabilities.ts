import { beforeAnEnd, withMoney, type InitiativeCapability } from '../capability.js';
import type { MoneyCommandData } from './commands.js';

/** How money comes to an initiative, is spent, and leaves it. */
export const moneyCapabilities = {
  FundInitiative: {
    by: ['finance'],
    in: beforeAnEnd,
    notWhileSuspended: true,
    brings: 'funding',
    event: 'InitiativeFunded',
    refusals: [
      'funding-exists',
      'initiative-suspended',
      'separation-of-duties',
      'indicator-missing',
      'fiscal-year-closed',
      'appropriation-exceeded',
      'amount-too-large',
    ],
  },
  AdjustFunding: {
    by: ['finance'],
    in: beforeAnEnd,
    brings: 'adjustment',
    corrects: 'funding',
    event: 'FundingAdjusted',
    refusals: [
      'adjustment-exists',
      'unknown-funding',
      'initiative-suspended',
      'separation-of-duties',
      'indicator-missing',
      'fiscal-year-closed',
      'appropriation-exceeded',
      'funding-below-spending',
      'amount-too-large',
    ],
  },
  // Without a commitment, spending takes only what is free. Spending of a proposed initiative is always refused as `funding-exceeded`, which says more than `wrong-status`.
  RecordSpending: {
    by: ['ministry'],
    in: beforeAnEnd,
    notWhileSuspended: true,
    brings: 'transaction',
    corrects: 'commitment',
    event: 'SpendingRecorded',
    refusals: [
      'transaction-exists',
      'unknown-commitment',
      'initiative-suspended',
      'fiscal-year-closed',
      'commitment-released',
      'commitment-exceeded',
      'funding-exceeded',
      'amount-too-large',
    ],
  },
  // After the initiative's end, and in a closed annual year, only finance reverses.
  ReverseSpending: {
    by: ['ministry', 'finance'],
    in: [...withMoney, 'finalized', 'cancelled'],
    brings: 'reversal',
    corrects: 'transaction',
    event: 'SpendingReversed',
    refusals: ['reversal-exists', 'unknown-spending', 'fiscal-year-closed', 'reversal-exceeds-spending', 'amount-too-large'],
  },
  ReturnFunds: {
    by: ['ministry', 'finance'],
    in: withMoney,
    brings: 'return',
    event: 'FundsReturned',
    refusals: ['return-exists', 'fiscal-year-closed', 'return-exceeds-unspent'],
  },
  // The giver gives as it returns; the taker takes as it is funded, but out of no appropriation.
  TransferFunding: {
    by: ['finance'],
    in: withMoney,
    brings: 'transfer',
    event: 'FundingTransferred',
    refusals: [
      'transfer-exists',
      'transfer-to-itself',
      'unknown-taker',
      'initiative-suspended',
      'separation-of-duties',
      'indicator-missing',
      'fiscal-year-closed',
      'transfer-exceeds-unspent',
      'amount-too-large',
    ],
  },
  CarryOver: {
    by: ['finance'],
    in: withMoney,
    brings: 'carry-over',
    event: 'FundsCarriedOver',
    refusals: [
      'carry-over-exists',
      'carry-over-multi-year',
      'fiscal-year-closed',
      'carry-over-exceeds-unspent',
      'carry-over-splits-commitment',
    ],
  },
} as const satisfies { [T in keyof MoneyCommandData]: InitiativeCapability<T> };
