import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { fundedInitiative, openTestLedger, propose, spend, type TestLedger } from '../command-processing/testing/ledger.js';
import { LogUnreadable, start, type Entry, type EventLog } from '../event-log/ports.js';
import { MemoryReadModels } from '../read-models/memory/memory-read-models.js';
import { StaleWrite, type ReadModels, type Save } from '../read-models/ports.js';
import { collections } from './projections.js';
import { reads } from './reads.js';
import { Source } from './source.js';
import { build, runProjections } from './runner.js';
import { type ProjectionObserver } from './projection-options.js';
import { attempts, ledgerOf } from './testing/random-history.js';
import { verifyReadModels } from './verify-read-models.js';

const none = new AbortController().signal;
const never: ProjectionObserver = { folded: () => undefined, serving: () => undefined };

/** The read models are what a fresh fold of the log gives. */
async function expectSound(ledger: Pick<TestLedger, 'log'>, models: ReadModels, generation = 'g'): Promise<void> {
  const fresh = new MemoryReadModels();
  const verdict = await verifyReadModels({ log: ledger.log, models, fresh, generation, isCompared: () => true });
  expect(verdict?.faults).toEqual([]);
  expect(verdict?.documents).toBeGreaterThan(0);
}

/** Runs projections until they have folded up to an offset, then stops them. */
async function runUntil(
  offset: number,
  log: EventLog,
  models: ReadModels,
  observer: ProjectionObserver = never,
  atOnce?: number,
): Promise<void> {
  const stop = new AbortController();
  await runProjections(
    {
      log,
      partition: 0,
      models,
      generation: 'g',
      ...(atOnce !== undefined && { atOnce }),
      observer: {
        ...observer,
        folded: (batch) => {
          observer.folded(batch);
          if (batch.offset >= offset) stop.abort();
        },
      },
    },
    stop.signal,
  );
}

/** The same log, read in small batches. */
function inBatches(log: EventLog, size: number): EventLog {
  async function* split(batches: AsyncIterable<Entry[]>): AsyncIterable<Entry[]> {
    for await (const entries of batches) for (let from = 0; from < entries.length; from += size) yield entries.slice(from, from + size);
  }
  return {
    partitions: 1,
    read: (partition, after) => split(log.read(partition, after)),
    follow: (partition, after, signal) => split(log.follow(partition, after, signal)),
    end: (partition) => log.end(partition),
    acquire: (partition) => log.acquire(partition),
    close: () => log.close(),
  };
}

/** The attempts to record, the saves that fail, and the number of entries per batch. */
const interrupted = [attempts, fc.uniqueArray(fc.nat({ max: 12 }), { maxLength: 4 }), fc.integer({ min: 1, max: 9 })] as const;

/** Read models whose process ends between the documents and the checkpoint of some saves. */
class CrashingReadModels extends MemoryReadModels {
  constructor(private readonly crashes: Set<number>) {
    super();
  }
  private saves = 0;
  override async save(generation: string, save: Save): Promise<void> {
    if (!this.crashes.delete(this.saves++)) return super.save(generation, save);
    const half = save.writes.slice(0, Math.ceil(save.writes.length / 2));
    await super.save(generation, { writes: half, heads: new Map(), checkpoint: save.follows ?? {}, follows: save.follows });
    throw new Error('the power went');
  }
}

