/** The two topics of a ledger: made where there are none, and refused where their settings could lose a record. */
import kafkajs, { type Admin } from 'kafkajs';
import { errorTypes, type KafkaConnection } from './connection.js';

export const eventsTopic = (prefix: string) => `${prefix}.events`;
export const commandsTopic = (prefix: string) => `${prefix}.commands`;

/** What an append may hold at most, with what Kafka adds to it. */
const largestMessages = 8 * 1024 * 1024;
const days = 24 * 60 * 60 * 1_000;

export type TopicOptions = {
  /** How many partitions a new ledger has, for ever; what an existing one must have. */
  partitions: number;
  /** How many copies of every record there are at least. */
  replication: number;
  /** How many of them have a record before it is acknowledged, at least. */
  minInSync: number;
};

/** A topic is set up in a way that could lose records, or is not that of this ledger. */
export class TopicRefused extends Error {
  override readonly name = 'TopicRefused';
}

/** There is no such ledger yet. */
export class TopicMissing extends Error {
  override readonly name = 'TopicMissing';
}

/** Makes the topics where there are none, and checks those there are. @throws {TopicRefused} naming the setting and what it should be */
export async function ensureTopics(connection: KafkaConnection, options: TopicOptions): Promise<void> {
  await withAdmin(connection, async (admin) => {
    await create(admin, eventsTopic(connection.prefix), options, forEver);
    await create(admin, commandsTopic(connection.prefix), options, forAWeek);
    await check(admin, eventsTopic(connection.prefix), options, forEver);
    await check(admin, commandsTopic(connection.prefix), options, forAWeek);
  });
}

/** How many partitions a ledger's events have. @throws {TopicMissing} */
export async function partitionsOf(connection: KafkaConnection): Promise<number> {
  return withAdmin(connection, async (admin) => {
    const topic = eventsTopic(connection.prefix);
    const described = await describe(admin, topic);
    if (!described) throw new TopicMissing(`there is no topic ${topic}; the commands service makes it on its first start`);
    return described.length;
  });
}

export async function withAdmin<T>(connection: KafkaConnection, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = connection.client({ retries: 8, initialRetryTime: 100, maxRetryTime: 1_000 }).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

type Retention = { name: string; isKept(milliseconds: number): boolean; settings: Record<string, string>; right: string };
/** A record is never removed. */
const forEver: Retention = {
  name: 'for ever',
  isKept: (milliseconds) => milliseconds === -1,
  settings: { 'retention.ms': '-1' },
  right: '-1: records are kept for ever',
};
/** A command is asked for until it is decided; a command id is remembered for two days. */
const forAWeek: Retention = {
  name: 'for a week',
  isKept: (milliseconds) => milliseconds === -1 || milliseconds >= 2 * days,
  settings: { 'retention.ms': String(7 * days) },
  right: 'at least two days: nobody may lose a command that waits to be decided',
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
      waitForLeaders: true,
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
    // Another service made it at the same moment.
    if (!errorTypes(error).includes('TOPIC_ALREADY_EXISTS') && !(await describe(admin, topic))) throw error;
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
  const partitions = (await describe(admin, topic)) ?? [];
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
