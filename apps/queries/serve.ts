/** The queries service: answers from the read models, and hands auditors the records themselves. */
import type { Logger } from 'pino';
import { readKafkaEventLog } from '../../libs/event-log/kafka/kafka-event-log.js';
import { LedgerMetrics } from '../../libs/http/metrics.js';
import { Queries } from '../../libs/projections/queries.js';
import type { Configuration } from '../configuration.js';
import { isFinal, kafkaConnection, mongoReadModels } from '../connections.js';
import { issuersTokens, listen } from '../http-service.js';
import { opened, type Served } from '../service.js';
import { watchTopic } from '../watch-topic.js';

/** @throws {ConfigurationError} @throws {TopicRefused} */
export async function serveQueries(configuration: Configuration, logger: Logger, onLost: (error: unknown) => void): Promise<Served> {
  const tokens = await issuersTokens(configuration);
  const connection = kafkaConnection(configuration, 'queries');
  const models = mongoReadModels(configuration);
  const log = await opened('the ledger’s topics', logger, () => readKafkaEventLog(connection), isFinal);
  const watch = watchTopic(log, onLost);
  return listen(
    configuration,
    {
      queries: new Queries(models, log, () => performance.now()),
      tokens,
      metrics: new LedgerMetrics({}),
      logger,
      notReady: async () => {
        try {
          return (await models.serving()) === undefined ? 'the read models are being built' : undefined;
        } catch {
          return 'the read models can’t be reached';
        }
      },
    },
    async () => {
      watch.stop();
      await models.close();
      await log.close();
    },
  );
}