describe('projections', () => {
  it('fold the records that are there and then the appended ones, and say how far they are', async () => {
    const ledger = await openTestLedger();
    for (const command of fundedInitiative(100n)) await ledger.commands.submit(command);
    const models = new MemoryReadModels();
    const offsets: number[] = [];
    const serving: string[] = [];
    const running = runUntil(5, ledger.log, models, {
      folded: ({ offset }) => offsets.push(offset),
      serving: (generation) => serving.push(generation),
    });
    await ledger.commands.submit(spend(10n, 'T-1'));
    await ledger.commands.submit(spend(1_000n, 'T-2'));
    await running;
    expect(serving).toEqual(['g']);
    expect(offsets[0]).toBe(start);
    expect(offsets.at(-1)).toBe(5);
    const source = new Source(models);
    expect(await reads.initiative(source, 'p', 'i', {})).toMatchObject({ spent: '10', version: 3 });
    expect((await models.head('g', 'p'))?.position).toBe(6);
    await expectSound(ledger, models);
  });

  it('go on from their checkpoint and fold nothing twice', async () => {
    const ledger = await openTestLedger();
    for (const command of fundedInitiative(100n)) await ledger.commands.submit(command);
    const models = new MemoryReadModels();
    await runUntil(3, ledger.log, models);
    await ledger.commands.submit(spend(10n, 'T-1'));
    const folded: number[] = [];
    await runUntil(4, ledger.log, models, { ...never, folded: ({ records }) => folded.push(records) });
    expect(folded).toEqual([0, 1]);
    await expectSound(ledger, models);
  });

  it('fold the next batch of a build while one is saved, and save one after another', async () => {
    const ledger = await openTestLedger();
    for (const command of fundedInitiative(100n)) await ledger.commands.submit(command);
    for (let number = 0; number < 3; number++) await ledger.commands.submit(propose(`i-${number}`));
    const seen: string[] = [];
    let saves = 0;
    class SlowReadModels extends MemoryReadModels {
      override async save(generation: string, save: Save): Promise<void> {
        const number = ++saves;
        seen.push(`save ${number}`);
        // More turns than the fold of a batch takes.
        for (let turn = 0; turn < 20; turn++) await nextTurn();
        seen.push(`saved ${number}`);
        return super.save(generation, save);
      }
    }
    const folding: EventLog = {
      ...inBatches(ledger.log, 3),
      async *read(partition, after) {
        let batch = 0;
        for await (const entries of inBatches(ledger.log, 3).read(partition, after)) {
          seen.push(`batch ${++batch}`);
          yield entries;
        }
      },
    };
    const models = new SlowReadModels();
    await build({ log: folding, partition: 0, models, generation: 'g', atOnce: 3 }, none);
    expect(seen).toEqual(['batch 1', 'save 1', 'batch 2', 'saved 1', 'save 2', 'batch 3', 'saved 2', 'save 3', 'saved 3']);
    await expectSound(ledger, models);
  });

  it('of a build are right if any save misses once, while the next batch is folded already', async () => {
    class MissingReadModels extends MemoryReadModels {
      private saves = 0;
      constructor(private readonly misses: ReadonlySet<number>) {
        super();
      }
      override async save(generation: string, save: Save): Promise<void> {
        await nextTurn();
        if (this.misses.has(this.saves++)) throw new StaleWrite('another writer came between');
        return super.save(generation, save);
      }
    }
    await fc.assert(
      fc.asyncProperty(...interrupted, async (tried, misses, size) => {
        const ledger = await ledgerOf(tried);
        const models = new MissingReadModels(new Set(misses));
        await build({ log: inBatches(ledger.log, size), partition: 0, models, generation: 'g', atOnce: size }, none);
        await expectSound(ledger, models);
      }),
      { numRuns: 60 },
    );
  });

  it('lose and double nothing if they end between a document and the checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(...interrupted, async (tried, crashes, size) => {
        const ledger = await ledgerOf(tried);
        const end = (await ledger.entries()).at(-1)!.offset;
        const models = new CrashingReadModels(new Set(crashes));
        for (let done = false; !done;)
          done = await runUntil(end, inBatches(ledger.log, size), models, never, size).then(
            () => true,
            (error: unknown) => {
              expect(error).toMatchObject({ message: 'the power went' });
              return false;
            },
          );
        await expectSound(ledger, models);
      }),
      { numRuns: 60 },
    );
  });

  it('are right if two of them fold the same partition for a while', async () => {
    await fc.assert(
      fc.asyncProperty(attempts, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), async (tried, one, other) => {
        const ledger = await ledgerOf(tried);
        const end = (await ledger.entries()).at(-1)!.offset;
        const models = new MemoryReadModels();
        const results = await Promise.allSettled([
          runUntil(end, inBatches(ledger.log, one), models, never, one),
          runUntil(end, inBatches(ledger.log, other), models, never, other),
        ]);
        // The slower one may give up after repeated conflicts; the other one finishes.
        expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
        await expectSound(ledger, models);
      }),
      { numRuns: 60 },
    );
  });

  it('of other code are built beside those that serve, and take their place when complete', async () => {
    const ledger = await openTestLedger();
    for (const command of fundedInitiative(100n)) await ledger.commands.submit(command);
    for (let number = 0; number < 20; number++) await ledger.commands.submit(propose(`i-${number}`));
    const models = new MemoryReadModels();
    await build({ log: ledger.log, partition: 0, models, generation: 'old' }, none);
    const source = new Source(models);
    const seen: (string | undefined)[] = [];
    const observer: ProjectionObserver = { serving: () => undefined, folded: () => undefined };
    const counting: EventLog = {
      ...inBatches(ledger.log, 3),
      async *read(partition, after) {
        for await (const entries of inBatches(ledger.log, 3).read(partition, after)) {
          seen.push(await models.serving());
          expect((await reads.programme(source, 'p', {}))?.initiatives.proposed).toBe(20);
          yield entries;
        }
      },
    };
    await build({ log: counting, partition: 0, models, generation: 'new', observer }, none);
    expect(new Set(seen)).toEqual(new Set(['old']));
    expect(await models.serving()).toBe('new');
    expect(await models.generations()).toEqual(['new']);
    await expectSound(ledger, models, 'new');
  });

  it('stay as they are, and say so, if the log is another than they were folded from, or a shorter one', async () => {
    const ledger = await openTestLedger();
    for (const command of [...fundedInitiative(100n), spend(10n, 'T-1'), spend(20n, 'T-2')]) await ledger.commands.submit(command);
    const models = new MemoryReadModels();
    await runUntil(5, ledger.log, models);
    // An older copy was restored, and has since recorded other entries, or none yet.
    const copy = await openTestLedger();
    for (const command of [...fundedInitiative(100n), spend(33n, 'T-1')]) await copy.commands.submit(command);
    const run = () => runProjections({ log: copy.log, partition: 0, models, generation: 'g' }, none);
    await expect(run()).rejects.toMatchObject({
      name: 'LogDiverged',
      message: expect.stringContaining('the log ends at position 5 of it'),
    });
    for (const command of [spend(1n, 'T-2'), spend(1n, 'T-3')]) await copy.commands.submit(command);
    await expect(run()).rejects.toMatchObject({
      name: 'LogDiverged',
      message: expect.stringMatching(/the log has hash [0-9a-f]{64} there/),
    });
    await expectSound(ledger, models);
  });

  it('are built again if somebody else dropped them, although nothing more is recorded', async () => {
    const ledger = await openTestLedger();
    for (const command of [...fundedInitiative(100n), spend(10n, 'T-1')]) await ledger.commands.submit(command);
    const models = new MemoryReadModels();
    const stop = new AbortController();
    let built = 0;
    const observer: ProjectionObserver = {
      folded: () => undefined,
      serving: () => {
        if (++built === 2) stop.abort();
      },
    };
    const looked = async () => {
      if (built === 1) await models.drop('g');
    };
    await runProjections({ log: ledger.log, partition: 0, models, generation: 'g', observer, wait: looked }, stop.signal);
    await expectSound(ledger, models);
  });

  it('serve again if an older copy was put back that holds all documents and does not serve, although nothing more is recorded', async () => {
    const ledger = await openTestLedger();
    for (const command of [...fundedInitiative(100n), spend(10n, 'T-1')]) await ledger.commands.submit(command);
    const stop = new AbortController();
    class Older extends MemoryReadModels {
      times = 0;
      older = false;
      override serving(): Promise<string | undefined> {
        return this.older ? Promise.resolve(undefined) : super.serving();
      }
      override async serve(generation: string): Promise<void> {
        this.older = false;
        await super.serve(generation);
        if (++this.times === 2) stop.abort();
      }
    }
    const models = new Older();
    const looked = async () => {
      await nextTurn();
      models.older = models.times === 1;
    };
    await runProjections({ log: ledger.log, partition: 0, models, generation: 'g', wait: looked }, stop.signal);
    expect(models.times).toBe(2);
    await expectSound(ledger, models);
  });

  it('are marked as built again for a partition without entries if somebody else dropped and made them again', async () => {
    const ledger = await openTestLedger();
    const log: EventLog = { ...inBatches(ledger.log, 1), partitions: 2 };
    const stop = new AbortController();
    const marked: number[][] = [];
    class Watched extends MemoryReadModels {
      override async markBuilt(generation: string, partition: number): Promise<number[]> {
        const built = await super.markBuilt(generation, partition);
        marked.push(built);
        if (marked.length === 3) stop.abort();
        return built;
      }
    }
    const models = new Watched();
    await models.create('g', collections);
    await models.markBuilt('g', 1);
    const looked = async () => {
      await nextTurn();
      if (marked.length > 2) return;
      await models.drop('g');
      await models.create('g', collections);
    };
    await runProjections({ log, partition: 0, models, generation: 'g', wait: looked }, stop.signal);
    expect(marked).toEqual([[1], [1, 0], [0]]);
  });

  it('stop at a record they can’t read, naming its offset, and fold nothing after it', async () => {
    const ledger = await openTestLedger();
    for (const command of fundedInitiative(100n)) await ledger.commands.submit(command);
    const unreadable: EventLog = {
      ...inBatches(ledger.log, 1),
      async *read(partition, after) {
        for await (const entries of inBatches(ledger.log, 1).read(partition, after))
          yield entries.map((entry) =>
            entry.offset === 2
              ? { ...entry, bytes: Buffer.from(Buffer.from(entry.bytes).toString().replace('InitiativeProposed', 'InitiativeDreamt')) }
              : entry,
          );
      },
    };
    const models = new MemoryReadModels();
    const error = await runProjections({ log: unreadable, partition: 0, models, generation: 'g' }, none).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LogUnreadable);
    expect(error).toMatchObject({ offset: 2, message: expect.stringContaining('offset 2') });
    expect(await models.checkpoint('g')).toEqual({ 0: 1 });
    expect(await models.serving()).toBeUndefined();
  });
});
