/** `npm run services`: Kafka and MongoDB for the distributed ledger, until Ctrl-C. */
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownPublicKey } from '../apps/standalone/own-key.js';
import { JavaMissing } from './jars.js';
import { startKafka } from './kafka.js';
import { startDocumentServer } from './mongodb.js';

const folder = join('data', 'services');

try {
  const [kafka, documents] = await Promise.all([
    startKafka({ folder, port: 9092 }),
    startDocumentServer({ folder: join(folder, 'mongodb'), port: 27017 }),
  ]);
  const keyFile = join(folder, 'public.json');
  await mkdir(folder, { recursive: true });
  await writeFile(keyFile, await ownPublicKey('data'));
  const shared = {
    EVENT_LOG: `kafka://${kafka.brokers.join(',')}/initiative`,
    READ_MODELS: `${documents.url}/initiative-ledger`,
    KAFKA_REPLICATION: '1',
    KAFKA_MIN_IN_SYNC: '1',
    TOKEN_KEY_FILE: keyFile,
  };
  for (const [name, PORT] of Object.entries({ queries: '3000', commands: '3001', projections: '3002' })) {
    const settings = { ...shared, PORT, INSTANCE: name, DATA_DIR: join(folder, name) };
    await writeFile(
      join(folder, `${name}.env`),
      Object.entries(settings).map((setting) => `${setting.join('=')}\n`),
    );
  }
  process.stdout.write(
    [
      'Kafka and MongoDB are up. In three other terminals:',
      '',
      '  npm run commands      takes commands at http://127.0.0.1:3001',
      '  npm run projections   folds them into documents',
      '  npm run queries       answers at http://127.0.0.1:3000',
      '',
      'Ctrl-C ends both; what they hold stays in data/services.',
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
