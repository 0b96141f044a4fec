/** Compares commands through Kafka, replay from it and folding into MongoDB with bare writes or reads of the same bytes on the same servers. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { DistributedCommands } from '../libs/command-processing/distributed-commands.js';
import { PartitionOwner } from '../libs/command-processing/partition-owner.js';
import { Processor } from '../libs/command-processing/processor.js';
import type { Command } from '../libs/domain/commands.js';
import { KafkaConnection } from '../libs/kafka-client/connection.js';
import { openKafkaEventLog, type KafkaEventLog } from '../libs/event-log/kafka/kafka-event-log.js';
import { KafkaInbox } from '../libs/event-log/kafka/kafka-inbox.js';
import { commandsTopic, eventsTopic } from '../libs/event-log/kafka/topics.js';
import { start, type Entry, type EventLog } from '../libs/event-log/ports.js';
import { startStateThread } from '../libs/event-log/sqlite/log-thread.js';
import { collections } from '../libs/projections/projections.js';
import { build } from '../libs/projections/runner.js';
import { openMongoReadModels } from '../libs/read-models/mongodb/mongo-read-models.js';
import { kafkaForTests, mongoForTests } from '../services/for-tests.js';
import { openBareKafka } from './bare-kafka.js';
import { commandsOf } from './commands.js';
import { compare, median, rate, type Comparison } from './rounds.js';

const count = 40_000;
const initiatives = 500;
const inFlight = 512;
const alone = 400;
/** The number of entries folded into MongoDB: the test server can hold few documents. */
const folded = 6_000;
const rounds = 3;
const one = { partitions: 1, replication: 1, minInSync: 1 };

export type DistributedFigures = { comparisons: Comparison[]; p50: { ours: number; bare: number }; p99: { ours: number; bare: number } };

