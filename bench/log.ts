/** Measures deciding, replaying, verifying and rebuilding without HTTP. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { exportRecords } from '../apps/cli/commands/export.js';
import { EmbeddedCommands } from '../libs/command-processing/embedded-commands.js';
import { Processor } from '../libs/command-processing/processor.js';
import { Chain, isFault } from '../libs/event-log/chain.js';
import { start, type EventLog, type StateStore } from '../libs/event-log/ports.js';
import { startLogThread, startStateThread } from '../libs/event-log/sqlite/log-thread.js';
import { readSqliteEventLog } from '../libs/event-log/sqlite/sqlite-event-log.js';
import { collections } from '../libs/projections/projections.js';
import { build } from '../libs/projections/runner.js';
import { HistoryCheck } from '../libs/projections/verify-history.js';
import type { Checkpoint, Write } from '../libs/read-models/ports.js';
import { openBuildingReadModels } from '../libs/read-models/sqlite/building-read-models.js';
import { openSqliteReadModels } from '../libs/read-models/sqlite/sqlite-read-models.js';
import { bareGroupCommits } from './bare.js';
import { commandsOf } from './commands.js';
import { compare, rate, type Comparison } from './rounds.js';

const events = 200_000;
const initiatives = 2_000;
const rounds = 3;

function processorOver(log: EventLog, states: StateStore): Promise<Processor> {
  return Processor.open({
    log,
    partition: 0,
    states,
    now: () => Date.now(),
    alarm: (message) => {
      throw new Error(message);
    },
  });
}

export type LogFigures = { comparisons: Comparison[]; bytesPerEvent: number; restartMilliseconds: number };

export async function measureLog(): Promise<LogFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-bench-'));
  const file = (name: string) => join(folder, name);
  const onLost = (error: unknown) => {
    throw error;
  };
  try {
    const all = [...commandsOf({ initiatives, count: events })];
    const deciding = async (round: number) => {
      const { log, states } = await startLogThread({
        logFile: file(`ledger-${round}.sqlite`),
        stateFile: file(`states-${round}`),
        codeVersion: '1',
        onLost,
      });
      const ledger = new EmbeddedCommands(await processorOver(log, states), onLost);
      const measured = await rate(all.length, async () => {
        for (let from = 0; from < all.length; from += 20_000) {
          const outcomes = await ledger.submitAll(all.slice(from, from + 20_000));
          for (const outcome of outcomes) if (outcome.kind !== 'accepted') throw new Error(outcome.detail);
        }
      });
      await ledger.close();
      states.close();
      await log.close();
      return measured;
    };
    await deciding(rounds);
    const written = readSqliteEventLog(file(`ledger-${rounds}.sqlite`));
    const bytes: Uint8Array[] = [];
    for await (const entries of written.read(0, start)) bytes.push(...entries.map((entry) => entry.bytes));
    const decided = await compare('deciding and recording in group commits', 'commands/s', 0.4, rounds, deciding, () =>
      bareGroupCommits(bytes, folder),
    );

    const parsing = (hashing: boolean) => () =>
      rate(bytes.length, async () => {
        for await (const entries of written.read(0, start))
          for (const entry of entries) {
            JSON.parse(Buffer.from(entry.bytes).toString());
            if (hashing) createHash('sha256').update(entry.bytes).digest('hex');
          }
      });
    const replaying = async (round: number) => {
      const { stores, stop } = await startStateThread({ files: [file(`fresh-${round}`)], codeVersion: '1', onLost });
      const [states] = stores;
      if (!states) throw new Error('there is no state store');
      const replayed: EventLog = {
        partitions: 1,
        read: (partition, after) => written.read(partition, after),
        follow: (partition, after, signal) => written.follow(partition, after, signal),
        end: (partition) => written.end(partition),
        acquire: () => Promise.resolve({ append: () => Promise.reject(new Error('this log is for reading')) }),
        close: () => Promise.resolve(),
      };
      const measured = await rate(bytes.length, async () => {
        await processorOver(replayed, states);
      });
      await stop();
      return measured;
    };
    const replay = await compare('replay into processor state', 'events/s', 0.6, rounds, replaying, parsing(false));

    const verifying = () =>
      rate(bytes.length, async () => {
        const check = new HistoryCheck();
        for await (const entries of written.read(0, start))
          for (const entry of entries) {
            const fault = check.add(entry);
            if (fault) throw new Error(fault.found);
          }
      });
    const verify = await compare('verify: chain, numbering and every rule', 'events/s', 0.6, rounds, verifying, parsing(true));

    const chaining = () =>
      rate(bytes.length, async () => {
        const chain = new Chain();
        for await (const entries of written.read(0, start))
          for (const entry of entries) {
            const link = chain.follow(entry);
            if (isFault(link)) throw new Error(link.found);
          }
      });
    const chain = await compare('the chain check of verify', 'events/s', 0.6, rounds, chaining, parsing(true));
    const exporting = () =>
      rate(bytes.length, () =>
        exportRecords(written, { after: 0 }, new Writable({ write: (_bytes, _encoding, done: () => void) => setImmediate(done) })),
      );
    const exported = await compare('export', 'events/s', 0.6, rounds, exporting, parsing(true));

    const signal = new AbortController().signal;
    const documents: Write[] = [];
    const rebuilding = async (round: number) => {
      const models = openBuildingReadModels(file(`models-${round}`));
      const started = performance.now();
      await build({ log: written, partition: 0, models, generation: 'g' }, signal);
      const took = performance.now() - started;
      if (documents.length === 0)
        for (const { name } of collections)
          for await (const some of models.scan('g', name)) for (const document of some) documents.push({ collection: name, document });
      await models.close();
      return (documents.length * 1_000) / took;
    };
    /** Writes the same documents into the same tables with the same indexes, without folding. */
    const writing = async (round: number) => {
      const models = openSqliteReadModels(file(`bare-models-${round}`));
      await models.create('g', collections);
      let follows: Checkpoint | undefined;
      const measured = await rate(documents.length, async () => {
        for (let from = 0; from < documents.length; from += 1_000) {
          const checkpoint = { 0: from };
          await models.save('g', { writes: documents.slice(from, from + 1_000), heads: new Map(), checkpoint, follows });
          follows = checkpoint;
        }
      });
      await models.close();
      return measured;
    };
    await rebuilding(rounds);
    const rebuild = await compare('rebuild of the read models', 'documents/s', 0.7, rounds, rebuilding, writing);
    await written.close();

    const started = performance.now();
    const { log, states } = await startLogThread({
      logFile: file('ledger-0.sqlite'),
      stateFile: file('states-0'),
      codeVersion: '1',
      onLost,
    });
    const ledger = new EmbeddedCommands(await processorOver(log, states), onLost);
    const [first] = all;
    if (first) await ledger.submit({ ...first, commandId: 'after-restart' });
    const restartMilliseconds = performance.now() - started;
    await ledger.close();
    states.close();
    await log.close();
    return {
      comparisons: [decided, replay, verify, chain, exported, rebuild],
      bytesPerEvent: (await stat(file('ledger-0.sqlite'))).size / events,
      restartMilliseconds,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
