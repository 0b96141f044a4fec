import { describe, expect, it } from '@jest/globals';
import { command, establish, finance, fund, grant, openTestLedger, propose } from '../../command-processing/testing/ledger.js';
import type { EventRecord } from '../../event-log/record.js';
import { foldInitiative, type InitiativeFold } from './initiative-view.js';

describe('the first approval of an initiative', () => {
  it('is the first event that makes it funded, also an adjustment upward whose funding is left out', async () => {
    const ledger = await openTestLedger();
    const adjust = (adjustmentId: string) =>
      command('AdjustFunding', finance, { adjustmentId, fundingId: 'F-1', change: 5n, reason: 'why' }, { occurredOn: '2024-06-01' });
    for (const one of [establish(), grant(200n), propose(), fund(100n), adjust('A-1'), adjust('A-2')]) await ledger.commands.submit(one);
    const events = (await ledger.records()).filter((record): record is EventRecord => record.type !== 'CommandRefused');
    const folded = (some: readonly EventRecord[]) =>
      some.reduce<InitiativeFold | undefined>((before, event) => foldInitiative(before, event, 'UTC'), undefined)?.view;
    expect(events.map(({ type }) => type).slice(-3)).toEqual(['InitiativeFunded', 'FundingAdjusted', 'FundingAdjusted']);
    const withoutFunding = folded(events.filter(({ type }) => type !== 'InitiativeFunded'));
    expect(withoutFunding).toMatchObject({ status: 'funded', firstApproved: { on: '2024-06-01' } });
    expect(folded(events)?.firstApproved).toEqual({ on: '2024-06-01' });
  });
});
