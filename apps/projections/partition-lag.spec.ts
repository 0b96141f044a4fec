import { describe, expect, it } from '@jest/globals';
import { fundedInitiative, openTestLedger, spend } from '../../libs/command-processing/testing/ledger.js';
import { start, type Offset } from '../../libs/event-log/ports.js';
import { decodeRecord } from '../../libs/event-log/record.js';
import { PartitionLag } from './partition-lag.js';

describe('the lag of a partition', () => {
  it('is counted from the time of its oldest missing record, regardless of the first look', async () => {
    const { log, commands, clock } = await openTestLedger();
    for (const command of [...fundedInitiative(100n), spend(1n, 'T-1')]) {
      await commands.submit(command);
      clock.now += 60_000;
    }
    const recorded: { offset: Offset; at: number }[] = [];
    for await (const entries of log.read(0, start))
      for (const { offset, bytes } of entries) recorded.push({ offset, at: Date.parse(decodeRecord(bytes).recordedAt) });
    const [first, second, last] = [recorded[0]!, recorded[1]!, recorded.at(-1)!];
    let now = last.at;
    const lag = new PartitionLag(log, 0, () => now);
    expect(lag.current).toEqual({ records: 0, seconds: 0 });

    await lag.look();
    now = first.at + 90_000;
    expect(lag.current).toEqual({ records: 5, seconds: 90 });
    lag.onFolded(first.offset);
    await lag.look();
    now = second.at + 7_000;
    expect(lag.current).toEqual({ records: 4, seconds: 7 });
    lag.onFolded(last.offset);
    expect(lag.current).toEqual({ records: 0, seconds: 0 });
  });
});
