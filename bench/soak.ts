/**
 * `npm run soak -- --minutes 10 --rate 300`: commands services on three brokers under a steady load. Measures their memory over time, and how long
 * commands take under steady load, while an instance joins or leaves, and while a partition leader is killed. Every command is repeated with the same id
 * until it is acknowledged; its time runs from the first attempt to the acknowledgement. Writes reports/soak.json.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command as Cli } from 'commander';
import { Kafka, logLevel } from 'kafkajs';
import { table } from '../apps/cli/output.js';
import { eventsTopic } from '../libs/event-log/kafka/topics.js';
import { startKafka } from '../services/kafka.js';
import { fund } from '../test/support/load.js';
import { openDistributed, ready, type Service } from '../test/support/services.js';
import { Figures, writeReport } from './report.js';
import { median } from './rounds.js';

const { minutes, rate } = new Cli('soak')
  .option('--minutes <count>', 'duration of the steady load', Number, 10)
  .option('--rate <count>', 'commands per second', Number, 300)
  .parse()
  .opts<{ minutes: number; rate: number }>();
const senders = 64;
const sample = 5_000;
const disturbed = 30_000;
const programmes = Array.from({ length: 12 }, (_, index) => `p-${index}`);

class Refused extends Error {}

const folder = await mkdtemp(join(tmpdir(), 'ledger-soak-'));
const kafka = await startKafka({ folder, nodes: 3 });
const distributed = await openDistributed({
  brokers: kafka.brokers,
  partitions: 12,
  settings: { KAFKA_REPLICATION: '3', KAFKA_MIN_IN_SYNC: '2', LOG_LEVEL: 'error' },
});
try {
  const services = [await distributed.start('commands', 'one'), await distributed.start('commands', 'two')];
  for (const service of services) await ready(service);
  const [first] = services;
  if (!first) throw new Error('no service was started');
  await fund(distributed, first.url, programmes);

  let took: number[] = [];
  let sent = 0;
  const stop = new AbortController();
  const sender = async () => {
    const token = await distributed.token('ministry', 'ministry-of-justice');
    while (!stop.signal.aborted) {
      const began = performance.now();
      const id = `S-${sent++}`;
      while (!(await send(id, token))) await pause(10);
      took.push(performance.now() - began);
      await pause(Math.max(0, (senders * 1_000) / rate - (performance.now() - began)));
    }
  };
  const send = async (id: string, token: string): Promise<boolean> => {
    const number = Number(id.slice(2));
    const { url } = services[Math.floor(Math.random() * services.length)] ?? first;
    try {
      const answer = await fetch(`${url}/programmes/${programmes[number % programmes.length] ?? ''}/initiatives/i/spending`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': id },
        body: JSON.stringify({ transactionId: id, amount: '1' }),
      });
      const text = await answer.text();
      if (answer.status >= 400 && answer.status < 500) throw new Refused(`${id} was answered ${answer.status}: ${text}`);
      return answer.ok;
    } catch (error) {
      if (error instanceof Refused) throw error;
      return false;
    }
  };
  const figures = new Figures();
  const sayTimes = (what: string) => {
    const sorted = took.sort((one, other) => one - other);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    const [p50, p99, slowest] = [at(0.5), at(0.99), at(1)];
    figures.say(
      what,
      `${sorted.length.toLocaleString('en')} commands, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, slowest ${slowest.toFixed(0)} ms`,
      { commands: sorted.length, p50Milliseconds: p50, p99Milliseconds: p99, slowestMilliseconds: slowest },
    );
    took = [];
  };

  const sending = Promise.all(Array.from({ length: senders }, sender));
  const failed = sending.then(() => undefined);
  const meanwhile = (milliseconds: number) => Promise.race([pause(milliseconds), failed]);
  const memory = services.map((): number[] => []);
  for (const end = Date.now() + minutes * 60_000; Date.now() < end;) {
    await meanwhile(sample);
    for (const [index, service] of services.entries()) memory[index]?.push(await megabytes(service));
  }
  sayTimes(`steady, ${rate} a second for ${minutes} minutes`);
  for (const [index, samples] of memory.entries()) {
    const part = Math.max(1, Math.floor(samples.length / 5));
    const fifths = Array.from({ length: 5 }, (_, fifth) => median(samples.slice(fifth * part, (fifth + 1) * part)));
    figures.say(
      `memory of instance ${index + 1}, median of each fifth`,
      `${fifths.map((fifth) => fifth.toFixed(0)).join(', ')} MB`,
      Object.fromEntries(fifths.map((fifth, offset) => [`megabytes${offset + 1}`, fifth])),
    );
  }

  const third = await distributed.start('commands', 'three');
  await ready(third);
  services.push(third);
  await meanwhile(disturbed);
  sayTimes('an instance joins');
  services.pop();
  await third.stop();
  await meanwhile(disturbed);
  sayTimes('an instance leaves');

  const leader = await leaderOf(eventsTopic(distributed.prefix));
  await kafka.nodes.find(({ id }) => id === leader)?.process.end('SIGKILL');
  await meanwhile(disturbed);
  sayTimes('a broker that leads partitions is killed');
  stop.abort();
  await sending;
  process.stdout.write(`${table(['what', 'figure'], figures.rows)}\n`);
  await writeReport('soak', { minutes, rate, figures: figures.all });
} finally {
  await distributed.stop();
  await kafka.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);

async function megabytes({ url }: Service): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/process_resident_memory_bytes (\d+)/.exec(text)?.[1]) / 2 ** 20;
}

async function leaderOf(topic: string): Promise<number | undefined> {
  const admin = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions[0]?.leader;
  } finally {
    await admin.disconnect();
  }
}
