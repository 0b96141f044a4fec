import { describe, expect, it } from '@jest/globals';
import type { Command } from '../domain/commands.js';
import { MemoryEventLog } from '../event-log/memory/memory-event-log.js';
import { MemoryStateStore } from '../event-log/memory/memory-state-store.js';
import { pendingOf } from './decide-command.js';
import { CommandsUnavailable, ProgrammeBusy, type Outcome } from './outcome.js';
import { Processor } from './processor.js';
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
    const dryRunOutcomes = ledger.commands.submitAll(batch(2_000), dryRun).then((outcomes) => order.push(`${outcomes.length} dry`));
    await ledger.commands.submit(spend(1n, 'T-real')).then(({ kind }) => order.push(kind));
    await dryRunOutcomes;
    expect(order).toEqual(['accepted', '2000 dry']);
  });

  it('begin again where their programme is written meanwhile, so that they are of one moment', async () => {
    const ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(450n));
    const dryRunOutcomes = ledger.commands.submitAll(batch(400), dryRun);
    await ledger.commands.submit(spend(100n, 'T-real'));
    expect((await dryRunOutcomes).map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 350 }, () => 'accepted'),
      ...Array.from({ length: 50 }, () => 'refused'),
    ]);
    await ledger.commands.close();
  });

  /** A dry run of two parts; before each of the first `written` parts a command begins to be recorded. */
  async function whileWritten(written: number): Promise<Outcome[]> {
    const states = new MemoryStateStore();
    const now = () => Date.parse('2024-06-01T06:00:00.000Z');
    const processor = await Processor.open({ log: new MemoryEventLog(), partition: 0, states, now, alarm: () => undefined });
    const pending = (commands: readonly Command[]) => commands.map((one, offset) => pendingOf(one, offset));
    await (
      await processor.decideAhead(pending(fundedInitiative(450n)))
    ).durable;
    let parts = 0;
    let recording = Promise.resolve<unknown>(undefined);
    const record = async (id: number) => (await processor.decideAhead(pending([spend(100n, `T-real-${id}`)]))).durable;
    const beforePart = () => {
      if (parts++ < written) recording = record(parts);
    };
    try {
      return await processor.dryRun(pending(batch(200)), { beforePart });
    } finally {
      await recording;
      await processor.close();
    }
  }

  it('are never of two moments: where their programme is written each time, senders are asked to come back', async () => {
    const outcomes = await whileWritten(3);
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 150 }, () => 'accepted'),
      ...Array.from({ length: 50 }, () => 'refused'),
    ]);
    await expect(whileWritten(Infinity)).rejects.toThrow(ProgrammeBusy);
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
