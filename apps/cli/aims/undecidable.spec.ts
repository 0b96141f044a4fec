import { describe, expect, it } from '@jest/globals';
import { openTestLedger, type TestLedger } from '../../../libs/command-processing/testing/ledger.js';
import type { Command } from '../../../libs/domain/commands.js';
import { logSource } from '../import-targets/log-source.js';
import { importRelease } from './import.js';
import { ImportStopped } from './target.js';
import { importInto, requestOf } from './testing/target.js';

const first = 'test/data/registers/first-release';
const second = 'test/data/registers/second-release';

/** The command as it reaches an owner that can't decide it: its amount is not a number. */
function undecidable(command: Command): Command {
  return { ...command, data: { ...command.data, amount: '1' } } as unknown as Command;
}
/** Imports the first release into a ledger that can't decide one movement of it. */
async function importUndecidable(ledger: TestLedger, movement: string): Promise<void> {
  const isIt = ({ data }: Command) => Object.values(data).includes(movement);
  await importRelease(requestOf(ledger, first), {
    ...logSource(ledger.log),
    async submitAll(sent) {
      const outcomes = await ledger.commands.submitAll(sent.map((one) => (isIt(one) ? undecidable(one) : one)));
      return outcomes.map((outcome) =>
        outcome.kind === 'accepted' ? { accepted: true as const } : { accepted: false as const, ...outcome },
      );
    },
  });
}
/** The ledger's entries by initiative, however they came about. */
const heldBy = async (ledger: TestLedger) =>
  (await ledger.records())
    .filter(({ type }) => type !== 'CommandRefused')
    .map(({ type, initiative, data }) => [initiative, type, 'amount' in data ? data.amount : undefined].join(' '))
    .sort();

describe('a published row that the ledger could not decide', () => {
  it.each(['c1', 'd1', 'c2', 'c3', 'd5'])(
    'stops the import (%s), and the same import again ends as if it had been decided',
    async (movement) => {
      const sound = await openTestLedger();
      const report = await importInto(sound, first);
      const ledger = await openTestLedger();
      await expect(importUndecidable(ledger, movement)).rejects.toThrow(ImportStopped);
      await expect(importUndecidable(ledger, movement)).rejects.toThrow(/undecidable/);
      const again = await importInto(ledger, first);
      expect({ ...again, sent: 0, recordedBefore: 0 }).toEqual({ ...report, sent: 0, recordedBefore: 0 });
      expect(await heldBy(ledger)).toEqual(await heldBy(sound));
      const before = (await ledger.records()).length;
      expect((await importInto(ledger, first)).sent).toBe(0);
      expect(await ledger.records()).toHaveLength(before);
    },
  );

  it('keeps no later release from being imported', async () => {
    const sound = await openTestLedger();
    await importInto(sound, first);
    const report = await importInto(sound, second, { update: true });
    const ledger = await openTestLedger();
    await expect(importUndecidable(ledger, 'c2')).rejects.toThrow(ImportStopped);
    const update = await importInto(ledger, second, { update: true });
    expect(update.ledger).toEqual(report.ledger);
    expect(update.rows).toEqual(report.rows);
  });
});
