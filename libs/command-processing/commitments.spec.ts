/** Commitments in the processor: a reversal finds the commitment of its payment wherever the states are, and a restart decides as before. */
import { describe, expect, it } from '@jest/globals';
import type { Command } from '../domain/commands.js';
import { command, finance, fundedInitiative, justice, openTestLedger, spend, type TestLedger } from './testing/ledger.js';

const commit = (amount: bigint) => command('MakeCommitment', justice, { commitmentId: 'C-1', supplier: 'S', amount });
const draw = (amount: bigint, transactionId = 'T-1') => command('RecordSpending', justice, { transactionId, amount, commitmentId: 'C-1' });
const reverse = (amount: bigint, reversalId: string) =>
  command('ReverseSpending', justice, { reversalId, transactionId: 'T-1', amount, reason: 'why' });
const release = () => command('ReleaseCommitment', justice, { commitmentId: 'C-1', reason: 'why' });
const cancel = () => command('CancelInitiative', finance, { reason: 'why', legalBasis: 'law' });

/** How the commands of a history come: all at once, each alone with the states saved after each, or each to a process that starts again. */
const ways = ['in one batch', 'with states saved after each', 'with a restart after each'] as const;
async function after(way: (typeof ways)[number], commands: readonly Command[]): Promise<TestLedger> {
  let ledger = await openTestLedger(way === 'in one batch' ? {} : { saveAfter: 1 });
  for (const batch of way === 'in one batch' ? [commands] : commands.map((one) => [one])) {
    const outcomes = await ledger.commands.submitAll(batch);
    expect(outcomes.map(({ kind }) => kind)).toEqual(batch.map(() => 'accepted'));
    if (way !== 'with a restart after each') continue;
    await ledger.commands.close();
    ledger = await openTestLedger({ ...ledger, saveAfter: 1 });
  }
  return ledger;
}

describe.each(ways)('a commitment, %s', (way) => {
  const contexts = async (ledger: TestLedger) =>
    (await ledger.records()).filter(({ type }) => type === 'SpendingReversed').map(({ context }) => 'commitment' in context);

  it('that is fully drawn gets back what is reversed, and can be drawn again', async () => {
    const ledger = await after(way, [...fundedInitiative(100n), commit(60n), draw(60n), reverse(20n, 'R-1'), draw(20n, 'T-2')]);
    expect(await contexts(ledger)).toEqual([true]);
    expect(await ledger.commands.submit(draw(1n, 'T-3'))).toMatchObject({ code: 'commitment-exceeded', figures: { available: '0' } });
  });

  it('that is released gets nothing back, however often its payment is reversed', async () => {
    const ledger = await after(way, [
      ...fundedInitiative(100n),
      commit(60n),
      draw(50n),
      reverse(10n, 'R-1'),
      release(),
      reverse(10n, 'R-2'),
      reverse(5n, 'R-3'),
    ]);
    expect(await contexts(ledger)).toEqual([true, false, false]);
    expect(await ledger.commands.submit(draw(1n, 'T-2'))).toMatchObject({ kind: 'refused', code: 'commitment-released' });
    expect(await ledger.commands.submit(spend(65n, 'T-3'))).toMatchObject({ kind: 'accepted' });
  });

  it('is released with all others in the append that cancels', async () => {
    const ledger = await after(way, [...fundedInitiative(100n), commit(60n), draw(50n)]);
    const outcome = await ledger.commands.submit(cancel());
    expect(outcome).toMatchObject({ receipt: { events: ['CommitmentReleased', 'FundsReturned', 'InitiativeCancelled'] } });
  });

  it('is named by a refusal for want of what is free', async () => {
    const ledger = await after(way, [...fundedInitiative(100n), commit(60n)]);
    expect(await ledger.commands.submit(spend(50n, 'T-2'))).toMatchObject({
      code: 'funding-exceeded',
      figures: { available: '40', requested: '50', committed: '60' },
    });
  });
});
