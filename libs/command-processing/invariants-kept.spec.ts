import { describe, expect, it } from '@jest/globals';
import { command, finance, justice, fund, fundedInitiative, grant, openTestLedger, spend, type TestLedger } from './testing/ledger.js';

/** A ledger whose state of a programme differs from what the log folds to. */
async function ledgerKnowing(search: string, replacement: string): Promise<TestLedger> {
  const before = await openTestLedger();
  await before.commands.submitAll([...fundedInitiative(874n), spend(5n, 'T-1')]);
  await before.commands.close();
  const { log, states } = before;
  const saved = states.open(0);
  const [programme = ''] = states.read(['p/p']);
  expect(programme).toContain(search);
  if (saved) await states.save(saved.offset, saved.heads, [{ key: 'p/p', value: programme.replace(search, replacement) }]);
  return openTestLedger({ log, states });
}

/** A command that lowers the programme's spending further. */
const reverse = () => command('ReverseSpending', justice, { reversalId: 'R-1', transactionId: 'T-1', amount: 1n, reason: 'twice' });

describe('an append that would break an invariant', () => {
  it('is not made, however it was decided: the command is undecidable, and operators are told', async () => {
    const ledger = await ledgerKnowing('"spent":"5"', '"spent":"-100"');

    expect(await ledger.commands.submit(reverse())).toMatchObject({ kind: 'refused', code: 'undecidable', position: 6 });

    expect(ledger.alarms).toEqual(['a command could not be decided']);
    expect(ledger.lost).toEqual([]);
    expect((await ledger.records()).map(({ type }) => type)).toEqual([
      'ProgrammeEstablished',
      'AppropriationGranted',
      'InitiativeProposed',
      'InitiativeFunded',
      'SpendingRecorded',
      'CommandRefused',
    ]);
  });

  it('is no alarm where it was a dry run', async () => {
    const ledger = await ledgerKnowing('"spent":"5"', '"spent":"-100"');
    const [outcome] = await ledger.commands.submitAll([reverse()], { dryRun: true });
    expect(outcome).toMatchObject({ kind: 'refused', code: 'undecidable', dryRun: true });
    expect(ledger.alarms).toEqual([]);
  });

  it('leaves nothing behind that later commands are decided on', async () => {
    const ledger = await ledgerKnowing('"spent":"5"', '"spent":"-100"');
    await ledger.commands.submit(reverse());
    expect(await ledger.commands.submit(command('SuspendInitiative', finance, { reason: 'audit' }))).toMatchObject({
      kind: 'accepted',
      receipt: { version: 4, position: 7 },
    });
    expect(await ledger.commands.submit(spend(1n, 'T-2'))).toMatchObject({ kind: 'refused', code: 'initiative-suspended' });
  });

  it('is made where it mends what was broken, though not all of it', async () => {
    const ledger = await ledgerKnowing('"spent":"5"', '"spent":"-100"');
    expect(await ledger.commands.submit(spend(50n, 'T-2'))).toMatchObject({ kind: 'accepted' });
    expect(ledger.alarms).toEqual([]);
  });

  it('does not keep commands from what was broken before and they do not touch', async () => {
    const ledger = await ledgerKnowing('"spent":"5"', '"spent":"-100"');
    expect(await ledger.commands.submit(grant(10n, 2025))).toMatchObject({ kind: 'accepted' });
    expect(await ledger.commands.submit(fund(1n, 'F-2'))).toMatchObject({ code: 'appropriation-exceeded' });
    expect(ledger.alarms).toEqual([]);
  });
});
