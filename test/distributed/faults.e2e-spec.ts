import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partitionOf } from '../../libs/event-log/partition-of.js';
import { startKafka, type KafkaCluster } from '../../services/kafka.js';
import { assignmentOf } from '../../libs/event-log/assignment.js';
import { Client } from '../support/client.js';
import { forge, isTransactionOpen } from '../support/events-topic.js';
import { runLedger, until } from '../support/ledger-process.js';
import { expectWhole, expectWholeIn, fund, startLoad, type Acknowledged } from '../support/load.js';
import { measured, openDistributed, ready, type Distributed, type Service } from '../support/services.js';

const programmes = ['p', 'q', 'r', 's', 't'];
const partitions = 4;
const everyPartition = Array.from({ length: partitions }, (_, partition) => partition);

describe('the distributed ledger', () => {
  let distributed: Distributed;
  let running: Service[];
  const urls = () => running.map(({ url }) => url);
  const start = async (...args: Parameters<Distributed['start']>) => {
    const service = await distributed.start(...args);
    await ready(service);
    return service;
  };

  beforeEach(async () => {
    distributed = await openDistributed({ partitions });
    running = await Promise.all([start('commands', 'one'), start('commands', 'two')]);
  });
  afterEach(() => distributed.stop());

  it('loses and doubles nothing while owners are killed under load, one after another', async () => {
    const projections = await start('projections');
    await fund(distributed, urls()[0]!, programmes);
    const load = await startLoad(distributed, urls, { programmes });
    for (let round = 0; round < 6; round++) {
      await load.more(50 + round * 13);
      const killed = running.shift()!;
      await killed.kill();
      // It comes back under the same name, with its states.
      running.push(await distributed.start('commands', round % 2 === 0 ? 'one' : 'two'));
    }
    await load.more(100);
    await load.stop();
    await ready(projections);
    await expectWhole(distributed, load.acknowledged);
    expect(load.acknowledged.size).toBeGreaterThan(500);
  });

  it('fences the writes of an owner that was stopped for longer than its lease, and lets it come back', async () => {
    const projections = await start('projections');
    await fund(distributed, urls()[0]!, programmes);
    const [one, two] = [running[0]!, running[1]!];
    const load = await startLoad(distributed, () => [two.url], { programmes, senders: 48 });
    await load.more(100);
    const owned = assignmentOf(['one', 'two'], partitions).get('one') ?? [];
    const inFlight = async () => {
      one.signal('SIGSTOP');
      for (const partition of owned) if (await isTransactionOpen(distributed, partition)) return true;
      one.signal('SIGCONT');
      await load.more(20);
      return false;
    };
    await until('it is stopped while a batch of its is written and not committed', inFlight);
    await until('the other has taken everything over', async () => (await measured(two, 'ledger_partitions_owned')) === partitions);
    await load.more(200);
    const fences = async () => [await measured(one, 'ledger_fences_total'), await measured(two, 'ledger_fences_total')] as const;
    one.signal('SIGCONT');
    await until('what it goes on to write is fenced', async () => (await fences())[0] > 0);
    const shares = async () => [await measured(one, 'ledger_partitions_owned'), await measured(two, 'ledger_partitions_owned')];
    await until('both own their share again', async () => (await shares()).every((share) => share === partitions / 2));
    await load.more(200);
    await load.stop();
    // They settle: they do not take partitions from each other for ever.
    const [ofOne, ofTwo] = await fences();
    expect(ofOne + ofTwo).toBeLessThan(8);
    expect([...load.acknowledged.values()].filter(({ refused }) => refused).length).toBeGreaterThan(100);
    await ready(projections);
    await expectWhole(distributed, load.acknowledged);
  });

  it('stays whole while instances join and leave', async () => {
    await start('projections');
    await fund(distributed, urls()[0]!, programmes);
    const load = await startLoad(distributed, urls, { programmes });
    for (let round = 0; round < 3; round++) {
      await load.more(100);
      const joined = await distributed.start('commands', `joined-${round}`);
      running.push(joined);
      await ready(joined);
      await load.more(100);
      const leaving = running.shift()!;
      const { code, stderr } = await leaving.stop();
      expect({ code, errors: stderr.split('\n').filter((line) => /"level":(50|60)/.test(line)) }).toEqual({ code: 0, errors: [] });
    }
    await load.stop();
    await expectWhole(distributed, load.acknowledged);
  });

  it('folds everything once even if projections are killed under load, and two of them believe that they own the same partitions', async () => {
    await fund(distributed, urls()[0]!, programmes);
    let projections = await Promise.all([start('projections', 'first'), start('projections', 'second')]);
    const load = await startLoad(distributed, urls, { programmes });
    for (let round = 0; round < 4; round++) {
      await load.more(60 + 17 * round);
      const [killed, other] = projections;
      // The paused owner still believes that it owns the partitions taken over, and continues for a moment when it wakes up.
      other.signal('SIGSTOP');
      await killed.kill();
      other.signal('SIGCONT');
      projections = [other, await distributed.start('projections', `more-${round}`)];
    }
    await load.stop();
    await Promise.all(projections.map((service) => ready(service)));
    await expectWhole(distributed, load.acknowledged);
  });

  it('stops one partition at a record that can’t be read, and no other', async () => {
    await fund(distributed, urls()[0]!, programmes);
    const [projections, queries] = await Promise.all([start('projections'), start('queries')]);
    const broken = partitionOfProgramme('p');
    await forge(distributed, {
      partition: broken,
      key: 'p',
      value: 'not a record',
      headers: { ce_type: 'SpendingRecorded', ce_id: 'p/99' },
    });
    const others = programmes.filter((programme) => partitionOfProgramme(programme) !== broken);
    expect(others.length).toBeGreaterThan(0);
    const acknowledged: Acknowledged = new Map();
    const notReady = async () => (await new Client(projections.url).get('/health/ready')).text;
    await until('the projections say which partition has stopped', async () =>
      (await notReady()).includes(`partition ${broken} is no longer folded`),
    );
    const { ministry } = await distributed.clients(urls()[0]!, queries.url);
    for (const programme of others) {
      const answer = await ministry.post(`/programmes/${programme}/initiatives/i/spending`, { transactionId: 'T-1', amount: '1' });
      expect(answer.status).toBe(201);
      const [position, hash] = [Number(answer.body['position']), String(answer.body['hash'])];
      acknowledged.set(`${programme}/ministry-of-justice/${String(answer.body['commandId'])}`, { position, hash, refused: false });
      const read = await ministry.getAt(`/programmes/${programme}`, position);
      expect(read.body).toMatchObject({ spent: '1' });
    }
    const unbroken = everyPartition.filter((partition) => partition !== broken);
    const heads = await expectWholeIn(distributed, acknowledged, unbroken);
    expect(heads.map(({ programme }) => programme)).toEqual(others);
    // `ledger verify` names its offset.
    const verified = await runLedger(['verify', '--json'], distributed.settings);
    expect(verified.code).toBe(1);
    expect(verified.stdout + verified.stderr).toMatch(/position 99 of p \(offset \d+\)/);
  });

  it('ends if the partitions were changed behind its back, and does not start again', async () => {
    running.push(await start('projections'));
    await fund(distributed, urls()[0]!, ['p']);
    await expectWhole(distributed, new Map());
    const admin = new Kafka({ brokers: distributed.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createPartitions({ topicPartitions: [{ topic: `${distributed.prefix}.events`, count: 5 }] });
    await admin.disconnect();
    for (const service of running) {
      const { code, stderr } = await service.ended;
      expect(code).toBe(1);
      expect(stderr).toContain('has 5 partitions now; it was created with 4');
    }
    await expect(distributed.start('commands')).rejects.toThrow('it has 5 partitions, not 4');
    await expect(distributed.start('commands', 'more', { KAFKA_PARTITIONS: '5' })).rejects.toThrow(
      /was created as partition \d of 4|it has 4 partitions, not 5/,
    );
    // Earlier records are unchanged.
    const heads = await expectWholeIn(distributed, new Map(), everyPartition);
    expect(heads).toMatchObject([{ programme: 'p', position: 4 }]);
  });

  it('asks senders to come back while nobody decides, and tells them the outcome afterwards', async () => {
    await start('projections');
    await fund(distributed, urls()[0]!, programmes);
    const sender = await start('commands', 'sender', { ANSWER_TIMEOUT: '1000', STAND_BY: 'false' });
    const own = assignmentOf(['one', 'two', 'sender'], partitions).get('sender') ?? [];
    const programme = programmes.find((code) => !own.includes(partitionOfProgramme(code))) ?? '';
    await until('the sender owns its share', async () => (await measured(sender, 'ledger_partitions_owned')) === own.length);
    // The owner of the partition dies before anybody notices.
    for (const service of running) service.signal('SIGSTOP');
    const { ministry } = await distributed.clients(sender.url);
    const spending = () =>
      ministry.post(`/programmes/${programme}/initiatives/i/spending`, { transactionId: 'T-1', amount: '1' }, { 'idempotency-key': 'k' });
    let first = await spending();
    expect(first.status).toBe(503);
    expect(first.headers.get('retry-after')).toBe('1');
    expect(first.body).toMatchObject({ status: 503 });
    await until('it is decided by the new owner', async () => (first = await spending()).status === 201);
    const again = await spending();
    expect(again.body).toEqual(first.body);
    const [position, hash] = [Number(first.body['position']), String(first.body['hash'])];
    await expectWhole(distributed, new Map([[`${programme}/ministry-of-justice/k`, { position, hash, refused: false }]]));
  });
});

describe('a commands service whose brokers stand still', () => {
  let folder: string;
  let kafka: KafkaCluster;
  let distributed: Distributed;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'initiative-ledger-held-up-'));
    kafka = await startKafka({ folder });
    distributed = await openDistributed({ brokers: kafka.brokers });
  });
  afterEach(async () => {
    await distributed.stop();
    await kafka.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('asks senders to come back, within bounded memory, and goes on when they do', async () => {
    // Both floods together are 500 MB of commands: a service that keeps them all exceeds this limit and dies.
    const service = await distributed.start('commands', 'one', { ANSWER_TIMEOUT: '2000', NODE_OPTIONS: '--max-old-space-size=320' });
    await ready(service);
    const projections = await distributed.start('projections');
    await fund(distributed, service.url, ['p']);
    const { ministry } = await distributed.clients(service.url);
    // About 20 kB each, and refused because the initiative exists already.
    const title = Object.fromEntries(
      Array.from({ length: 20 }, (_, language) => [`a${'abcdefghijklmnopqrst'.charAt(language)}`, 'ы'.repeat(500)]),
    );
    let sent = 0;
    const batch = () =>
      Array.from({ length: 50 }, () =>
        JSON.stringify({
          commandId: `flood-${sent++}`,
          type: 'ProposeInitiative',
          initiative: 'i',
          data: { title, authority: 'ministry-of-justice' },
        }),
      ).join('\n');
    const send = () => ministry.send('POST', '/programmes/p/commands', batch(), { 'content-type': 'application/x-ndjson' });
    /** Each flood is about four times the number of bytes that may wait at a time. */
    const flood = async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, async () => {
          const own = [];
          for (let turn = 0; turn < 5; turn++) own.push(await send());
          return own;
        }),
      );
      for (const { status, headers, text } of answers.flat()) {
        expect({ status, text }).toMatchObject({ status: 503 });
        expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      }
      return answers.flat().filter(({ text }) => text.includes('too many commands are waiting')).length;
    };
    kafka.nodes[0]!.process.signal('SIGSTOP');
    const refused = await flood();
    const refusedLater = await flood();
    expect(refused).toBeGreaterThan(0);
    expect(refusedLater).toBeGreaterThanOrEqual(refused);
    kafka.nodes[0]!.process.signal('SIGCONT');
    const load = await startLoad(distributed, () => [service.url], { programmes: ['p'] });
    await load.more(100);
    await load.stop();
    await ready(projections);
    await expectWhole(distributed, load.acknowledged);
  });
});

