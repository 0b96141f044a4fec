/** Faults between a writer and its brokers: no acknowledged entry is lost, none is doubled, and the order stays. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { kafkaForTests } from '../../../services/for-tests.js';
import { startKafka, type KafkaCluster } from '../../../services/kafka.js';
import { patience } from '../../../test/support/patience.js';
import { isPassing, LogFenced, OutcomeUnknown, start, type Entry, type EventLog, type LogWriter } from '../ports.js';
import { KafkaConnection } from '../../kafka-client/connection.js';
import { entryOf, messageOfEntry, ownMessage, ownTypes } from './event-message.js';
import { KafkaEventLog, openKafkaEventLog, readKafkaEventLog } from './kafka-event-log.js';
import { PartitionClient } from '../../kafka-client/partition-client.js';
import { PartitionReader } from './partition-reader.js';
import type { FetchedMessage } from '../../kafka-client/record-batch.js';
import { FaultyNetwork, type RequestName } from './testing/faulty-network.js';
import { KeptProducer } from './testing/kept-producer.js';
import { ensureTopics, eventsTopic, TopicRefused } from './topics.js';
import { TransactionalProducer } from '../../kafka-client/transactional-producer.js';

const one = { partitions: 1, replication: 1, minInSync: 1 };
const bytesOf = (number: number) => new TextEncoder().encode(JSON.stringify({ type: 'SpendingRecorded', number }));
const entry = (number: number) => ({ kind: 'record' as const, bytes: bytesOf(number), programme: 'p', position: number });

async function followed(log: EventLog, signal: AbortSignal): Promise<Entry[]> {
  const all: Entry[] = [];
  for await (const batch of log.follow(0, start, signal)) all.push(...batch);
  return all;
}

async function numbersIn(log: EventLog): Promise<number[]> {
  const all: Entry[] = [];
  for await (const batch of log.read(0, start)) all.push(...batch);
  return all.map(({ position = 0 }) => position);
}
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** Appends numbers as an owner appends records: after an append with an unknown outcome, the next writer reads from the log whether it was written. */
class Owner {
  acknowledged = 0;
  private writer: LogWriter | undefined;
  private next = 1;
  constructor(private readonly log: EventLog) {}

  /** Tries until an append of `count` entries is acknowledged. */
  async append(count = 1): Promise<void> {
    for (const end = Date.now() + patience; ;) {
      try {
        await this.appendOnce(count);
        return;
      } catch (error) {
        if (!isPassing(error) || Date.now() > end) throw error;
        this.writer = undefined;
      }
    }
  }

  async appendOnce(count: number): Promise<void> {
    if (!this.writer) {
      this.writer = await this.log.acquire(0);
      this.next = ((await numbersIn(this.log)).at(-1) ?? 0) + 1;
    }
    await this.writer.append(Array.from({ length: count }, (_, index) => entry(this.next + index)));
    this.next += count;
    this.acknowledged = this.next - 1;
  }
}

