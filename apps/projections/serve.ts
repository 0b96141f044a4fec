/** The projections service: folds the partitions it owns into the read models. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { readKafkaEventLog, type KafkaEventLog } from '../../libs/event-log/kafka/kafka-event-log.js';
import { KafkaInbox } from '../../libs/event-log/kafka/kafka-inbox.js';
import { Lease } from '../../libs/event-log/kafka/lease.js';
import { eventsTopic } from '../../libs/event-log/kafka/topics.js';
import { LogUnreadable } from '../../libs/event-log/ports.js';
import { LedgerMetrics } from '../../libs/http/metrics.js';
import { TokenRefused } from '../../libs/http/tokens.js';
import { runProjections } from '../../libs/projections/runner.js';
import type { ReadModels } from '../../libs/read-models/ports.js';
import { generationOfCode } from '../code-version.js';
import type { Configuration } from '../configuration.js';
import { isFinal, kafkaConnection, mongoReadModels } from '../connections.js';
import { listen } from '../http-service.js';
import { opened, type Served } from '../service.js';
import { watchTopic } from '../watch-topic.js';
import { checkpointHost, checkpointKeyIn } from '../checkpoint-key.js';
import { openMongoProof } from '../../libs/proof/mongodb/mongo-proof.js';
import { PartitionLag } from './partition-lag.js';
import { witnessPolicy } from '../witness-policy.js';
import { provePartition, statePartition } from './proving.js';

/** Milliseconds between a failure and the next try, and between two measurements of the lag. */
const pause = 1_000;

/** @throws {ConfigurationError} @throws {TopicRefused} */
export async function serveProjections(configuration: Configuration, logger: Logger, onLost: (error: unknown) => void): Promise<Served> {
  const connection = kafkaConnection(configuration, 'projections');
  const models = mongoReadModels(configuration);
  const { CHECKPOINT_KEY_FILE } = configuration;
  const key = CHECKPOINT_KEY_FILE === '' ? undefined : await checkpointKeyIn(CHECKPOINT_KEY_FILE);
  const policy = (await witnessPolicy(configuration))?.policy;
  const proof = openMongoProof(configuration.READ_MODELS);
  const log = await opened('the ledger’s topics', logger, () => readKafkaEventLog(connection), isFinal);
  const folding = new PartitionsFolding(log, models, logger);
  let assigned = false;
  const lease = new Lease({
    connection,
    groupId: `${connection.prefix}.projections`,
    topic: eventsTopic(connection.prefix),
    partitions: log.partitions,
    instance: configuration.INSTANCE,
    onLost,
    onAssigned: (partitions) => {
      assigned = true;
      logger.info({ partitions }, 'partitions assigned');
    },
  });
  const { trees, signed, cosigned } = proof;
  const waiting = new Map<number, number>();
  const onWaiting = (partition: number, since: number | undefined) => {
    if (since === undefined) waiting.delete(partition);
    else waiting.set(partition, since);
  };
  const proving = { log, trees, signed, cosigned, ...(key && { key }), policy, host: checkpointHost(configuration), logger, onWaiting };
  const inbox = new KafkaInbox({ connection, partitions: log.partitions, instance: configuration.INSTANCE, onLost });
  const stating = { log, statements: proof.statements, folder: configuration.DATA_DIR, inbox, logger };
  lease
    .hold(async (partition, signal) => {
      await Promise.all([
        folding.fold(partition, signal),
        provePartition(proving, partition, signal),
        ...(configuration.STATEMENTS ? [statePartition(stating, partition, signal)] : []),
      ]);
    })
    .catch(onLost);
  const watch = watchTopic(log, { logger, onLost });
  const ended = new AbortController();
  void folding.measure(ended.signal);
  return listen(
    configuration,
    {
      tokens: { remembered: () => undefined, actorOf: () => Promise.reject(new TokenRefused('this service takes no tokens')) },
      metrics: new LedgerMetrics({
        lag: () => folding.lag,
        partitions: () => folding.partitions,
        ...(policy && { uncosignedSince: () => (waiting.size === 0 ? undefined : Math.min(...waiting.values())) }),
      }),
      logger,
      notReady: () =>
        watch.fault !== undefined
          ? Promise.resolve(watch.fault)
          : assigned
            ? folding.notReady()
            : Promise.resolve('no partitions are assigned yet'),
    },
    async () => {
      watch.stop();
      ended.abort();
      await lease.close();
      await inbox.close();
      await models.close();
      await proof.close();
      await log.close();
      connection.close();
    },
  );
}

/** The partitions that this process folds, with the lag of each. */
class PartitionsFolding {
  private readonly lags = new Map<number, PartitionLag>();
  private readonly caughtUp = new Set<number>();
  private readonly faults = new Map<number, string>();

  constructor(
    private readonly log: KafkaEventLog,
    private readonly models: ReadModels,
    private readonly logger: Logger,
  ) {}

  get partitions(): number {
    return this.lags.size;
  }
  /** The lag of all partitions folded here: how many entries are missing, and how long ago the oldest record among them was recorded. */
  get lag(): { records: number; seconds: number } {
    const all = [...this.lags.values()].map(({ current }) => current);
    return { records: all.reduce((sum, { records }) => sum + records, 0), seconds: Math.max(0, ...all.map(({ seconds }) => seconds)) };
  }

  async notReady(): Promise<string | undefined> {
    const [fault] = this.faults.values();
    if (fault !== undefined) return fault;
    const behind = [...this.lags.keys()].filter((partition) => !this.caughtUp.has(partition));
    if (behind.length > 0) return `the read models are catching up with partitions ${behind.join(', ')}`;
    return this.models.serving().then(
      () => undefined,
      () => 'the read models can’t be reached',
    );
  }

  /** Folds until told to stop. Failed writes and connections are tried again; an unreadable record stops only its own partition. */
  async fold(partition: number, signal: AbortSignal): Promise<void> {
    const lag = new PartitionLag(this.log, partition);
    this.lags.set(partition, lag);
    try {
      while (!signal.aborted) await this.foldOnce(partition, lag, signal);
    } catch (error) {
      this.faults.set(partition, `partition ${partition} is no longer folded: ${Error.isError(error) ? error.message : String(error)}`);
      this.logger.fatal({ partition, error }, 'a partition is no longer folded; the others continue');
      throw error;
    } finally {
      if (signal.aborted) {
        this.lags.delete(partition);
        this.caughtUp.delete(partition);
        this.faults.delete(partition);
      }
    }
  }

  /** Measures the lag until aborted. */
  async measure(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const [partition, lag] of this.lags) {
        try {
          await lag.look();
          if (lag.current.records === 0) this.caughtUp.add(partition);
        } catch (error) {
          this.logger.warn({ partition, error }, 'the end of the log can’t be read now');
        }
      }
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  private async foldOnce(partition: number, lag: PartitionLag, signal: AbortSignal): Promise<void> {
    try {
      const observer = {
        folded: ({ offset }: { offset: number }) => {
          lag.onFolded(offset);
        },
        serving: (generation: string) => {
          this.logger.info({ generation }, 'the read models are complete and serve');
        },
      };
      await runProjections({ log: this.log, partition, models: this.models, generation: generationOfCode(), observer }, signal);
    } catch (error) {
      if (error instanceof LogUnreadable) throw error;
      this.logger.error({ partition, error }, 'the read models can’t be updated now; trying again');
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