describe('the distributed ledger on three brokers', () => {
  let folder: string;
  let kafka: KafkaCluster;
  let distributed: Distributed;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'initiative-ledger-three-'));
    kafka = await startKafka({ folder, nodes: 3 });
    const settings = { KAFKA_REPLICATION: '3', KAFKA_MIN_IN_SYNC: '2' };
    distributed = await openDistributed({ brokers: kafka.brokers, partitions, settings });
  });
  afterEach(async () => {
    await distributed.stop();
    await kafka.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('stays whole when the leader of its events dies under load', async () => {
    const services = await Promise.all([
      distributed.start('commands', 'one'),
      distributed.start('commands', 'two'),
      distributed.start('projections'),
    ]);
    await Promise.all(services.map((service) => ready(service)));
    const urls = services.slice(0, 2).map(({ url }) => url);
    await fund(distributed, urls[0]!, programmes);
    const load = await startLoad(distributed, () => urls, { programmes });
    await load.more(100);
    const killed = await leaderOf(partitionOfProgramme('p'));
    await kafka.nodes.find(({ id }) => id === killed)!.process.end('SIGKILL');
    await load.more(300);
    await load.stop();
    expect(await leaderOf(partitionOfProgramme('p'))).not.toBe(killed);
    await ready(services[2]);
    await expectWhole(distributed, load.acknowledged);
    for (const service of services) {
      const { code, stderr } = await service.stop();
      expect({ code, said: code === 0 ? '' : stderr.slice(-2_000) }).toEqual({ code: 0, said: '' });
    }
  });

  async function leaderOf(partition: number): Promise<number | undefined> {
    const topic = `${distributed.prefix}.events`;
    const admin = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader;
    } finally {
      await admin.disconnect();
    }
  }
});

function partitionOfProgramme(programme: string): number {
  return partitionOf(programme, partitions);
}
