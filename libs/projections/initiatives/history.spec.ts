import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fundedInitiative, openTestLedger, spend, type TestLedger } from '../../command-processing/testing/ledger.js';
import { MemoryReadModels } from '../../read-models/memory/memory-read-models.js';
import type { Page, Query } from '../../read-models/ports.js';
import { reads } from '../reads.js';
import { Source } from '../source.js';
import { build } from '../runner.js';

const spendings = 2_500;
const never = '1990-01-01';

/** Counts the pages read, and lets the reader leave during one. */
class CountingReadModels extends MemoryReadModels {
  pages = 0;
  onPage: (page: number) => void = () => undefined;
  override async find(generation: string, name: string, query: Query): Promise<Page> {
    this.onPage(++this.pages);
    return super.find(generation, name, query);
  }
}

describe('a long history of which a reader asks for little', () => {
  const models = new CountingReadModels();
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await openTestLedger();
    await ledger.commands.submitAll(fundedInitiative(1_000_000n));
    await ledger.commands.submitAll(Array.from({ length: spendings }, (_, index) => spend(1n, `T-${index}`)));
    await build({ log: ledger.log, partition: 0, models, generation: 'g' }, new AbortController().signal);
  });
  beforeEach(() => {
    models.pages = 0;
    models.onPage = () => undefined;
  });
  const ask = <T>(question: (source: Source) => Promise<T>, signal?: AbortSignal) => question(new Source(models, undefined, signal));

  it('is read in pages of 1,000, whatever the reader’s page', async () => {
    const answer = await ask((source) => reads.history(source, 'p', 'i', { occurredBy: never }, { limit: 1 }));
    expect(answer).toEqual({ items: [] });
    expect(models.pages).toBe(3);
  });

  it('lets others have their turn between pages', async () => {
    let turns = 0;
    models.onPage = () => {
      setImmediate(() => turns++);
    };
    await ask((source) => reads.history(source, 'p', 'i', { occurredBy: never }, { limit: 1 }));
    expect(turns).toBe(2);
  });

  it.each([
    ['its events', (source: Source) => reads.history(source, 'p', 'i', { occurredBy: never }, { limit: 1 })],
    ['the initiative as of a past day', (source: Source) => reads.initiative(source, 'p', 'i', { occurredBy: '2024-06-01' })],
  ])('is read no further once the reader is gone: %s', async (_what, question) => {
    const gone = new AbortController();
    models.onPage = () => {
      gone.abort();
    };
    await expect(ask<unknown>(question, gone.signal)).rejects.toThrow('aborted');
    expect(models.pages).toBe(1);
  });

  it('is read only up to the moment asked about, because records follow each other in time', async () => {
    await ask((source) => reads.history(source, 'p', 'i', { knownBy: '2024-05-31T00:00:00.000Z' }, { limit: 1 }));
    await ask((source) => reads.initiative(source, 'p', 'i', { knownBy: '2024-05-31T00:00:00.000Z' }));
    expect(models.pages).toBe(2);
  });

  it('has a next page exactly if another event matches', async () => {
    const first = await ask((source) => reads.history(source, 'p', 'i', { occurredBy: '2024-06-01' }, { limit: 2 }));
    expect(first?.items.map(({ version }) => version)).toEqual([1, 2]);
    expect(first?.cursor).toBe('3');
    const last = await ask((source) =>
      reads.history(source, 'p', 'i', { occurredBy: '2024-06-01' }, { limit: 3, cursor: String(spendings) }),
    );
    expect(last?.items.map(({ version }) => version)).toEqual([2_500, 2_501, 2_502]);
    expect(last?.cursor).toBeUndefined();
  });
});
