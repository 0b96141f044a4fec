/** The commands service: takes commands over HTTP and decides those of the partitions it owns. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { DistributedCommands } from '../../libs/command-processing/distributed-commands.js';
import { PartitionOwner } from '../../libs/command-processing/partition-owner.js';
import { openKafkaEventLog } from '../../libs/event-log/kafka/kafka-event-log.js';
import { KafkaInbox } from '../../libs/event-log/kafka/kafka-inbox.js';
import { isPassing, LogFenced, StatesDamaged } from '../../libs/event-log/ports.js';
import { startStateThread } from '../../libs/event-log/sqlite/log-thread.js';
import { LedgerMetrics } from '../../libs/http/metrics.js';
import { statesVersionOfCode } from '../code-version.js';
import type { Configuration } from '../configuration.js';
import { headsFolder, keepDailyHeads } from '../daily-heads.js';
import { isFinal, kafkaConnection, topicOptions } from '../connections.js';
import { issuersTokens, listen } from '../http-service.js';
import { opened, type Served } from '../service.js';
import { makeDataFolder } from '../private-folder.js';
import { watchTopic } from '../watch-topic.js';

/** @throws {ConfigurationError} @throws {TopicRefused} */
export async function serveCommands(configuration: Configuration, logger: Logger, onLost: (error: unknown) => void): Promise<Served> {
  const tokens = await issuersTokens(configuration, logger);
  const connection = kafkaConnection(configuration, 'commands');
  const log = await opened('Kafka', logger, () => openKafkaEventLog(connection, topicOptions(configuration)), isFinal);
  await makeDataFolder(configuration.DATA_DIR);
  const states = await startStateThread({
    files: Array.from({ length: log.partitions }, (_, partition) =>
      join(configuration.DATA_DIR, `${connection.prefix}-${partition}.states`),
    ),
    codeVersion: statesVersionOfCode(),
    onLost,
    onDiscarded: (reason) => {
      logger.error({ reason }, 'a state store was damaged: it is discarded and folded again from the log');
    },
  });

  const stopped = new Map<number, string>();
  const stop = (partition: number, error: unknown) => {
    // The next start folds the damaged store again.
    if (error instanceof StatesDamaged) onLost(error);
    stopped.set(partition, `partition ${partition} has stopped: ${Error.isError(error) ? error.message : String(error)}`);
    logger.fatal({ partition, error }, 'a partition has stopped; the others continue');
  };
  let assigned: readonly number[] | undefined;
  const metrics = new LedgerMetrics({ partitions: () => owners.filter(({ decides }) => decides).length });
  const owners = states.stores.map(
    (store, partition) =>
      new PartitionOwner({
        log,
        partition,
        states: store,
        now: () => Date.now(),
        acceptedUpTo: configuration.ACCEPT_RECORDED_UP_TO,
        alarm: (message, detail) => {
          logger.error(detail, message);
        },
        cached: Math.ceil(configuration.CACHED_STATES / log.partitions),
        observer: {
          committed: (batch) => {
            metrics.committed(batch);
          },
          restored: (restored) => {
            logger.info({ partition, ...restored }, 'took a partition over');
          },
        },
        standsBy: configuration.STAND_BY,
        onStopped: stop,
      }),
  );
  const inbox = new KafkaInbox({
    connection,
    partitions: log.partitions,
    instance: configuration.INSTANCE,
    dryRunWithin: configuration.ANSWER_TIMEOUT,
    onLost,
    onAssigned: (partitions) => {
      assigned = partitions;
      logger.info({ partitions }, 'partitions assigned');
    },
  });
  const commands = await opened(
    'Kafka',
    logger,
    () =>
      DistributedCommands.open({
        log,
        inbox,
        answerWithin: configuration.ANSWER_TIMEOUT,
        now: () => performance.now(),
        onUnreadable: stop,
      }),
    isFinal,
  );
  for (const owner of owners) owner.standBy();
  inbox
    .own(async (partition, commandsAfter, signal) => {
      try {
        await owners[partition]?.serve(commandsAfter, signal);
      } catch (error) {
        if (error instanceof LogFenced) metrics.fenced();
        if (isPassing(error)) logger.warn({ partition, error }, 'a partition was lost; taking it over again if it is still assigned here');
        throw error;
      }
    })
    .catch(onLost);
  const watch = watchTopic(log, {
    logger,
    onLost,
    onRemoved: (why) => {
      // Commands must not be decided on an incomplete history.
      commands.takeNoMore(why);
      inbox.close().catch(onLost);
    },
  });

  const dailyHeads = keepDailyHeads({
    folder: headsFolder(configuration),
    heads: () => new Map(owners.flatMap(({ heads }) => [...heads])),
    now: () => Date.now(),
    onFailed: (error) => {
      logger.error({ error }, 'the heads of the day can’t be written');
    },
  });

  return listen(
    configuration,
    {
      commands,
      tokens,
      metrics,
      logger,
      notReady: () => {
        const [fault = watch.fault] = stopped.values();
        if (fault !== undefined) return Promise.resolve(fault);
        if (!assigned) return Promise.resolve('no partitions are assigned yet');
        const waiting = assigned.filter((partition) => owners[partition]?.decides !== true);
        return Promise.resolve(waiting.length > 0 ? `partitions ${waiting.join(', ')} are being taken over` : undefined);
      },
    },
    async () => {
      watch.stop();
      // First the commands that wait for an outcome: this process may be the one that decides them.
      await commands.close();
      await inbox.close();
      await Promise.all(owners.map((owner) => owner.close()));
      await dailyHeads.stop();
      await states.stop();
      await log.close();
      connection.close();
    },
  );
}
