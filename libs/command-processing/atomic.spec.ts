/** Atomic batches, decided in this process and through an inbox. */
import { describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '../event-log/memory/memory-event-log.js';
import { MemoryInboxes } from '../event-log/memory/memory-inbox.js';
import { MemoryStateStore } from '../event-log/memory/memory-state-store.js';
import { OutcomeUnknown, start, type Entry, type EventLog, type LogWriter, type NewEntry } from '../event-log/ports.js';
import { decodeRecord } from '../event-log/record.js';
import type { Commands } from './commands.js';
import { DistributedCommands } from './distributed-commands.js';
import { EmbeddedCommands } from './embedded-commands.js';
import { CommandsUnavailable } from './outcome.js';
import { PartitionOwner } from './partition-owner.js';
import { Processor } from './processor.js';
import { type ProcessorOptions } from './processor-options.js';
import { command, fundedInitiative, justice, propose, spend } from './testing/ledger.js';

const now = Date.parse('2024-06-01T06:00:00.000Z');

/** A log that remembers the entries of each append. On demand, the next append is written but fails with an unknown outcome. */
class WatchedLog implements EventLog {
  readonly appends: NewEntry[][] = [];
  losesAnswer = false;
  constructor(private readonly log: EventLog) {}
  get partitions(): number {
    return this.log.partitions;
  }
  read: EventLog['read'] = (partition, after) => this.log.read(partition, after);
  follow: EventLog['follow'] = (partition, after, signal) => this.log.follow(partition, after, signal);
  end: EventLog['end'] = (partition) => this.log.end(partition);
  close: EventLog['close'] = () => this.log.close();
  async acquire(partition: number, signal?: AbortSignal): Promise<LogWriter> {
    const writer = await this.log.acquire(partition, signal);
    return {
      append: async (entries) => {
        const offsets = await writer.append(entries);
        this.appends.push([...entries]);
        if (this.losesAnswer) {
          this.losesAnswer = false;
          throw new OutcomeUnknown('the connection broke');
        }
        return offsets;
      },
    };
  }
}

type Ways = { commands: Commands; close(): Promise<void> };
const options = (log: EventLog): Omit<ProcessorOptions, 'partition'> => ({
  log,
  states: new MemoryStateStore(),
  now: () => now,
  alarm: () => undefined,
});
const ways: Record<string, (log: EventLog) => Promise<Ways>> = {
  'in this process': async (log) => {
    const commands = new EmbeddedCommands(await Processor.open({ ...options(log), partition: 0 }), () => undefined);
    return { commands, close: () => commands.close() };
  },
  'through an inbox': async (log) => {
    const inbox = new MemoryInboxes(1).as('one');
    const commands = await DistributedCommands.open({
      log,
      inbox,
      answerWithin: 60_000,
      now: () => now,
      onUnreadable: () => undefined,
    });
    const owner = new PartitionOwner({ ...options(log), partition: 0, standsBy: false, onStopped: () => undefined });
    void inbox.own((_partition, commandsAfter, signal) => owner.serve(commandsAfter, signal));
    return {
      commands,
      async close() {
        await inbox.close();
        await commands.close();
        await owner.close();
      },
    };
  },
};

async function recordsIn(log: EventLog) {
  const entries: Entry[] = [];
  for await (const some of log.read(0, start)) entries.push(...some);
  return entries.filter(({ kind }) => kind === 'record').map(({ bytes }) => decodeRecord(bytes));
}
const typesAfter = async (log: EventLog, position: number) => (await recordsIn(log)).slice(position).map(({ type }) => type);

describe.each(Object.entries(ways))('commands recorded all or none, %s', (way, open) => {
  const using = async (use: (log: WatchedLog, commands: Commands) => Promise<void>) => {
    const log = new WatchedLog(new MemoryEventLog({ partitions: 1 }));
    const { commands, close } = await open(log);
    try {
      for (const one of fundedInitiative(1_000n)) expect((await commands.submit(one)).kind).toBe('accepted');
      await use(log, commands);
    } finally {
      await close();
    }
  };

  it('are recorded in one append, each with its own receipt', () =>
    using(async (log, commands) => {
      const before = log.appends.length;
      const batch = [spend(600n, 'T-1'), spend(400n, 'T-2'), propose('j')];
      const outcome = await commands.submitAtomically(batch);
      expect(outcome).toMatchObject({
        outcomes: batch.map(({ commandId }, index) => ({ kind: 'accepted', receipt: { commandId, position: 5 + index } })),
      });
      expect(log.appends.slice(before).map((entries) => entries.filter(({ kind }) => kind === 'record').length)).toEqual([3]);
    }));

  it('are none of them where one is refused, which alone is recorded, and the answer says which', () =>
    using(async (log, commands) => {
      const batch = [propose('j'), spend(600n, 'T-1'), spend(500n, 'T-2'), spend(1n, 'T-3')];
      const outcome = await commands.submitAtomically(batch);
      expect(outcome).toMatchObject({
        stoppedBy: 2,
        outcome: { kind: 'refused', commandId: batch[2]!.commandId, code: 'funding-exceeded', position: 5, figures: { available: '400' } },
      });
      expect('outcome' in outcome && outcome.outcome.detail).toMatch(/^in an atomic batch, of which nothing else is recorded: /);
      expect(await typesAfter(log, 4)).toEqual(['CommandRefused']);
      expect(await commands.submit(spend(1_000n, 'T-4'))).toMatchObject({ kind: 'accepted', receipt: { position: 6 } });
    }));

  it('are stopped with every figure of the refusal', () =>
    using(async (_log, commands) => {
      const contract = command('MakeCommitment', justice, { commitmentId: 'C-1', supplier: 'S', amount: 600n });
      expect(await commands.submitAtomically([contract, spend(500n, 'T-1')])).toMatchObject({
        stoppedBy: 1,
        outcome: { code: 'funding-exceeded', figures: { available: '400', requested: '500', committed: '600' } },
      });
    }));

  it('are all stopped by the only one', () =>
    using(async (log, commands) => {
      expect(await commands.submitAtomically([spend(1_001n, 'T-1')])).toMatchObject({
        stoppedBy: 0,
        outcome: { code: 'funding-exceeded' },
      });
      expect(await typesAfter(log, 4)).toEqual(['CommandRefused']);
    }));

  it('leave nothing where what stops them is no record', () =>
    using(async (log, commands) => {
      const nowhere = { ...spend(1n, 'T-2'), programme: 'p', commandId: 'used' };
      await commands.submit({ ...spend(5n, 'T-used'), commandId: 'used' });
      const outcome = await commands.submitAtomically([spend(1n, 'T-1'), nowhere]);
      expect(outcome).toMatchObject({ stoppedBy: 1, outcome: { code: 'command-id-reused' } });
      expect(await typesAfter(log, 5)).toEqual([]);
    }));

  it('get their first receipts again, and the same refusal where they were stopped', () =>
    using(async (log, commands) => {
      const batch = [spend(600n, 'T-1'), spend(400n, 'T-2')];
      const first = await commands.submitAtomically(batch);
      const again = await commands.submitAtomically(batch);
      expect(again).toEqual({ outcomes: ('outcomes' in first ? first.outcomes : []).map((outcome) => ({ ...outcome, replayed: true })) });
      const stopped = [propose('j'), spend(1n, 'T-3')];
      const refused = await commands.submitAtomically(stopped);
      const refusedAgain = await commands.submitAtomically(stopped);
      expect(refusedAgain).toEqual({ stoppedBy: 1, outcome: { ...('outcome' in refused && refused.outcome), replayed: true } });
      expect(await typesAfter(log, 4)).toEqual(['SpendingRecorded', 'SpendingRecorded', 'CommandRefused']);
    }));

  it('get their first receipts where the answer was lost', () =>
    using(async (log, commands) => {
      const batch = [spend(600n, 'T-1'), spend(400n, 'T-2')];
      log.losesAnswer = true;
      const first = await commands.submitAtomically(batch).catch((error: unknown) => error);
      if (way === 'in this process') expect(first).toBeInstanceOf(CommandsUnavailable);
      expect(await commands.submitAtomically(batch)).toMatchObject({
        outcomes: [
          { replayed: true, receipt: { position: 5 } },
          { replayed: true, receipt: { position: 6 } },
        ],
      });
      expect(await typesAfter(log, 4)).toEqual(['SpendingRecorded', 'SpendingRecorded']);
    }));

  it('record nothing in a dry run, which says what would stop them', () =>
    using(async (log, commands) => {
      expect(await commands.submitAtomically([spend(600n, 'T-1'), spend(500n, 'T-2')], { dryRun: true })).toMatchObject({
        stoppedBy: 1,
        outcome: { code: 'funding-exceeded', dryRun: true },
      });
      expect(await commands.submitAtomically([spend(600n, 'T-1')], { dryRun: true })).toMatchObject({ outcomes: [{ dryRun: true }] });
      expect(await typesAfter(log, 4)).toEqual([]);
    }));

  it('are refused whole where they are more than one append takes', () =>
    using(async (log, commands) => {
      const many = Array.from({ length: 1_001 }, (_, n) => propose(`i-${n}`));
      expect(await commands.submitAtomically(many)).toEqual({ tooLarge: true });
      const large = Array.from({ length: 300 }, (_, n) =>
        command('RecordSpending', justice, { transactionId: `T-${n}`, amount: 1n, description: 'x'.repeat(2_000) }),
      );
      expect(await commands.submitAtomically(large)).toEqual({ tooLarge: true });
      expect(await commands.submitAtomically([])).toEqual({ outcomes: [] });
      expect(await typesAfter(log, 4)).toEqual([]);
    }));

  it('are hundreds at once, among others that are sent meanwhile', () =>
    using(async (log, commands) => {
      const proposals = (kind: string, count: number) => Array.from({ length: count }, (_, n) => propose(`${kind}-${n}`));
      const [one, together, other] = await Promise.all([
        commands.submitAll(proposals('a', 50)),
        commands.submitAtomically(proposals('b', 800)),
        commands.submitAll(proposals('c', 50)),
      ]);
      expect([one.length, 'outcomes' in together && together.outcomes.length, other.length]).toEqual([50, 800, 50]);
      expect((await recordsIn(log)).map(({ position }) => position)).toEqual(Array.from({ length: 904 }, (_, index) => index + 1));
      const positions =
        'outcomes' in together ? together.outcomes.map((outcome) => (outcome.kind === 'accepted' ? outcome.receipt.position : 0)) : [];
      expect(positions).toEqual(Array.from({ length: 800 }, (_, index) => (positions[0] ?? 0) + index));
    }));

  it('are read from the log again as they were decided', () =>
    using(async (log, commands) => {
      const stopped = [spend(600n, 'T-1'), spend(401n, 'T-2')];
      const recorded = [spend(600n, 'T-1'), spend(400n, 'T-2')];
      expect(await commands.submitAtomically(stopped)).toMatchObject({ stoppedBy: 1 });
      expect(await commands.submitAtomically(recorded)).toMatchObject({ outcomes: [{ kind: 'accepted' }, { kind: 'accepted' }] });
      const reopened = await Processor.open({ ...options(log), partition: 0 });
      const states = [...stopped, ...recorded].map(({ commandId }) => reopened.outcomeOf('p', justice.organisation, commandId)?.kind);
      expect(states).toEqual([undefined, 'refused', 'accepted', 'accepted']);
    }));
});
