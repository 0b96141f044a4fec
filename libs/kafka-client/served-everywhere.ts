/** A topic that was made is known to one broker after another: until all know it, any of them may say that there is none. */
import { setTimeout as wait } from 'node:timers/promises';
import { withAdmin } from './admin.js';
import { errorTypes, messageOf, type KafkaConnection } from './connection.js';

/** How often each broker is asked, and the pause between, in milliseconds: half a minute in all. */
const patience = { attempts: 600, pause: 50 } as const;

/**
 * Waits until every broker that can be reached serves the topics.
 * @throws {Error} one of them does not after half a minute
 */
export async function servedByEveryBroker(connection: KafkaConnection, topics: readonly string[]): Promise<void> {
  const { brokers } = await withAdmin(connection, (admin) => admin.describeCluster());
  await Promise.all(brokers.map(({ host, port }) => servedBy(connection, `${host}:${port}`, topics)));
}

async function servedBy(connection: KafkaConnection, broker: string, topics: readonly string[]): Promise<void> {
  // Of brokers that it has not asked for others yet, a cluster asks the one that it was given.
  const cluster = connection.cluster([broker]);
  try {
    await cluster.connect();
  } catch {
    // It has died and is not taken for gone yet. When it comes back it learns what there is before it serves anything.
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
