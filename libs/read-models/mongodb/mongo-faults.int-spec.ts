import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fundedInitiative, openTestLedger, spend, type TestLedger } from '../../command-processing/testing/ledger.js';
import { digestReadModels } from '../../projections/digest-read-models.js';
import { ReadModelsBehind } from '../../projections/read-models-behind.js';
import { Reading } from '../../application/reading.js';
import { build, runProjections } from '../../projections/runner.js';
import { startDocumentServer, type DocumentServer } from '../../../services/mongodb.js';
import { until } from '../../../test/support/ledger-process.js';
import { MemoryReadModels } from '../memory/memory-read-models.js';
import { ReadModelsUnavailable, StaleWrite } from '../ports.js';
import { openMongoReadModels, type MongoReadModels } from './mongo-read-models.js';

describe('projections while MongoDB', () => {
  let folder: string;
  let server: DocumentServer;
  let models: MongoReadModels;
  let ledger: TestLedger;
  const stop = new AbortController();
  let folding: Promise<void>;
  let generation = 'g';
  let turn = new AbortController();
  let acknowledged = { position: 0, spent: 0 };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'initiative-ledger-documents-'));
    server = await startDocumentServer({ folder });
    models = openMongoReadModels(`${server.url}/faults`);
    ledger = await openTestLedger();
    for (const command of fundedInitiative(1_000_000n)) await ledger.commands.submit(command);
    folding = fold();
    await caughtUp();
  });
  afterAll(async () => {
    stop.abort();
    await folding;
    await models.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs it as the service does: again after every error. */
  async function fold(): Promise<void> {
    while (!stop.signal.aborted) {
      const signal = AbortSignal.any([stop.signal, turn.signal]);
      await runProjections({ log: ledger.log, partition: 0, models, generation }, signal).catch(() => undefined);
    }
  }
  async function record(many: number): Promise<void> {
    for (let number = 0; number < many; number++) {
      const outcome = await ledger.commands.submit(spend(1n, `T-${acknowledged.spent}`));
      if (outcome.kind !== 'accepted' || outcome.receipt.position === undefined) throw new Error(`${outcome.kind}, at no position`);
      acknowledged = { position: outcome.receipt.position, spent: acknowledged.spent + 1 };
    }
  }
  /** Waits until everything is folded, and expects every document to equal that of a fresh fold of the log. */
  async function caughtUp(): Promise<void> {
    const end = await ledger.log.end(0);
    const offset = () =>
      models.checkpoint(generation).then(
        (checkpoint) => checkpoint?.[0],
        () => undefined,
      );
    while ((await offset()) !== end);
    const fresh = new MemoryReadModels();
    await build({ log: ledger.log, partition: 0, models: fresh, generation }, stop.signal);
    expect(await digestReadModels(models, generation)).toEqual(await digestReadModels(fresh, generation));
    expect(await models.heads(generation)).toEqual(await fresh.heads(generation));
    expect(await models.serving()).toBe(generation);
  }

  it('is stopped and started under load', async () => {
    await record(50);
    const recording = record(300);
    await server.stop();
    await server.start();
    await recording;
    await caughtUp();
  });

  it('is put back to an older copy of its data', async () => {
    await caughtUp();
    await server.stop();
    const copy = join(folder, 'copy');
    await copyFile(server.file, copy);
    await server.start();
    await record(200);
    await caughtUp();
    const recording = record(300);
    await server.stop();
    await copyFile(copy, server.file);
    await server.start();
    await recording;
    // The runner notices the restored copy with the next record.
    await record(1);
    await caughtUp();
  });

  it('is built again, and answers nothing older than was asked for', async () => {
    const ledgerReading = new Reading(models, () => performance.now());
    const answered = new Map<string | undefined, number>();
    let reading = true;
    const reader = async () => {
      while (reading) {
        const asked = acknowledged;
        try {
          const { position, answer } = await ledgerReading.about(
            'p',
            { asker: { client: 'reader' }, atLeast: asked.position },
            (snapshot) => snapshot.read('initiative', 'p', 'i', {}),
          );
          expect(position).toBeGreaterThanOrEqual(asked.position);
          expect(Number(answer?.spent)).toBeGreaterThanOrEqual(asked.spent);
          const serving = await models.serving();
          answered.set(serving, (answered.get(serving) ?? 0) + 1);
        } catch (error) {
          if (!(error instanceof ReadModelsBehind)) throw error;
        }
      }
    };
    const readers = Promise.all(Array.from({ length: 4 }, reader));
    await record(50);
    generation = 'h';
    turn.abort();
    turn = new AbortController();
    await record(300);
    await caughtUp();
    await record(50);
    reading = false;
    await readers;
    expect([...answered.keys()].sort()).toEqual(['g', 'h']);
    expect(await models.generations()).toEqual(['h']);
  });
});