describe('a writer whose network fails', () => {
  let kafka: Awaited<ReturnType<typeof kafkaForTests>>;
  let network: FaultyNetwork;
  beforeAll(async () => {
    kafka = await kafkaForTests();
    network = new FaultyNetwork();
    await network.open(kafka.brokers);
  });
  afterAll(async () => {
    network.close();
    await kafka.stop();
  });
  const open = async () => {
    const prefix = `t-${randomUUID()}`;
    const connection = new KafkaConnection({ brokers: kafka.brokers, prefix, clientId: 'spec', socketFactory: network.socketFactory });
    return {
      connection,
      topic: `${prefix}.events`,
      log: await openKafkaEventLog(connection, one),
    };
  };

  it.each<RequestName>(['Produce', 'EndTxn', 'AddPartitionsToTxn'])(
    'loses and doubles nothing when an answer to %s is lost',
    async (request) => {
      const { log } = await open();
      const owner = new Owner(log);
      await owner.append();
      for (let round = 0; round < 3; round++) {
        const happened = network.loseAnswerTo(request);
        await owner.append(3);
        await happened;
        await owner.append();
      }
      const numbers = await numbersIn(log);
      expect(numbers).toEqual(upTo(numbers.length));
      expect(numbers.length).toBeGreaterThanOrEqual(owner.acknowledged);
      await log.close();
    },
  );

  it('takes over when the answer to InitProducerId is lost', async () => {
    const { log } = await open();
    const owner = new Owner(log);
    const happened = network.loseAnswerTo('InitProducerId');
    await owner.append();
    await happened;
    await owner.append();
    expect(await numbersIn(log)).toEqual([1, 2]);
    await log.close();
  });

  /** Holds the end of an append until the next append is written but not ended. @returns what readers see of the next append */
  async function endThatComesLate(
    { connection, topic }: { connection: KafkaConnection; topic: string },
    firstAppend: () => Promise<unknown>,
    beginNext: (after: number) => Promise<unknown>,
  ): Promise<number[]> {
    const held = network.hold('EndTxn');
    await firstAppend().catch((error: unknown) => {
      expect(error).toBeInstanceOf(OutcomeUnknown);
    });
    await held;
    const last = (await committedNow(connection, topic)).length;
    await beginNext(last);
    await network.release();
    return (await committedNow(connection, topic)).slice(last);
  }
  /** The entries that readers see at once, without open transactions. */
  async function committedNow(connection: KafkaConnection, topic: string): Promise<number[]> {
    const reader = new PartitionReader(connection, topic, 0);
    const messages: FetchedMessage[] = [];
    for (let from = 0, ended = false; !ended;) {
      const fetched = await reader.fetch(from, 0);
      ended = fetched.next === from;
      from = fetched.next;
      messages.push(...fetched.messages);
    }
    await reader.close();
    return messages.flatMap((message) => entryOf(message)?.position ?? []);
  }

  it('is not harmed by an end of a transaction that comes after the next has begun', async () => {
    const { log, ...where } = await open();
    const writer = await log.acquire(0);
    await writer.append([entry(1)]);
    let appending: Promise<unknown> = Promise.resolve();
    const seen = await endThatComesLate(
      where,
      () => writer.append([entry(2)]),
      async (last) => {
        // Before another process takes over, the writer has given its producer up by itself, and begins nothing more with it.
        await expect(writer.append([entry(last + 1)])).rejects.toThrow('has ended');
        // The next writer begins with another epoch, so the late request can't end its transactions.
        const next = await log.acquire(0);
        const begun = network.hold('EndTxn');
        appending = next.append([entry(last + 1)]).catch((error: unknown) => error);
        await begun;
      },
    );
    expect(seen).toEqual([]);
    expect(await appending).toBeInstanceOf(OutcomeUnknown);
    network.forget();
    await (await log.acquire(0)).append([entry((await numbersIn(log)).length + 1)]);
    const numbers = await numbersIn(log);
    expect(numbers).toEqual(upTo(numbers.length));
    // A writer that has given its producer up never uses it again.
    await expect(writer.append([entry(9)])).rejects.toThrow(/has ended|another writer/);
    await log.close();
  });

  it('would be harmed by that if it kept its producer: the next append would be read before it is committed', async () => {
    const { log, ...where } = await open();
    await (await log.acquire(0)).append([entry(1)]);
    const kept = await KeptProducer.acquire(where.connection, where.topic);
    const seen = await endThatComesLate(
      where,
      () => kept.append([entry(2)]),
      (last) => kept.begin([entry(last + 1)]),
    );
    expect(seen).toEqual([3]);
    await kept.close();
    await log.close();
  });

  it('leaves nothing open when its write arrives after the next owner has aborted its transaction', async () => {
    const { log, connection, topic } = await open();
    const reader = new PartitionReader(connection, topic, 0);
    /** Waits until no transaction is open at the partition's end. The limit is below the transaction time-out (15 s). */
    const decided = async () => {
      for (const until = Date.now() + 12_000; ;) {
        const { end } = await reader.fetch(0, 0);
        if ((await reader.fetch(end - 1, 0)).next === end) return;
        if (Date.now() > until) throw new Error('a transaction is left open');
      }
    };
    await (await log.acquire(0)).append([entry(1)]);
    // The producer is gone after its transaction has begun, and before anything of it is written.
    const gone = new TransactionalProducer(connection, topic, 0);
    await gone.takeOver();
    const held = network.hold('Produce');
    const writing = expect(gone.begin([messageOfEntry(entry(9))])).rejects.toThrow();
    await held;
    await gone.close();
    await writing;
    const writer = await log.acquire(0);
    await writer.append([entry(2)]);
    await network.release();
    await decided();
    await writer.append([entry(3)]);
    await decided();
    expect(await numbersIn(log)).toEqual([1, 2, 3]);
    await reader.close();
    await log.close();
  });

  it('reads to the end of a log that ends with a commit marker, an abort marker or nothing', async () => {
    const { log, connection, topic } = await open();
    expect(await numbersIn(log)).toEqual([]);
    await log.acquire(0);
    // The ownership mark and the marker behind it are not entries.
    expect(await numbersIn(log)).toEqual([]);
    expect(await log.end(0)).toBe(start);
    const writer = await log.acquire(0);
    const [first] = await writer.append([entry(1)]);
    expect(await log.end(0)).toBe(first);
    const held = network.hold('EndTxn');
    await expect(writer.append([entry(2)])).rejects.toBeInstanceOf(OutcomeUnknown);
    await held;
    network.forget();
    // The next writer undoes the open transaction, so the partition ends with abort markers: one, then two.
    for (const number of [2, 3]) {
      const undone = new TransactionalProducer(connection, topic, 0);
      await undone.takeOver();
      expect(await numbersIn(log)).toEqual([1]);
      expect(await log.end(0)).toBe(first);
      await undone.begin([messageOfEntry(entry(number))]);
      await undone.close();
    }
    const last = new TransactionalProducer(connection, topic, 0);
    await last.takeOver();
    await last.close();
    expect(await numbersIn(log)).toEqual([1]);
    expect(await log.end(0)).toBe(first);
    await log.close();
  });
});

