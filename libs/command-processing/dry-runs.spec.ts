import { describe, expect, it } from '@jest/globals';
import { CommandsUnavailable } from './outcome.js';
import { fundedInitiative, openTestLedger, spend } from './testing/ledger.js';

const batch = (size: number) => Array.from({ length: size }, (_, index) => spend(1n, `T-${index}`));
const dryRun = { dryRun: true };

describe('dry runs', () => {
  it('count against the limit of commands that wait', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(1_000n));
    const large = batch(10_000);
    const running = Array.from({ length: 10 }, () => ledger.commands.submitAll(large, dryRun));
    await expect(ledger.commands.submitAll(batch(1), dryRun)).rejects.toBeInstanceOf(CommandsUnavailable);
    await ledger.commands.close();
    expect((await Promise.allSettled(running)).map(({ status }) => status)).toEqual(running.map(() => 'rejected'));
  });

  it('leave a turn to commands that are to be recorded', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(1_000n));
    const order: string[] = [];
    const rehearsed = ledger.commands.submitAll(batch(2_000), dryRun).then((outcomes) => order.push(`${outcomes.length} rehearsed`));
    await ledger.commands.submit(spend(1n, 'T-real')).then(({ kind }) => order.push(kind));
    await rehearsed;
    expect(order).toEqual(['accepted', '2000 rehearsed']);
  });

  it('begin again where their programme is written meanwhile, so that they are of one moment', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(450n));
    const rehearsed = ledger.commands.submitAll(batch(400), dryRun);
    await ledger.commands.submit(spend(100n, 'T-real'));
    expect((await rehearsed).map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 350 }, () => 'accepted'),
      ...Array.from({ length: 50 }, () => 'refused'),
    ]);
    await ledger.commands.close();
  });

  it('are decided on top of each other, however many there are', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(250n));
    const outcomes = await ledger.commands.submitAll(batch(300), dryRun);
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 250 }, () => 'accepted'),
      ...Array.from({ length: 50 }, () => 'refused'),
    ]);
    expect(await ledger.records()).toHaveLength(4);
    await ledger.commands.close();
  });
});
