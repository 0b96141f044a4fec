import { describe, expect, it } from '@jest/globals';
import { establish, openTestLedger } from '../../command-processing/testing/ledger.js';
import { MemoryReadModels } from '../../read-models/memory/memory-read-models.js';
import { ReaderGone } from '../readers.js';
import { Source } from '../source.js';
import { project } from '../testing/random-history.js';
import { initiativeNotices } from './kinds.js';
import { openNoticesContract } from './open-notices.contract.js';
import { openNotices } from './open-notices.js';

openNoticesContract('memory', () => Promise.resolve({ models: new MemoryReadModels(), remove: () => Promise.resolve() }));

/** Read models of two programmes, which tell of every count. */
async function twoProgrammes(onCount: () => void): Promise<MemoryReadModels> {
  const [models, ledger] = [new MemoryReadModels(), await openTestLedger()];
  await ledger.commands.submitAll([establish(), { ...establish(), programme: 'q' }]);
  await project(ledger, models);
  await models.serve('g');
  return Object.assign(Object.create(models) as MemoryReadModels, {
    count: (...asked: Parameters<MemoryReadModels['count']>) => {
      onCount();
      return models.count(...asked);
    },
  });
}

describe('counting open notices', () => {
  it('makes way for other work after each programme, and ends there once its reader is gone', async () => {
    const gone = new AbortController();
    let counts = 0;
    const models = await twoProgrammes(() => {
      if (++counts === 1)
        setImmediate(() => {
          gone.abort(new ReaderGone('the reader is gone'));
        });
    });
    await expect(openNotices(new Source(models, undefined, gone.signal), 0)).rejects.toThrow(ReaderGone);
    expect(counts).toBe(initiativeNotices.length);
  });

  it('neither uses nor fills the counts that are kept for readers', async () => {
    let counts = 0;
    const source = new Source(await twoProgrammes(() => counts++));
    const first = await openNotices(source, 0);
    expect(await openNotices(source, 0)).toEqual(first);
    expect(counts).toBe(4 * initiativeNotices.length);
  });
});
