import { describe, expect, it } from '@jest/globals';
import { admin, command, fund } from '../../command-processing/testing/ledger.js';
import { bytesOfSent, receivedOf } from './inbox-message.js';

describe('a command in the inbox', () => {
  it.each([
    ['an amount', fund(60n)],
    [
      'amounts above which commands wait',
      command('AmendProgramme', admin, { approvals: [{ command: 'FundInitiative', above: 50n, role: 'finance' }], reason: 'why' }),
    ],
    ['no amount', command('ApproveRequest', admin, { requestId: 'R-3' })],
  ])('is read as it was sent, with %s', (_what, sent) => {
    expect(receivedOf(7, bytesOfSent({ command: sent }), 0, 1)).toEqual({ offset: 7, command: sent });
  });
});
