import { describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '../event-log/memory/memory-event-log.js';
import { MemoryStateStore } from '../event-log/memory/memory-state-store.js';
import { start, type Entry, type Offset } from '../event-log/ports.js';
import type { PendingReceived } from './outcome-entries.js';
import { pendingOf } from './decide-command.js';
import { toldBy } from './outcome-of-entries.js';
import { CommandsUnavailable } from './outcome.js';
import { Processor } from './processor.js';
import { fundedInitiative, spend } from './testing/ledger.js';

async function opened() {
  const alarms: string[] = [];
  const log = new MemoryEventLog();
  const states = new MemoryStateStore();
  const now = () => Date.parse('2024-06-01T06:00:00.000Z');
  const processor = await Processor.open({ log, partition: 0, states, now, alarm: (message) => alarms.push(message), keepsOutcomes: true });
  const entries = async () => {
    const all: Entry[] = [];
    for await (const batch of log.read(0, start)) all.push(...batch);
    return all;
  };
  return { processor, alarms, entries };
}
const dryRunOf = (size: number, offset: Offset): PendingReceived => ({
  offset,
  dryRun: Array.from({ length: size }, (_, index) => pendingOf(spend(1n, `R-${index}`), offset)),
});

describe('a dry run that comes from an inbox', () => {
  it('is decided part by part, on top of what came before it, and has an append of its own', async () => {
    const { processor, entries } = await opened();
    const before = [...fundedInitiative(250n), spend(50n, 'T-1')].map((one, offset) => pendingOf(one, offset));
    const received = [...before, dryRunOf(300, 5), pendingOf(spend(200n, 'T-2'), 6)];
    const commands = await processor.decideReceived(received);
    expect(commands.count).toBe(5);
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const dryRunOutcomes = await processor.decideReceived(received.slice(5));
    clearInterval(counting);
    expect(dryRunOutcomes.count).toBe(1);
    expect(turns).toBeGreaterThan(0);
    const rest = await processor.decideReceived(received.slice(6));
    await Promise.all([commands, dryRunOutcomes, rest].map(({ durable }) => durable));
    const all = await entries();
    expect(all.map(({ kind }) => kind)).toEqual(['record', 'record', 'record', 'record', 'record', 'outcome', 'record']);
    const told = toldBy(all.slice(5, 6));
    expect('outcomes' in told && told.outcomes.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 200 }, () => 'accepted'),
      ...Array.from({ length: 100 }, () => 'refused'),
    ]);
  });

  it('is passed over where it has lapsed: its entry moves the inbox on and tells who asks to ask again, and nobody is alarmed', async () => {
    const { processor, alarms, entries } = await opened();
    await (
      await processor.decideReceived([{ offset: 0, lapsed: true }])
    ).durable;
    expect(processor.decidedUpTo).toBe(0);
    const all = await entries();
    expect(() => toldBy(all)).toThrow(CommandsUnavailable);
    expect(alarms).toEqual([]);
  });
});
