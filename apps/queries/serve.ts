/** The queries service: answers from the read models, and streams the records to auditors. */
import type { Logger } from 'pino';
import { countedNotices } from '../../libs/application/counted-notices.js';
import { Proof } from '../../libs/application/proof.js';
import { Reading } from '../../libs/application/reading.js';
import { readKafkaEventLog } from '../../libs/event-log/kafka/kafka-event-log.js';
import { LogUnreadable, start, type EventLog, type Offset } from '../../libs/event-log/ports.js';
import { LedgerMetrics } from '../../libs/http/metrics.js';
import { openMongoProof } from '../../libs/proof/mongodb/mongo-proof.js';
import { ReaderThreads } from '../readers/reader-threads.js';
import type { ReadModels } from '../../libs/read-models/ports.js';
import type { Configuration } from '../configuration.js';
import { isFinal, kafkaConnection, mongoReadModels } from '../connections.js';
import { issuersTokens, listen, notCounted } from '../http-service.js';
import { pagesOf } from '../pages.js';
import { opened, type Served } from '../service.js';
import { watchTopic } from '../watch-topic.js';

/** @throws {ConfigurationError} @throws {TopicRefused} */
export async function serveQueries(configuration: Configuration, logger: Logger, onLost: (error: unknown) => void): Promise<Served> {
  const tokens = await issuersTokens(configuration, logger);
  const connection = kafkaConnection(configuration, 'queries');
  const models = mongoReadModels(configuration);
  const proof = openMongoProof(configuration.READ_MODELS);
  const readers = new ReaderThreads({ mongodbUrl: configuration.READ_MODELS }, logger);
  const log = await opened('the ledger’s topics', logger, () => readKafkaEventLog(connection), isFinal);
  const watch = watchTopic(log, { logger, onLost });
  const caughtUp = new CaughtUp(log, models);
  const reading = new Reading(models, () => performance.now(), readers);
  return listen(
    configuration,
    {
      reading,
      proof: new Proof(() => proof),
      tables: readers.tables,
      ...pagesOf(configuration),
      tokens,
      metrics: new LedgerMetrics({ notices: countedNotices(() => reading, notCounted(logger)) }),
      logger,
      notReady: () => (watch.fault === undefined ? caughtUp.notReady() : Promise.resolve(watch.fault)),
    },
    async () => {
      watch.stop();
      await readers.close();
      await models.close();
      await proof.close();
      await log.close();
      connection.close();
    },
  );
}

/** Whether the read models hold everything that was in the log when this service started. From then on their age depends on the projections alone. */
class CaughtUp {
  private ends: Promise<Offset[]> | undefined;
  private isCaughtUp = false;

  constructor(
    private readonly log: EventLog,
    private readonly models: ReadModels,
  ) {}

  async notReady(): Promise<string | undefined> {
    try {
      const serving = await this.models.serving();
      if (serving === undefined) return 'the read models are being built';
      if (this.isCaughtUp) return undefined;
      const ends = await (this.ends ??= this.endsNow());
      const checkpoint = await this.models.checkpoint(serving);
      const behind = ends.flatMap((end, partition) => ((checkpoint?.[partition] ?? start) < end ? [partition] : []));
      if (behind.length > 0)
        return `the read models lack records of partitions ${behind.join(', ')} that this service found when it started`;
      this.isCaughtUp = true;
      return undefined;
    } catch {
      this.ends = undefined;
      return 'the read models or the log can’t be reached';
    }
  }

  /** The end of each partition. An unreadable partition is not waited for, because nobody folds it any further. */
  private endsNow(): Promise<Offset[]> {
    const partitions = Array.from({ length: this.log.partitions }, (_, partition) => partition);
    return Promise.all(
      partitions.map((partition) =>
        this.log.end(partition).catch((error: unknown) => {
          if (error instanceof LogUnreadable) return start;
          throw error;
        }),
      ),
    );
  }
}