describe('a reader that is closed', () => {
  let kafka: Awaited<ReturnType<typeof kafkaForTests>>;
  let network: FaultyNetwork;
  beforeAll(async () => {
    kafka = await kafkaForTests();
    network = new FaultyNetwork();
    await network.open(kafka.brokers);
  });
  afterAll(async () => {
    network.close();
    await kafka.stop();
  });

  it('leaves no connection open, whatever it was doing', async () => {
    const connection = new KafkaConnection({
      brokers: kafka.brokers,
      prefix: `t-${randomUUID()}`,
      clientId: 'spec',
      socketFactory: network.socketFactory,
    });
    const log = await openKafkaEventLog(connection, one);
    for (let turns = 0; turns < 40; turns++) {
      const stop = new AbortController();
      const following = followed(log, stop.signal);
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      stop.abort();
      expect(await following).toEqual([]);
    }
    await log.close();
    const everyConnectionClosed = Date.now() + patience;
    while (network.connections > 0 && Date.now() < everyConnectionClosed) await new Promise((resolve) => setImmediate(resolve));
    expect(network.connections).toBe(0);
  });

  it('leaves nothing open if its connection to Kafka is closed, and opens nothing more, whatever a client asks for', async () => {
    const connection = new KafkaConnection({
      brokers: kafka.brokers,
      prefix: `t-${randomUUID()}`,
      clientId: 'spec',
      socketFactory: network.socketFactory,
    });
    const [cluster, admin] = [connection.cluster(), connection.client().admin()];
    await Promise.all([cluster.connect(), admin.connect()]);
    expect(network.connections).toBeGreaterThan(1);
    connection.close();
    const everyConnectionClosed = Date.now() + patience;
    while (network.connections > 0 && Date.now() < everyConnectionClosed) await new Promise((resolve) => setImmediate(resolve));
    expect(network.connections).toBe(0);
    await expect(connection.cluster().connect()).rejects.toThrow('the connection to Kafka is closed');
    await Promise.all([cluster.disconnect(), admin.disconnect()]);
  });
});

