import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openTestLedger, propose, type TestLedger } from '../../../libs/command-processing/testing/ledger.js';
import { MemoryEventLog } from '../../../libs/event-log/memory/memory-event-log.js';
import { start, type EventLog } from '../../../libs/event-log/ports.js';
import { ledgerOf, manyAttempts, rules } from '../../../libs/projections/testing/random-history.js';
import { importRecords } from './import-records.js';

const noProgress = () => undefined;

async function recordsOf(log: EventLog): Promise<Buffer[]> {
  const records: Buffer[] = [];
  for await (const entries of log.read(0, start))
    for (const { kind, bytes } of entries) if (kind === 'record') records.push(Buffer.from(bytes));
  return records;
}
async function* linesOf(ledger: TestLedger): AsyncIterable<Uint8Array> {
  for await (const entries of ledger.log.read(0, start)) yield* entries.map(({ bytes }) => bytes);
}

describe('an export of a ledger', () => {
  it('imports again byte for byte, whatever was tried, and the ledger goes on from there', async () => {
    await fc.assert(
      fc.asyncProperty(manyAttempts, rules, async (tried, established) => {
        const ledger = await ledgerOf(tried, established);
        const records = await recordsOf(ledger.log);
        const log = new MemoryEventLog();

        expect(await importRecords(log, linesOf(ledger), noProgress)).toEqual({ added: records.length, there: 0 });
        expect(await recordsOf(log)).toEqual(records);
        expect(await importRecords(log, linesOf(ledger), noProgress)).toEqual({ added: 0, there: records.length });

        // An id that the history lacks: an export has no command that left no record.
        const next = { ...propose('after-all'), commandId: 'after-all' };
        const { commands } = await openTestLedger({ log, clock: ledger.clock });
        expect(await commands.submit(next)).toEqual(await ledger.commands.submit(next));
      }),
      { numRuns: 40 },
    );
  });
});
