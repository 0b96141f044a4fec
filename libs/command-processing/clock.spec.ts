import { describe, expect, it } from '@jest/globals';
import type { EventLog, StateStore } from '../event-log/ports.js';
import { establish, fund, grant, openTestLedger, propose, type TestLedger } from './testing/ledger.js';

const at = (moment: string) => ({ now: Date.parse(moment) });
const dates = async (ledger: TestLedger) => (await ledger.records()).map(({ occurredOn, recordedAt }) => [occurredOn, recordedAt]);

/** A programme whose latest record was made while the clock was a year ahead. */
async function recordedAYearAhead(): Promise<{ log: EventLog; states: StateStore }> {
  const ledger = await openTestLedger({ clock: at('2024-06-01T06:00:00.000Z') });
  await ledger.commands.submitAll([establish(), grant(100n)]);
  ledger.clock.now = Date.parse('2025-06-01T06:00:00.000Z');
  await ledger.commands.submit(propose());
  await ledger.commands.close();
  return ledger;
}
const behind = {
  kind: 'refused',
  code: 'clock-behind',
  detail:
    'the latest record of p is of 2025-06-01T06:00:00.000Z, and the clock says 2024-06-01T06:01:00.000Z; nothing is recorded until the operators have looked: ask again with the same command id',
  figures: {},
};

describe('an entry that names no day', () => {
  it('is dated by the clock, though the record before it is of the next year already', async () => {
    // Half past midnight in Bishkek, by a clock that is two minutes fast.
    const ledger = await openTestLedger({ clock: at('2024-12-31T18:01:00.000Z') });
    await ledger.commands.submit(establish());
    ledger.clock.now = Date.parse('2024-12-31T17:59:00.000Z');
    await ledger.commands.submit(grant(1n));

    expect(await dates(ledger)).toEqual([
      ['2025-01-01', '2024-12-31T18:01:00.000Z'],
      ['2024-12-31', '2024-12-31T18:01:00.000Z'],
    ]);
  });
});

describe('a clock that lies behind the latest record', () => {
  it('by five minutes is taken for one that was fast, and by more keeps commands waiting', async () => {
    const ledger = await openTestLedger({ clock: at('2024-06-01T06:06:00.000Z') });
    await ledger.commands.submit(establish());
    ledger.clock.now = Date.parse('2024-06-01T06:01:00.000Z');
    expect(await ledger.commands.submit(grant(1n))).toMatchObject({ kind: 'accepted' });
    ledger.clock.now -= 1;
    expect(await ledger.commands.submit(propose())).toMatchObject({ kind: 'refused', code: 'clock-behind' });
  });

  it('records nothing through restarts, keeps other programmes going, and tells the operators once a minute', async () => {
    const before = await recordedAYearAhead();
    const ledger = await openTestLedger({ ...before, clock: at('2024-06-01T06:01:00.000Z') });
    const funding = fund(10n);

    const outcomes = await ledger.commands.submitAll([funding, { ...establish(), programme: 'q' }, { ...propose(), programme: 'q' }]);
    const dryRunOutcomes = await ledger.commands.submitAll([funding], { dryRun: true });

    expect(outcomes[0]).toEqual({ ...behind, commandId: funding.commandId });
    expect(dryRunOutcomes).toEqual([{ ...behind, commandId: funding.commandId, dryRun: true }]);
    expect(outcomes.slice(1).map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    expect((await ledger.records()).map(({ programme }) => programme)).toEqual(['p', 'p', 'p', 'q', 'q']);
    expect(ledger.alarms).toEqual(['the clock lies behind the records: it is wrong, or was when they were made']);
  });

  it('gives what was decided before its outcome, and decides a command that waited once it is right', async () => {
    const before = await recordedAYearAhead();
    const ledger = await openTestLedger({ ...before, clock: at('2024-06-01T06:01:00.000Z') });
    const funding = fund(10n);
    await ledger.commands.submit(funding);
    ledger.clock.now = Date.parse('2025-06-01T06:00:00.000Z');

    expect(await ledger.commands.submit(funding)).toMatchObject({ kind: 'accepted', receipt: { position: 4 } });
  });

  it('goes on where operators accept the records made while it was wrong: dated by the clock, recorded never before them', async () => {
    const before = await recordedAYearAhead();
    const clock = at('2024-06-03T06:00:00.000Z');
    const ledger = await openTestLedger({ ...before, clock, acceptedUpTo: '2025-06-01T06:00:00.000Z' });

    expect(await ledger.commands.submit(propose('j'))).toMatchObject({ kind: 'accepted' });

    expect((await dates(ledger)).slice(-2)).toEqual([
      ['2025-06-01', '2025-06-01T06:00:00.000Z'],
      ['2024-06-03', '2025-06-01T06:00:00.000Z'],
    ]);
  });
});
