/** Compares commands over HTTP through Kafka with the same commands into the embedded ledger. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownPublicKey } from '../apps/standalone/own-key.js';
import { kafkaForTests } from '../services/for-tests.js';
import { load, prepare, tokensOf } from './http.js';
import { startCommands, startLedger } from './processes.js';
import { compare, type Comparison } from './rounds.js';

const rounds = 3;

export async function measureDistributedHttp(): Promise<Comparison> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-bench-'));
  const kafka = await kafkaForTests();
  const embedded = await startLedger(folder);
  try {
    const keyFile = join(folder, 'public.json');
    await writeFile(keyFile, await ownPublicKey(folder));
    const distributed = await startCommands({
      EVENT_LOG: `kafka://${kafka.brokers.join(',')}/bench-http`,
      KAFKA_PARTITIONS: '1',
      KAFKA_REPLICATION: '1',
      KAFKA_MIN_IN_SYNC: '1',
      TOKEN_KEY_FILE: keyFile,
      INSTANCE: 'bench',
      DATA_DIR: join(folder, 'commands'),
    });
    try {
      const tokens = await tokensOf(folder);
      // The service must take its partition over first.
      while (!(await fetch(`${distributed.url}/health/ready`)).ok);
      await prepare(embedded.url, tokens);
      await prepare(distributed.url, tokens);
      let sent = 0;
      const through = (url: string) => async () => {
        const { perSecond, next } = await load(url, tokens.ministry, sent);
        sent = next;
        return perSecond;
      };
      await through(distributed.url)();
      return await compare(
        'commands over HTTP through Kafka, beside the embedded ledger',
        'commands/s',
        0.6,
        rounds,
        through(distributed.url),
        through(embedded.url),
      );
    } finally {
      await distributed.stop();
    }
  } finally {
    await embedded.stop();
    await kafka.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
