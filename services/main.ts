/** `npm run services`: Kafka and MongoDB for the distributed ledger, until Ctrl-C. */
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanEnv } from 'envalid';
import { newKey } from '../apps/cli/commands/key.js';
import { port, readConfiguration } from '../apps/configuration.js';
import { ownPublicKey } from '../apps/standalone/own-key.js';
import { startKafka } from './kafka.js';
import { startDocumentServer } from './mongodb.js';
import { ToolsMissing } from './tools.js';

const folder = join('data', 'services');
/** The ports of the servers and services; 0 takes a free one. Kafka also takes the next port. */
const ports = cleanEnv(process.env, {
  KAFKA_PORT: port({ default: 9_092 }),
  MONGODB_PORT: port({ default: 27_017 }),
  COMMANDS_PORT: port({ default: 3_001 }),
  PROJECTIONS_PORT: port({ default: 3_002 }),
  QUERIES_PORT: port({ default: 3_000 }),
});
const fixed = (wanted: number) => (wanted === 0 ? {} : { port: wanted });
const addressAt = (wanted: number) => (wanted === 0 ? 'the address it prints' : `http://127.0.0.1:${wanted}`);

try {
  const [kafka, documents] = await Promise.all([
    startKafka({ folder, ...fixed(ports.KAFKA_PORT) }),
    startDocumentServer({ folder: join(folder, 'mongodb'), ...fixed(ports.MONGODB_PORT) }),
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
  const checkpointKey = join(folder, 'checkpoint-key.json');
  await newKey(readConfiguration({ READ_MODELS: shared.READ_MODELS, EVENT_LOG: shared.EVENT_LOG, CHECKPOINT_KEY_FILE: checkpointKey }), {
    ifMissing: true,
  });
  for (const [name, PORT] of Object.entries({
    queries: ports.QUERIES_PORT,
    commands: ports.COMMANDS_PORT,
    projections: ports.PROJECTIONS_PORT,
  })) {
    const settings = {
      ...shared,
      PORT: String(PORT),
      INSTANCE: name,
      DATA_DIR: join(folder, name),
      ...(name === 'projections' && { CHECKPOINT_KEY_FILE: checkpointKey }),
      // Forms of the workspace go on to the commands service.
      ...(name === 'queries' && ports.COMMANDS_PORT !== 0 && { COMMANDS_URL: addressAt(ports.COMMANDS_PORT) }),
    };
    await writeFile(
      join(folder, `${name}.env`),
      Object.entries(settings).map((setting) => `${setting.join('=')}\n`),
    );
  }
  process.stdout.write(
    [
      'Kafka and MongoDB are up. In three other terminals:',
      '',
      `  npm run commands      takes commands at ${addressAt(ports.COMMANDS_PORT)}`,
      '  npm run projections   folds them into documents',
      `  npm run queries       answers at ${addressAt(ports.QUERIES_PORT)}`,
      '',
      'Ctrl-C ends both; their data stays in data/services.',
      '',
    ].join('\n'),
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await Promise.all([kafka.stop(), documents.stop()]);
} catch (error) {
  if (!(error instanceof ToolsMissing)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
