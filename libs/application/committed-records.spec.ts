import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { IEvent } from '@nestjs/cqrs';
import { establish, grant, openTestLedger } from '../command-processing/testing/ledger.js';
import { runProjections } from '../projections/runner.js';
import { ReadModelsUnavailable } from '../read-models/ports.js';
import { MemoryReadModels } from '../read-models/memory/memory-read-models.js';
import { CommittedRecords, RecordsCommitted, toldTo } from './committed-records.js';
import { Reading } from './reading.js';

/** Read models that are away while told so. */
class Unreliable extends MemoryReadModels {
  isAway = false;
  override async head(...asked: Parameters<MemoryReadModels['head']>): ReturnType<MemoryReadModels['head']> {
    if (this.isAway) throw new ReadModelsUnavailable('away');
    return super.head(...asked);
  }
}

async function followed() {
  const models = new Unreliable();
  const ledger = await openTestLedger();
  const stop = new AbortController();
  const folding = runProjections({ log: ledger.log, partition: 0, models, generation: 'g' }, stop.signal);
  const positions: number[] = [];
  const faults: unknown[] = [];
  const publish = (event: IEvent) => {
    if (event instanceof RecordsCommitted) positions.push(...event.records.map(({ position }) => position));
  };
  const reading = new Reading(models, () => performance.now());
  const committed = new CommittedRecords(reading, { publish }, (error) => faults.push(error));
  await ledger.commands.submit(establish());
  return {
    models,
    reading,
    committed,
    positions,
    faults,
    grant: (fiscalYear: number) => ledger.commands.submit(grant(100n, fiscalYear)),
    until: async (condition: () => boolean) => {
      while (!condition()) await nextTurn();
    },
    async close() {
      committed.close();
      stop.abort();
      await folding;
      await ledger.commands.close();
    },
  };
}

describe('a followed programme', () => {
  it('has every record after the first listener’s position published once, in order', async () => {
    const one = await followed();
    one.committed.listen('p', 0);
    await one.grant(2024);
    await one.grant(2025);
    await one.until(() => one.positions.length >= 3);
    expect(one.positions).toEqual([1, 2, 3]);
    await one.close();
  });

  it('loses no record that is committed while reading fails, and reports the fault once', async () => {
    const one = await followed();
    one.models.isAway = true;
    one.committed.listen('p', 0);
    await one.until(() => one.faults.length > 0);
    await one.grant(2024);
    one.models.isAway = false;
    await one.until(() => one.positions.length >= 2);
    expect([one.positions, one.faults.length]).toEqual([[1, 2], 1]);
    await one.close();
  });

  it('is read in pauses that let timers in, however many readers wait for a position', async () => {
    const one = await followed();
    const gone = new AbortController();
    const waiting = Array.from({ length: 1_001 }, () =>
      one.reading.about('p', { asker: { client: 'c', signal: gone.signal }, atLeast: 999 }, () => Promise.resolve(0)).catch(() => 0),
    );
    one.committed.listen('p', 0);
    await one.until(() => one.positions.length > 0);
    expect(one.positions).toEqual([1]);
    gone.abort();
    await Promise.all(waiting);
    await one.close();
  });

  it('is no longer followed once the last listener has left, or after closing', async () => {
    const one = await followed();
    const leave = [one.committed.listen('p', 0), one.committed.listen('p', 0)];
    await one.until(() => one.positions.length > 0);
    for (const left of leave) left();
    one.committed.close();
    one.committed.listen('p', 0);
    await one.grant(2024);
    await one.committed.after('p', 0);
    expect(one.positions).toEqual([1]);
    await one.close();
  });
});

it.each(['CommandRefused', 'CommandSubmitted', 'RequestApproved', 'RequestReturned', 'RequestWithdrawn'] as const)(
  'a reader who is not auditor or admin is told only that there is a %s',
  (type) => {
    const record = { position: 7, type, initiative: 'one' };
    const told = [undefined, 'ministry', 'finance', 'auditor', 'admin'] as const;
    expect(told.map((role) => toldTo(role && { role, organisation: 'ministry-of-justice' }, record))).toEqual([
      ...Array<object>(3).fill({ position: 7 }),
      record,
      record,
    ]);
  },
);