/** Sends everything with a fixed number in flight; returns the duration of each in milliseconds. */
export async function through<T>(all: readonly T[], atOnce: number, send: (one: T) => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  let next = 0;
  const sender = async () => {
    for (let item = all[next++]; item !== undefined; item = all[next++]) {
      const started = performance.now();
      await send(item);
      took.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return took;
}
const rateThrough = <T>(all: readonly T[], send: (one: T) => Promise<unknown>) =>
  rate(all.length, async () => {
    await through(all, inFlight, send);
  });
const percentile = (values: readonly number[], part: number) => [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;

const fail = (error: unknown) => {
  throw error;
};

/** One of the instances that take and decide commands. */
export async function openInstance(connection: KafkaConnection, folder: string, instance = 'bench') {
  const log = await openKafkaEventLog(connection, one);
  const states = await startStateThread({ files: [join(folder, `${connection.prefix}-${instance}`)], codeVersion: '1', onLost: fail });
  const [store] = states.stores;
  if (!store) throw new Error('there is no state store');
  const owner = new PartitionOwner({
    log,
    partition: 0,
    states: store,
    now: () => Date.now(),
    alarm: (message, { error }) => fail(new Error(message, { cause: error })),
    standsBy: true,
    onStopped: (_partition, error) => fail(error),
  });
  const inbox = new KafkaInbox({ connection, partitions: 1, instance, onLost: fail });
  const commands = await DistributedCommands.open({
    log,
    inbox,
    answerWithin: 30_000,
    now: () => performance.now(),
    onUnreadable: (_partition, error) => fail(error),
  });
  owner.standBy();
  void inbox.own((_partition, commandsAfter, signal) => owner.serve(commandsAfter, signal));
  return {
    log,
    owner,
    /** Gives up its partitions, as in an orderly shutdown. */
    giveUp: () => inbox.close(),
    async submit(command: Command) {
      const outcome = await commands.submit(command);
      if (outcome.kind === 'refused') throw new Error(outcome.detail);
    },
    async close() {
      await commands.close();
      await inbox.close();
      await owner.close();
      await states.stop();
    },
  };
}

export async function measureDistributed(): Promise<DistributedFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-bench-'));
  const [kafka, documents] = [await kafkaForTests(), await mongoForTests()];
  const connectionTo = (prefix: string) => new KafkaConnection({ brokers: kafka.brokers, prefix, clientId: 'bench' });
  try {
    const connection = connectionTo(`bench-${randomUUID()}`);
    const ledger = await openInstance(connection, folder);
    const setUp = [...commandsOf({ initiatives, count: 2 * initiatives + 1 })];
    for (const command of setUp) await ledger.submit(command);
    const bareConnection = connectionTo(`bare-${randomUUID()}`);
    await (await openKafkaEventLog(bareConnection, one)).close();
    const topics = { commands: commandsTopic(bareConnection.prefix), events: eventsTopic(bareConnection.prefix) };
    const bare = await openBareKafka(bareConnection.client(), topics);

    let made = 0;
    const spendings = (many: number): Command[] =>
      Array.from({ length: many }, () => {
        const id = `S-${made++}`;
        const actor = { id: 'm', organisation: 'm', role: 'ministry' as const };
        const initiative = `i-${made % initiatives}`;
        return { type: 'RecordSpending', programme: 'p', initiative, commandId: id, actor, data: { transactionId: id, amount: 100n } };
      });
    // The size of a command's record.
    const bytes = Array.from({ length: count }, () => Buffer.alloc(620, 120));
    await through(spendings(5_000), inFlight, (command) => ledger.submit(command));
    await through(bytes.slice(0, 5_000), inFlight, (some) => bare.send(some));
    const commands = await compare(
      `commands through Kafka, ${inFlight} in flight`,
      'commands/s',
      0.7,
      rounds,
      () => rateThrough(spendings(count), (command) => ledger.submit(command)),
      () => rateThrough(bytes, (some) => bare.send(some)),
    );
    const took: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
    for (let round = 0; round < rounds; round++) {
      took.bare.push(...(await through(bytes.slice(0, alone), 1, (some) => bare.send(some))));
      took.ours.push(...(await through(spendings(alone), 1, (command) => ledger.submit(command))));
    }
    await bare.close();
    await ledger.close();

    const replay = await measureReplay(ledger.log, folder);
    const projection = await measureProjection(firstOf(ledger.log, folded), documents.url);
    await ledger.log.close();
    return {
      comparisons: [commands, replay, projection],
      p50: { ours: median(took.ours), bare: median(took.bare) },
      p99: { ours: percentile(took.ours, 0.99), bare: percentile(took.bare, 0.99) },
    };
  } finally {
    await kafka.stop();
    await documents.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Compares folding the log into the processor's state with reading and parsing it. */
async function measureReplay(log: KafkaEventLog, folder: string): Promise<Comparison> {
  let entries = 0;
  const parsing = async () => {
    entries = 0;
    for await (const some of log.read(0, start))
      for (const { bytes } of some) {
        JSON.parse(Buffer.from(bytes).toString());
        entries++;
      }
  };
  await parsing();
  const replaying = async (round: number) => {
    const states = await startStateThread({ files: [join(folder, `replay-${round}`)], codeVersion: '1', onLost: fail });
    const [store] = states.stores;
    if (!store) throw new Error('there is no state store');
    const measured = await rate(entries, async () => {
      const processor = await Processor.standBy({ log, partition: 0, states: store, now: () => Date.now(), alarm: fail });
      await processor.takeOver();
    });
    await states.stop();
    return measured;
  };
  return compare('replay from Kafka into processor state', 'entries/s', 0.6, rounds, replaying, () => rate(entries, parsing));
}

/** A log’s first entries as a read-only log of its own. */
function firstOf(log: KafkaEventLog, count: number): EventLog {
  return {
    partitions: log.partitions,
    async *read(partition, after): AsyncIterable<Entry[]> {
      let left = count;
      for await (const entries of log.read(partition, after)) {
        const some = entries.slice(0, left);
        if (some.length > 0) yield some;
        left -= some.length;
        if (left === 0) return;
      }
    },
    end: (partition) => log.end(partition),
    follow: (partition, after, signal) => log.follow(partition, after, signal),
    acquire: (partition, signal) => log.acquire(partition, signal),
    close: () => Promise.resolve(),
  };
}

/** Compares folding the log into documents with bulk writes of the finished documents. */
async function measureProjection(log: EventLog, url: string): Promise<Comparison> {
  const signal = new AbortController().signal;
  type Finished = { _id: string; position: number; body: object; internal?: object };
  const finished: { collection: string; documents: Finished[] }[] = [];
  let documents = 0;
  const folding = async () => {
    const models = openMongoReadModels(`${url}/bench-${randomUUID()}`);
    const started = performance.now();
    await build({ log, partition: 0, models, generation: 'g' }, signal);
    const seconds = (performance.now() - started) / 1_000;
    if (documents === 0)
      for (const { name } of collections) {
        const all = { collection: name, documents: [] as Finished[] };
        for await (const some of models.scan('g', name))
          all.documents.push(
            ...some.map(({ key, position, body, internal }) => ({ _id: key, position, body, ...(internal && { internal }) })),
          );
        finished.push(all);
        documents += all.documents.length;
      }
    await models.close();
    return documents / seconds;
  };
  await folding();
  const writing = async () => {
    const client = new MongoClient(url, { writeConcern: { w: 'majority', journal: true } });
    const database = client.db(`bare-${randomUUID()}`);
    const measured = await rate(documents, async () => {
      for (const { collection, documents: all } of finished)
        for (let from = 0; from < all.length; from += 1_000) {
          const operations = all.slice(from, from + 1_000).map((document) => ({ insertOne: { document } }));
          await database.collection<Finished>(collection).bulkWrite(operations, { ordered: false });
        }
    });
    await client.close();
    return measured;
  };
  return compare('projection into MongoDB', 'documents/s', 0.7, rounds, folding, writing);
}
