import { describe, expect, it } from '@jest/globals';
import type { Entry } from '../event-log/ports.js';
import { decodeRecord, hashOf } from '../event-log/record.js';
import { MemoryEventLog } from '../event-log/memory/memory-event-log.js';
import { MemoryStateStore } from '../event-log/memory/memory-state-store.js';
import { start } from '../event-log/ports.js';
import { pendingOf } from './decide-command.js';
import { outcomeOf } from './apply-command.js';
import { outcomesOf } from './outcome-of-entries.js';
import { Processor } from './processor.js';
import { command, finance, fundedInitiative, spend } from './testing/ledger.js';

/** The entries of each command, as read from the log. */
async function entriesOf(commands: readonly Parameters<typeof pendingOf>[0][]): Promise<Entry[][]> {
  const log = new MemoryEventLog();
  const processor = await Processor.open({
    log,
    partition: 0,
    states: new MemoryStateStore(),
    now: () => Date.parse('2024-06-01T06:00:00.000Z'),
    alarm: () => undefined,
    keepsOutcomes: true,
  });
  const { durable } = await processor.decideReceived(commands.map((one, offset) => pendingOf(one, offset)));
  await durable;
  const byCommand = new Map<number, Entry[]>();
  for await (const batch of log.read(0, start))
    for (const entry of batch) byCommand.set(entry.command!.offset, [...(byCommand.get(entry.command!.offset) ?? []), entry]);
  return [...byCommand.values()];
}

describe('what entries say became of their command', () => {
  const commands = [
    ...fundedInitiative(1_000n),
    spend(10n, 'T-1'),
    spend(9_999n, 'T-2'),
    command('CancelInitiative', finance, { reason: '"version":9,"type":"', legalBasis: 'ы\u0000\\' }),
  ];

  it('is what the records say when they are read whole: of one, of several, of a refusal', async () => {
    const entries = await entriesOf(commands);
    expect(entries.map((own) => own.length)).toEqual([1, 1, 1, 1, 1, 1, 2]);
    for (const own of entries) {
      const [first, ...rest] = own.map(({ bytes }) => ({ record: decodeRecord(bytes), hash: hashOf(bytes) }));
      expect(outcomesOf(own)).toEqual([outcomeOf([first!, ...rest])]);
    }
  });

  it('is read whole where the bytes begin otherwise', async () => {
    const [[entry]] = (await entriesOf(commands)) as [[Entry]];
    const { programme, ...rest } = JSON.parse(Buffer.from(entry.bytes).toString()) as Record<string, unknown>;
    const bytes = Buffer.from(JSON.stringify({ ...rest, programme }));
    expect(outcomesOf([{ ...entry, bytes }])).toMatchObject([
      { kind: 'accepted', receipt: { programme, position: 1, hash: hashOf(bytes) } },
    ]);
    expect(() =>
      outcomesOf([{ ...entry, bytes: Buffer.from('{"programme":"p","position":1,"version":1,"type":"Unheard","schema":1,') }]),
    ).toThrow();
  });
});
