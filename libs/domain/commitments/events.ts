import type { Posting } from '../money/events.js';
import type { FiscalYear, Money } from '../vocabulary.js';
import type { CommitmentCommandData } from './commands.js';

/** The commitment that a spending is drawn from, or that a reversal gives back to, and the fiscal year that its money is committed in. */
export type DrawnFrom = { commitment?: { id: string; fiscalYear: FiscalYear } };

/** Events of commitments. The fiscal year in the context is the one that the money is committed in. */
export type CommitmentEvents = {
  CommitmentMade: { data: CommitmentCommandData['MakeCommitment']; context: Posting };
  CommitmentChanged: { data: CommitmentCommandData['ChangeCommitment']; context: Posting };
  /** The amount is what was still open. The ledger itself releases without a reason at a cancellation, whose event has it. */
  CommitmentReleased: {
    data: { commitmentId: string; amount: Money; reason?: string };
    context: Posting & { automatic?: true };
  };
};
