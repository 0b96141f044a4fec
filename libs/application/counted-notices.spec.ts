import { describe, expect, it } from '@jest/globals';
import { openTestLedger, propose, establish, command, justice } from '../command-processing/testing/ledger.js';
import { project } from '../projections/testing/random-history.js';
import { MemoryReadModels } from '../read-models/memory/memory-read-models.js';
import { countedNotices } from './counted-notices.js';
import { Reading } from './reading.js';

describe('open notices for metrics', () => {
  it('are counted once a minute, however often they are asked for', async () => {
    const [models, ledger] = [new MemoryReadModels(), await openTestLedger()];
    let now = 0;
    const reading = new Reading(
      models,
      () => now,
      undefined,
      () => Date.parse('2025-06-01T00:00:00Z'),
    );
    const failed: unknown[] = [];
    const asked = countedNotices(
      () => reading,
      (error) => failed.push(error),
      () => now,
    );
    const silent = async () => (await asked())['silent'];
    await ledger.commands.submitAll([establish(), propose('i')]);
    await project(ledger, models);
    await models.serve('g');
    expect(await Promise.all([silent(), silent()])).toEqual([1, 1]);
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
    expect(await silent()).toBe(1);
    now = 60_000;
    expect(await silent()).toBe(0);
    expect(failed).toEqual([]);
  });

  it('are none while the read models can’t be read, which the operators are told, and counted at the next call', async () => {
    const [models, ledger] = [new MemoryReadModels(), await openTestLedger()];
    const failed: unknown[] = [];
    const asked = countedNotices(
      () => new Reading(models, () => 0),
      (error) => failed.push(error),
      () => 0,
    );
    expect(await asked()).toEqual({});
    expect(failed).toEqual([expect.objectContaining({ name: 'ReadModelsBehind' })]);
    await ledger.commands.submit(establish());
    await project(ledger, models);
    await models.serve('g');
    expect(await asked()).toMatchObject({ silent: 0 });
  });
});
