import { describe, expect, it } from '@jest/globals';
import { openTestLedger } from '../../../libs/command-processing/testing/ledger.js';
import type { LedgerRecord } from '../../../libs/event-log/record.js';
import { demoCommands } from './commands.js';
import { play } from './play.js';

async function replay(): Promise<{ records: LedgerRecord[]; lastHash: string | undefined }> {
  const ledger = await openTestLedger();
  const outcomes = await play(demoCommands(), ledger.commands, (at) => (ledger.clock.now = Date.parse(at)));
  const last = outcomes.at(-1);
  return { records: await ledger.records(), lastHash: last?.kind === 'accepted' ? last.receipt.hash : undefined };
}

describe('the demo', () => {
  it('x', async () => {
    const { records, lastHash } = await replay();
    const refused = records.flatMap((r) =>
      r.type === 'CommandRefused' ? [`${r.recordedAt} ${r.initiative} ${r.data.command.type} ${r.data.code}: ${r.data.detail}`] : [],
    );
    console.log(records.length, lastHash, refused.join('\n'));
    const count = new Map<string, number>();
    for (const r of records) count.set(r.type, (count.get(r.type) ?? 0) + 1);
    console.log(count, new Set(records.map((r) => r.recordedAt)).size);
    expect(records.at(-1)?.recordedAt).toBe(1);
  });
});