describe('a ledger whose topics', () => {
  let kafka: Awaited<ReturnType<typeof kafkaForTests>>;
  beforeAll(async () => {
    kafka = await kafkaForTests();
  });
  afterAll(() => kafka.stop());

  it.each([
    ['forget records after a week', 'events', { 'retention.ms': '604800000' }, 'retention.ms is 604800000, not -1'],
    ['forget records beyond a size', 'events', { 'retention.bytes': '1000000' }, 'retention.bytes is 1000000, not -1'],
    ['are compacted', 'events', { 'cleanup.policy': 'compact' }, 'cleanup.policy is compact, not delete'],
    ['may be led by a copy that lags', 'events', { 'unclean.leader.election.enable': 'true' }, 'unclean.leader.election.enable is true'],
    ['take small messages alone', 'events', { 'max.message.bytes': '1000000' }, 'max.message.bytes is 1000000'],
    ['forget commands within a day', 'commands', { 'retention.ms': '86400000' }, 'retention.ms is 86400000, not at least two days'],
  ])('%s is refused, with what would be right', async (_name, topic, settings, fault) => {
    const prefix = `t-${randomUUID()}`;
    const admin = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const right = { 'retention.ms': '-1', 'max.message.bytes': '8388608' };
    await admin.createTopics({
      waitForLeaders: true,
      topics: ['events', 'commands'].map((name) => ({
        topic: `${prefix}.${name}`,
        numPartitions: 1,
        replicationFactor: 1,
        configEntries: Object.entries(name === topic ? { ...right, ...settings } : right).map(([key, value]) => ({ name: key, value })),
      })),
    });
    await admin.disconnect();
    const opening = openKafkaEventLog(new KafkaConnection({ brokers: kafka.brokers, prefix, clientId: 'spec' }), one);
    await expect(opening).rejects.toThrow(`the topic ${prefix}.${topic} is refused`);
    await expect(opening).rejects.toThrow(fault);
  });

  it.each([
    ['were written in another format', { partition: 0, partitions: 1, format: 2 }, 'is written in format 2; this version reads 1'],
    ['were made with more partitions', { partition: 0, partitions: 3, format: 1 }, 'was created as partition 0 of 3, and there are 1'],
    ['say too little of what they are', { partition: 0, partitions: 1 }, 'does not begin as a ledger does'],
    ['say it as nobody can read it', '{"partition":0', 'does not begin as a ledger does'],
  ])('%s are refused, by readers and by new owners', async (_name, genesis, fault) => {
    const connection = new KafkaConnection({ brokers: kafka.brokers, prefix: `t-${randomUUID()}`, clientId: 'spec' });
    await ensureTopics(connection, one);
    const topic = eventsTopic(connection.prefix);
    const producer = new TransactionalProducer(connection, topic, 0);
    await producer.takeOver();
    const first = ownMessage(ownTypes.genesis, {});
    await producer.write([{ ...first, value: Buffer.from(typeof genesis === 'string' ? genesis : JSON.stringify(genesis)) }]);
    await producer.close();
    const log = new KafkaEventLog(connection, 1);
    for (const begin of [() => openKafkaEventLog(connection, one), () => readKafkaEventLog(connection), () => log.acquire(0)]) {
      const begun = begin();
      await expect(begun).rejects.toBeInstanceOf(TopicRefused);
      await expect(begun).rejects.toThrow(`${topic}-0 ${fault}`);
    }
  });

  it.each(['made', 'looked for'])('were %s a moment ago are waited for until every broker serves them', async (when) => {
    const connection = new KafkaConnection({ brokers: kafka.brokers, prefix: `t-${randomUUID()}`, clientId: 'spec' });
    if (when === 'looked for') await ensureTopics(connection, one);
    // The broker learns of the topics only after four requests.
    let unknownFor = 4;
    const clusterOf = connection.cluster.bind(connection);
    connection.cluster = (brokers) => {
      const cluster = clusterOf(brokers);
      const askFor = cluster.addMultipleTargetTopics.bind(cluster);
      cluster.addMultipleTargetTopics = (topics) =>
        brokers && unknownFor-- > 0
          ? Promise.reject(Object.assign(new Error('not known yet'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' }))
          : askFor(topics);
      return cluster;
    };
    await (when === 'made' ? openKafkaEventLog(connection, one) : readKafkaEventLog(connection));
    expect(unknownFor).toBeLessThan(0);
  });

  it('keep fewer copies than asked for is refused', async () => {
    const connection = new KafkaConnection({ brokers: kafka.brokers, prefix: `t-${randomUUID()}`, clientId: 'spec' });
    await (await openKafkaEventLog(connection, one)).close();
    await expect(openKafkaEventLog(connection, { partitions: 1, replication: 3, minInSync: 2 })).rejects.toThrow(
      /a partition has 1 copies, not 3.*min\.insync\.replicas is 1, not at least 2/,
    );
  });
});

describe('three brokers', () => {
  let folder: string;
  let cluster: KafkaCluster;
  const admin = () => new Kafka({ brokers: cluster.brokers, logLevel: logLevel.NOTHING, retry: { retries: 20 } }).admin();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'initiative-ledger-three-'));
    cluster = await startKafka({ folder, nodes: 3 });
  });
  afterAll(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async () => {
    const prefix = `t-${randomUUID()}`;
    const connection = new KafkaConnection({ brokers: cluster.brokers, prefix, clientId: 'spec' });
    return {
      connection,
      log: await openKafkaEventLog(connection, { partitions: 1, replication: 3, minInSync: 2 }),
      topic: `${prefix}.events`,
    };
  };
  /** Changes one setting of the topic. The others that matter here stay as the ledger set them. */
  async function askForCopiesInSync(topic: string, count: number): Promise<void> {
    const asking = admin();
    await asking.connect();
    const configEntries = Object.entries({ 'min.insync.replicas': String(count), 'retention.ms': '-1' }).map(([name, value]) => ({
      name,
      value,
    }));
    await asking.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }] });
    await asking.disconnect();
  }
  async function leaderOf(topic: string): Promise<number> {
    const asking = admin();
    await asking.connect();
    const { topics } = await asking.fetchTopicMetadata({ topics: [topic] });
    await asking.disconnect();
    return topics[0]?.partitions[0]?.leader ?? 0;
  }

  async function coordinatorOf(connection: KafkaConnection, topic: string): Promise<number> {
    const client = new PartitionClient(connection, topic, 0);
    const { nodeId } = await client.coordinator(`${topic}-0`);
    await client.close();
    return Number(nodeId);
  }

  it.each(['leader of the events', 'coordinator of the transaction'] as const)(
    'keep all of an append or nothing when the %s is killed between its records and its end',
    async (who) => {
      const { connection, log, topic } = await open();
      await new Owner(log).append();
      const producer = new TransactionalProducer(connection, topic, 0);
      await producer.takeOver();
      await producer.begin([entry(2), entry(3)].map(messageOfEntry));
      const id = who === 'leader of the events' ? await leaderOf(topic) : await coordinatorOf(connection, topic);
      const node = cluster.nodes.find((one) => one.id === id)!;
      await node.process.end('SIGKILL');
      const isEnded = await producer.end().then(
        () => true,
        () => false,
      );
      await producer.close();
      const next = new Owner(log);
      await next.append();
      const numbers = await numbersIn(log);
      expect(numbers).toEqual(upTo(numbers.length));
      // One before, two in the transaction and one after it; without the two if the transaction was not ended.
      expect(isEnded ? [4] : [2, 4]).toContain(numbers.length);
      await node.start();
      await log.close();
    },
  );

  it('lose and double nothing when the leader of the events and then every other broker in turn is killed amid appends', async () => {
    const { log, topic } = await open();
    const owner = new Owner(log);
    await owner.append();
    const leader = await leaderOf(topic);
    // One of them coordinates the writer's transactions.
    for (const id of [leader, ...cluster.nodes.map((node) => node.id).filter((one) => one !== leader)]) {
      const node = cluster.nodes.find((one) => one.id === id)!;
      const appending = [owner.append(5), node.process.end()];
      await Promise.all(appending);
      await owner.append(5);
      await node.start();
      await owner.append(5);
    }
    const numbers = await numbersIn(log);
    expect(numbers).toEqual(upTo(numbers.length));
    expect(numbers.length).toBeGreaterThanOrEqual(owner.acknowledged);
    await log.close();
  });

  it('acknowledge nothing while fewer copies are in sync than asked for, and go on when they are back', async () => {
    const { log, topic } = await open();
    const owner = new Owner(log);
    await owner.append();
    await askForCopiesInSync(topic, 3);
    const leader = await leaderOf(topic);
    const follower = cluster.nodes.find(({ id }) => id !== leader)!;
    await follower.process.end();
    const refused: unknown = await owner.appendOnce(1).catch((error: unknown) => error);
    // The writer gives up. On a slow machine the brokers abort its transaction before that.
    expect([OutcomeUnknown, LogFenced].some((type) => refused instanceof type)).toBe(true);
    await follower.start();
    const next = new Owner(log);
    await next.append();
    await next.append();
    const numbers = await numbersIn(log);
    expect(numbers).toEqual(upTo(numbers.length));
    expect(numbers.length).toBeGreaterThanOrEqual(3);
    await log.close();
  });
});
