/** The topics of a ledger. Missing ones are created; the ledger refuses topics whose settings could lose a record. */
import kafkajs, { type Admin } from 'kafkajs';
import { withAdmin } from '../../kafka-client/admin.js';
import { errorTypes, type KafkaConnection } from '../../kafka-client/connection.js';
import { servedByEveryBroker } from '../../kafka-client/served-everywhere.js';

export const eventsTopic = (prefix: string) => `${prefix}.events`;
export const commandsTopic = (prefix: string) => `${prefix}.commands`;
export const dryRunsTopic = (prefix: string) => `${prefix}.dry-runs`;

/** The largest append in bytes, including Kafka's overhead. */
const largestMessages = 8 * 1024 * 1024;
const hours = 60 * 60 * 1_000;
const days = 24 * hours;

export type TopicOptions = {
  /** The number of partitions of a new ledger, which never changes; an existing ledger must have as many. */
  partitions: number;
  /** The least number of copies of every record. */
  replication: number;
  /** The least number of copies that must have a record before it is acknowledged. */
  minInSync: number;
};

/** A topic has a setting that could lose records, or is not that of this ledger. */
export class TopicRefused extends Error {
  override readonly name = 'TopicRefused';
}

/** Records were removed from a topic. */
export class HistoryRemoved extends Error {
  override readonly name = 'HistoryRemoved';
}

/** The ledger's topics do not exist yet. */
export class TopicMissing extends Error {
  override readonly name = 'TopicMissing';
}

/**
 * Creates missing topics, waits until every broker serves them, and checks all topics.
 * @throws {TopicRefused} a setting is wrong; the message names it and what it should be
 */
export async function ensureTopics(connection: KafkaConnection, options: TopicOptions): Promise<void> {
  const topics = [
    { topic: eventsTopic(connection.prefix), retention: forEver },
    { topic: commandsTopic(connection.prefix), retention: forAWeek },
    { topic: dryRunsTopic(connection.prefix), retention: forADay },
  ];
  await withAdmin(connection, async (admin) => {
    for (const { topic, retention } of topics) await create(admin, topic, options, retention);
    await servedByEveryBroker(
      connection,
      topics.map(({ topic }) => topic),
    );
    for (const { topic, retention } of topics) await check(admin, topic, options, retention);
  });
  await checkBrokers(connection, options);
}

/** Checks the brokers' own settings for transactions, as far as they disclose them. @throws {TopicRefused} */
export async function checkBrokers(connection: KafkaConnection, options: TopicOptions): Promise<void> {
  await withAdmin(connection, async (admin) => {
    const wrong = await faultsOfBrokers(admin, options);
    if (wrong.length > 0) throw new TopicRefused(`the brokers are refused: ${wrong.join('; ')}`);
  });
}

/** The first offset and the end of each partition of a topic. */
export async function boundsOf(connection: KafkaConnection, topic: string): Promise<{ partition: number; begin: number; end: number }[]> {
  const offsets = await withAdmin(connection, (admin) => admin.fetchTopicOffsets(topic));
  return offsets.map(({ partition, low, high }) => ({ partition, begin: Number(low), end: Number(high) }));
}

/** The number of partitions of a ledger's events. @throws {TopicMissing} */
export async function partitionsOf(connection: KafkaConnection): Promise<number> {
  return withAdmin(connection, async (admin) => {
    const topic = eventsTopic(connection.prefix);
    const described = await describe(admin, topic);
    if (!described) throw new TopicMissing(`there is no topic ${topic}; the commands service creates it on its first start`);
    return described.length;
  });
}

type Retention = { name: string; isKept(milliseconds: number): boolean; settings: Record<string, string>; right: string };
/** Records are never removed. */
const forEver: Retention = {
  name: 'for ever',
  isKept: (milliseconds) => milliseconds === -1,
  settings: { 'retention.ms': '-1' },
  right: '-1: records are kept for ever',
};
/** A command is needed until it is decided; a command id is remembered for two days. */
const forAWeek: Retention = {
  name: 'for a week',
  isKept: (milliseconds) => milliseconds === -1 || milliseconds >= 2 * days,
  settings: { 'retention.ms': String(7 * days) },
  right: 'at least two days: a command that waits to be decided must not be lost',
};

/** The messages of a dry run are read within seconds. Kafka removes only whole segments, and each only after the next has begun. */
const forADay: Retention = {
  name: 'for a day',
  isKept: (milliseconds) => milliseconds === -1 || milliseconds >= hours,
  settings: { 'retention.ms': String(days), 'segment.ms': String(hours) },
  right: 'at least an hour: senders of dry runs wait for the outcomes there',
};

