/** Brokers learn of a new topic one after another. Until all know it, any of them may say that it does not exist. */
import { setTimeout as wait } from 'node:timers/promises';
import { withAdmin } from './admin.js';
import { errorTypes, messageOf, type KafkaConnection } from './connection.js';

/** The most requests to each broker, and the pause (ms) between them: half a minute in all. */
const patience = { attempts: 600, pause: 50 } as const;

/**
 * Waits until every reachable broker serves the topics.
 * @throws {Error} a broker still does not after half a minute
 */
export async function servedByEveryBroker(connection: KafkaConnection, topics: readonly string[]): Promise<void> {
  const { brokers } = await withAdmin(connection, (admin) => admin.describeCluster());
  await Promise.all(brokers.map(({ host, port }) => servedBy(connection, `${host}:${port}`, topics)));
}

async function servedBy(connection: KafkaConnection, broker: string, topics: readonly string[]): Promise<void> {
  // A new cluster asks the given broker first, before it has learned of others.
  const cluster = connection.cluster([broker]);
  try {
    await cluster.connect();
  } catch {
    // The broker has died, and the others have not noticed yet. When it comes back, it learns all topics before it serves any.
    return;
  }
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await cluster.addMultipleTargetTopics(topics);
        return;
      } catch (error) {
        if (!errorTypes(error).some((type) => notYet.has(type))) throw error;
        if (attempt === patience.attempts)
          throw new Error(`${broker} does not serve ${topics.join(', ')}: ${messageOf(error)}`, { cause: error });
        await wait(patience.pause);
      }
    }
  } finally {
    await cluster.disconnect();
  }
}

const notYet: ReadonlySet<string> = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']);