describe('whoever asks while MongoDB is away', () => {
  it.each([
    ['whom it answered before', 'connected'],
    ['whom it has not answered yet', 'new'],
  ] as const)(
    'is told so by every question, sooner than the driver gives up by itself, and answered when it is back: %s',
    async (_who, asker) => {
      const folder = await mkdtemp(join(tmpdir(), 'initiative-ledger-documents-'));
      const server = await startDocumentServer({ folder });
      const first = openMongoReadModels(`${server.url}/away`);
      const models = asker === 'connected' ? first : openMongoReadModels(`${server.url}/away`);
      const things = {
        name: 'things',
        fields: { owner: 'text', name: 'text' },
        scope: 'owner',
        filters: [],
        sorts: ['name'],
        lookups: ['name'],
      } as const;
      await first.create('g', [things]);
      await first.serve('g');
      const questions = {
        serving: () => models.serving(),
        generations: () => models.generations(),
        checkpoint: () => models.checkpoint('g'),
        heads: () => models.heads('g'),
        head: () => models.head('g', 'p'),
        get: () => models.get('g', 'things', ['a']),
        getShown: () => models.getShown('g', 'things', 'a'),
        lookUp: () => models.lookUp('g', 'things', 'name', 'a'),
        find: () => models.find('g', 'things', { scope: 'o', sort: 'name', limit: 1 }),
        findShown: () => models.findShown('g', 'things', { scope: 'o', sort: 'name', limit: 1 }),
        scan: async () => {
          for await (const documents of models.scan('g', 'things')) expect(documents).toEqual([]);
        },
      };
      const answers = () =>
        Promise.all(
          Object.entries(questions).map(async ([name, ask]): Promise<[string, unknown]> => [
            name,
            await ask().then(
              () => 'answered',
              (error: unknown) => error,
            ),
          ]),
        );
      await server.stop();
      const asked = performance.now();
      for (const [name, answer] of await answers()) expect({ name, answer }).toEqual({ name, answer: expect.any(ReadModelsUnavailable) });
      // MongoClient's own limit is 30 s.
      expect(performance.now() - asked).toBeLessThan(15_000);
      await server.start();
      await until('it is found again', async () => (await answers()).every(([, answer]) => answer === 'answered'));
      await Promise.all([first.close(), models.close()]);
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  );
});

describe('a save of each partition', () => {
  it('is refused once after MongoDB was away: what was read of it before may be of another copy', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'initiative-ledger-documents-'));
    const server = await startDocumentServer({ folder });
    const models = openMongoReadModels(`${server.url}/away`);
    await models.create('g', []);
    const offsets = [0, 0];
    const save = async (partition: number): Promise<'saved' | 'refused'> => {
      const offset = offsets[partition] ?? 0;
      const follows = offset === 0 ? undefined : { [partition]: offset };
      for (;;)
        try {
          await models.save('g', { writes: [], heads: new Map(), checkpoint: { [partition]: offset + 1 }, follows });
          offsets[partition] = offset + 1;
          return 'saved';
        } catch (error) {
          // Any other error means that the server is not back yet.
          if (error instanceof StaleWrite) return 'refused';
        }
    };
    expect([await save(0), await save(1)]).toEqual(['saved', 'saved']);
    await server.stop();
    await server.start();
    expect([await save(0), await save(1)]).toEqual(['refused', 'refused']);
    expect([await save(0), await save(1)]).toEqual(['saved', 'saved']);
    await models.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
});
