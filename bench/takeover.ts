/**
 * `npm run takeover -- --records 1000000`: two instances on one partition of Kafka. Measures the time from the owner giving the partition up to the first
 * answer of the standby instance, at that number of records. Writes reports/takeover.json.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command as Cli } from 'commander';
import { KafkaConnection } from '../libs/kafka-client/connection.js';
import { kafkaForTests } from '../services/for-tests.js';
import { commandsOf } from './commands.js';
import { openInstance, through } from './distributed.js';
import { writeReport } from './report.js';

const { records } = new Cli('takeover')
  .option('--records <count>', 'number of records', Number, 1_000_000)
  .parse()
  .opts<{ records: number }>();
const folder = mkdtempSync(join(tmpdir(), 'ledger-takeover-'));
const kafka = await kafkaForTests();
try {
  const connection = new KafkaConnection({ brokers: kafka.brokers, prefix: `takeover-${randomUUID()}`, clientId: 'bench' });
  const one = await openInstance(connection, folder, 'one');
  const other = await openInstance(connection, folder, 'other');
  const all = [...commandsOf({ initiatives: 1_000, count: records })];
  // Commands that others depend on go first, one after another.
  await through(all.slice(0, 2_001), 1, (command) => one.submit(command));
  await through(all.slice(2_001), 512, (command) => one.submit(command));
  const [owner, standing] = one.owner.decides ? [one, other] : [other, one];
  const last = all.at(-1);
  if (!last) throw new Error('there are too few records');
  const started = performance.now();
  await owner.giveUp();
  const given = performance.now();
  await standing.submit({ ...last, commandId: 'after-the-takeover' });
  const answered = performance.now();
  const givenUpMilliseconds = given - started;
  const answeredMilliseconds = answered - given;
  process.stdout.write(
    `at ${records.toLocaleString('en')} records: given up in ${givenUpMilliseconds.toFixed(0)} ms, answered ${answeredMilliseconds.toFixed(0)} ms after that\n`,
  );
  await writeReport('takeover', { records, givenUpMilliseconds, answeredMilliseconds });
  await standing.close();
} finally {
  await kafka.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
