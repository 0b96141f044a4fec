import { describe, expect, it } from '@jest/globals';
import { openTestLedger } from '../../../libs/command-processing/testing/ledger.js';
import { importInto } from './testing/target.js';

const nepal = 'test/data/nepal';
const nothing = { count: 0, sum: 0n };

describe('importing the published figures of Nepal', () => {
  it('accepts and refuses, together, exactly what was published', async () => {
    const report = await importInto(await openTestLedger(), nepal);
    expect(report.mismatches).toEqual([]);
    expect(report.commitments).toEqual({
      published: 9_211_134_466_00n,
      accepted: { count: 929, sum: 9_211_134_466_00n },
      refused: nothing,
      leftOut: nothing,
    });
    expect(report.disbursements).toEqual({
      published: 4_333_204_114_00n,
      accepted: { count: 1434, sum: 3_638_146_532_00n },
      refused: { count: 175, sum: 695_057_582_00n },
      leftOut: nothing,
    });
    expect(report.expenditures).toEqual({ published: 0n, accepted: nothing, refused: nothing, leftOut: nothing });
    expect(report.refusals).toEqual([
      { code: 'funding-exceeded', count: 174, sum: 697_843_591_00n },
      { code: 'reversal-exceeds-spending', count: 1, sum: -2_786_009_00n },
    ]);
    expect(report.rows.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 175 }, () => 'refused'));
    expect(report.notes.map(({ kind }) => kind).sort()).toEqual(['never-funded', 'never-funded', 'unknown-status']);
    expect(report.ledger).toEqual({
      funded: { published: 9_211_134_466_00n, holds: 9_211_134_466_00n, byOthers: 0n, kept: 0n },
      spent: { published: 4_333_204_114_00n, holds: 3_638_146_532_00n, byOthers: 0n, kept: 0n },
    });
  });

  it('finalises every completed project that ever got money', async () => {
    const ledger = await openTestLedger();
    await importInto(ledger, nepal);
    const records = await ledger.records();
    const count = (type: string) => records.filter((record) => record.type === type).length;
    expect([count('FinalizationStarted'), count('InitiativeFinalized'), count('InitiativeSuspended')]).toEqual([199, 199, 4]);
  });

  it('dates the running year’s spending today, on 1 January too', async () => {
    const ledger = await openTestLedger({ clock: { now: Date.parse('2013-01-01T06:00:00.000Z') } });
    await importInto(ledger, nepal);
    const records = await ledger.records();
    const spent = records.filter(({ type, occurredOn }) => type === 'SpendingRecorded' && occurredOn >= '2013-01-01');
    expect(new Set(spent.map(({ occurredOn }) => occurredOn))).toEqual(new Set(['2013-01-01']));
    expect(records.filter((record) => record.type === 'CommandRefused' && record.data.code === 'date-out-of-order')).toEqual([]);
  });

  it('adds nothing the second time, refusals included, and reports the same, also much later', async () => {
    const ledger = await openTestLedger();
    const first = await importInto(ledger, nepal);
    const before = (await ledger.records()).length;
    ledger.clock.now += 90 * 24 * 60 * 60 * 1000;
    const second = await importInto(ledger, nepal, { asOf: '2024-06-01' });
    expect((await ledger.records()).length).toBe(before);
    expect(second).toEqual({ ...first, sent: 0, recordedBefore: first.sent });
  });
});
