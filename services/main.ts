/** `npm run services`: Kafka and MongoDB for the distributed ledger, until Ctrl-C. */
import { once } from 'node:events';
import { JavaMissing } from './jars.js';
import { startKafka } from './kafka.js';
import { startDocumentServer } from './mongodb.js';

try {
  const [kafka, documents] = await Promise.all([
    startKafka({ folder: 'data/services', port: 9092 }),
    startDocumentServer({ folder: 'data/services/mongodb', port: 27017 }),
  ]);
  process.stdout.write(
    [
      'Kafka and MongoDB are up. In other terminals:',
      '',
      `  export EVENT_LOG=kafka://${kafka.brokers.join(',')}/initiative READ_MODELS=${documents.url}/initiative-ledger`,
      '  export KAFKA_REPLICATION=1 KAFKA_MIN_IN_SYNC=1',
      '',
      'Ctrl-C ends both.',
      '',
    ].join('\n'),
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await Promise.all([kafka.stop(), documents.stop()]);
} catch (error) {
  if (!(error instanceof JavaMissing)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
