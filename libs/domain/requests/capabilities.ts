import type { Capability } from '../capability.js';
import type { RequestCommandData } from './commands.js';

const requestRefusals = ['unknown-request', 'request-ended', 'request-expired'] as const;

/** What can be done with a command that waits for a second person. */
export const requestsCapabilities = {
  // An approval may also be refused by every rule of the command that it would record.
  ApproveRequest: {
    by: ['ministry', 'finance', 'admin'],
    event: 'RequestApproved',
    refusals: [...requestRefusals, 'separation-of-duties'],
  },
  ReturnRequest: { by: ['ministry', 'finance', 'admin'], event: 'RequestReturned', refusals: [...requestRefusals, 'separation-of-duties'] },
  WithdrawRequest: { by: ['ministry', 'finance', 'admin'], event: 'RequestWithdrawn', refusals: requestRefusals },
} as const satisfies { [T in keyof RequestCommandData]: Capability<T> };
