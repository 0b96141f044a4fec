import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { openTestLedger, propose, establish, command, justice } from '../command-processing/testing/ledger.js';
import { project } from '../projections/testing/random-history.js';
import { MemoryReadModels } from '../read-models/memory/memory-read-models.js';
import { countedNotices } from './counted-notices.js';
import { Reading } from './reading.js';

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
}

describe('open notices for metrics', () => {
  it('are counted once a minute in the background; answers give the last count', async () => {
    const [models, ledger] = [new MemoryReadModels(), await openTestLedger()];
    let now = 0;
    const reading = new Reading(
      models,
      () => now,
      undefined,
      () => Date.parse('2025-06-01T00:00:00Z'),
    );
    const failed: unknown[] = [];
    let counts = 0;
    const asked = countedNotices(
      () => {
        counts++;
        return reading;
      },
      (error) => failed.push(error),
      () => now,
    );
    const silent = () => asked()['silent'];
    await ledger.commands.submitAll([establish(), propose('i')]);
    await project(ledger, models);
    await models.serve('g');
    expect([asked(), asked()]).toEqual([{}, {}]);
    await until(() => silent() === 1);
    expect(counts).toBe(1);
    await ledger.commands.submit(
      command(
        'CancelInitiative',
        { ...justice, organisation: 'ministry-of-finance', role: 'finance' },
        { reason: 'why', legalBasis: 'law' },
      ),
    );
    await models.drop('g');
    await project(ledger, models);
    await models.serve('g');
    now = 59_999;
    expect(silent()).toBe(1);
    expect(counts).toBe(1);
    now = 60_000;
    expect([silent(), silent()]).toEqual([1, 1]);
    await until(() => silent() === 0);
    expect(counts).toBe(2);
    expect(failed).toEqual([]);
  });

  it('are absent while the read models can’t be read, which the operators are told, and are counted at the next call', async () => {
    const [models, ledger] = [new MemoryReadModels(), await openTestLedger()];
    const failed: unknown[] = [];
    const asked = countedNotices(
      () => new Reading(models, () => 0),
      (error) => failed.push(error),
      () => 0,
    );
    expect(asked()).toEqual({});
    await until(() => failed.length > 0);
    expect(failed).toEqual([expect.objectContaining({ name: 'ReadModelsBehind' })]);
    await ledger.commands.submit(establish());
    await project(ledger, models);
    await models.serve('g');
    await until(() => asked()['silent'] === 0);
  });
});
