import { withMoney, type InitiativeCapability } from '../capability.js';
import type { CommitmentCommandData } from './commands.js';

/** How an initiative commits money by contract. */
export const commitmentsCapabilities = {
  MakeCommitment: {
    by: ['ministry'],
    in: ['funded', 'spending'],
    notWhileSuspended: true,
    brings: 'commitment',
    event: 'CommitmentMade',
    refusals: [
      'commitment-exists',
      'period-out-of-order',
      'initiative-suspended',
      'fiscal-year-closed',
      'commitment-exceeds-funding',
      'too-many-commitments',
    ],
  },
  ChangeCommitment: {
    by: ['ministry'],
    in: withMoney,
    brings: 'commitment-change',
    corrects: 'commitment',
    event: 'CommitmentChanged',
    refusals: [
      'commitment-change-exists',
      'unknown-commitment',
      'commitment-released',
      'period-out-of-order',
      'initiative-suspended',
      'fiscal-year-closed',
      'commitment-exceeds-funding',
      'too-many-commitments',
      'commitment-below-spending',
    ],
  },
  ReleaseCommitment: {
    by: ['ministry', 'finance'],
    in: withMoney,
    corrects: 'commitment',
    event: 'CommitmentReleased',
    refusals: ['unknown-commitment', 'commitment-released'],
  },
} as const satisfies { [T in keyof CommitmentCommandData]: InitiativeCapability<T> };
