import { describe, expect, it } from '@jest/globals';
import { decodeRecord, encodeRecord } from '../event-log/record.js';
import { canonicalText } from '../domain/canonical-text.js';
import { digestOf } from './digest.js';
import { fundedInitiative, openTestLedger, spend } from './testing/ledger.js';

async function refusalOf(description: string) {
  const ledger = await openTestLedger();
  await ledger.commands.submitAll(fundedInitiative(100n));
  const command = spend(101n, 'T-1');
  if (command.type !== 'RecordSpending') throw new Error('another command');
  const large = { ...command, data: { ...command.data, description } };
  await ledger.commands.submit(large);
  const record = (await ledger.records()).at(-1);
  if (record?.type !== 'CommandRefused') throw new Error('no refusal');
  return { record, command: large };
}

describe('a refused command', () => {
  it('is recorded whole up to 4 KiB', async () => {
    const { record } = await refusalOf('x'.repeat(3_000));
    expect(record.data.command).toMatchObject({ type: 'RecordSpending', data: { description: 'x'.repeat(3_000) } });
    expect(record.data.command).not.toHaveProperty('cut');
  });

  it('that is larger is recorded by its digest and its beginning, and read back as it was written', async () => {
    const { record, command } = await refusalOf(`${'ы'.repeat(1_900)}${'x'.repeat(30_000)}`);
    const { hex, size } = digestOf(command);
    expect(record.data.command).toEqual({
      type: 'RecordSpending',
      data: {},
      cut: { digest: hex, bytes: size, beginning: canonicalText(command.data).slice(0, 1_024) },
      ...(command.occurredOn !== undefined && { occurredOn: command.occurredOn }),
    });
    const bytes = encodeRecord(record);
    expect(bytes.length).toBeLessThan(4_096);
    expect(decodeRecord(bytes)).toEqual(record);
  });
});