async function create(admin: Admin, topic: string, options: TopicOptions, retention: Retention): Promise<void> {
  if (await describe(admin, topic)) return;
  const settings = {
    ...retention.settings,
    'retention.bytes': '-1',
    'cleanup.policy': 'delete',
    'min.insync.replicas': String(options.minInSync),
    'unclean.leader.election.enable': 'false',
    'message.timestamp.type': 'LogAppendTime',
    'max.message.bytes': String(largestMessages),
  };
  try {
    await admin.createTopics({
      // Otherwise the admin would ask one broker, and fail if that one does not know the topic yet.
      waitForLeaders: false,
      topics: [
        {
          topic,
          numPartitions: options.partitions,
          replicationFactor: options.replication,
          configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
        },
      ],
    });
  } catch (error) {
    // Another service created it at the same moment.
    if (!errorTypes(error).includes('TOPIC_ALREADY_EXISTS')) throw error;
  }
}

async function describe(admin: Admin, topic: string) {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions;
  } catch (error) {
    if (errorTypes(error).includes('UNKNOWN_TOPIC_OR_PARTITION')) return undefined;
    throw error;
  }
}

async function check(admin: Admin, topic: string, options: TopicOptions, retention: Retention): Promise<void> {
  const partitions = await describe(admin, topic);
  if (!partitions) throw new TopicMissing(`there is no topic ${topic}, although it was just created`);
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
  });
  const settings = new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
  const setting = (name: string) => settings.get(name) ?? '';
  const copies = Math.min(...partitions.map(({ replicas }) => replicas.length));
  const wrong = [
    partitions.length !== options.partitions &&
      `it has ${partitions.length} partitions, not ${options.partitions}: a programme’s records would be looked for elsewhere`,
    copies < options.replication && `a partition has ${copies} copies, not ${options.replication}`,
    setting('cleanup.policy') !== 'delete' && `cleanup.policy is ${setting('cleanup.policy')}, not delete: compaction removes records`,
    !retention.isKept(Number(setting('retention.ms'))) && `retention.ms is ${setting('retention.ms')}, not ${retention.right}`,
    setting('retention.bytes') !== '-1' && `retention.bytes is ${setting('retention.bytes')}, not -1: old records are removed beyond it`,
    Number(setting('min.insync.replicas')) < options.minInSync &&
      `min.insync.replicas is ${setting('min.insync.replicas')}, not at least ${options.minInSync}: a record could be acknowledged and lost`,
    setting('unclean.leader.election.enable') === 'true' &&
      'unclean.leader.election.enable is true, not false: a copy that lags could become the truth',
    Number(setting('max.message.bytes')) < largestMessages &&
      `max.message.bytes is ${setting('max.message.bytes')}, not at least ${largestMessages}: an append would not fit`,
  ].filter((fault) => fault !== false);
  if (wrong.length > 0) throw new TopicRefused(`the topic ${topic} is refused: ${wrong.join('; ')}`);
}

/** The topic in which brokers keep how transactions ended; they create it with the first transaction. */
const transactionsTopic = '__transaction_state';

async function faultsOfBrokers(admin: Admin, options: TopicOptions): Promise<string[]> {
  const told = await toldBy(admin);
  const copies = (await copiesOf(admin, transactionsTopic)) ?? Math.min(...told('transaction.state.log.replication.factor').map(Number));
  const inSync = Math.min(...told('transaction.state.log.min.isr').map(Number));
  return [
    told('transaction.partition.verification.enable').includes('false') &&
      'transaction.partition.verification.enable is false, not true: a late request of an earlier owner could join a later transaction',
    copies < options.replication &&
      `${transactionsTopic} has ${copies} copies, not ${options.replication}: how transactions ended could be lost`,
    inSync < options.minInSync &&
      `transaction.state.log.min.isr is ${inSync}, not at least ${options.minInSync}: how transactions ended could be lost`,
  ].filter((fault) => fault !== false);
}

/** The values of a setting on the brokers that disclose it. */
async function toldBy(admin: Admin): Promise<(name: string) => string[]> {
  const { brokers } = await admin.describeCluster();
  const settings = await Promise.all(
    brokers.map(async ({ nodeId }) => {
      const resources = [{ type: kafkajs.ConfigResourceTypes.BROKER, name: String(nodeId) }];
      const described = await unlessForbidden(() => admin.describeConfigs({ includeSynonyms: false, resources }));
      return new Map(described?.resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
    }),
  );
  return (name) => settings.flatMap((setting) => setting.get(name) ?? []);
}

async function copiesOf(admin: Admin, topic: string): Promise<number | undefined> {
  const partitions = await unlessForbidden(() => describe(admin, topic));
  return partitions && Math.min(...partitions.map(({ replicas }) => replicas.length));
}

async function unlessForbidden<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (errorTypes(error).some((type) => type.endsWith('_AUTHORIZATION_FAILED'))) return undefined;
    throw error;
  }
}
