/** Topics recreated with fewer or other records than the services have cached: only the caches show it. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { partitionOf } from '../../libs/event-log/partition-of.js';
import { Client } from '../support/client.js';
import { runLedger, until } from '../support/ledger-process.js';
import { fundInitiative } from '../support/programme.js';
import { openDistributed, ready, type Distributed, type Service } from '../support/services.js';

const partitions = 2;
const partition = partitionOf('p', partitions);
const spending = '/programmes/p/initiatives/i/spending';

describe('the services on topics that hold less than was folded from them', () => {
  let distributed: Distributed;
  const ledger = (args: string[], settings = {}) => runLedger(args, { ...distributed.settings, ...settings });
  const dataOf = (instance: string) => join(distributed.folder, instance);
  const hashAt = async (position: number) =>
    (JSON.parse((await ledger(['verify', '--json'])).stdout) as { heads: { position: number; hash: string }[] }).heads.find(
      (head) => head.position === position,
    )?.hash ?? `no head at ${position}`;
  const stateStore = () => join(dataOf('owner'), `${distributed.prefix}-${partition}.states`);

  /** The hash of the fifth record, which the topics no longer hold; a `commands` and a `projections` service saved it. */
  let lost: string;
  beforeEach(async () => {
    distributed = await openDistributed({ partitions });
    const services = [await distributed.start('commands', 'owner'), await distributed.start('projections')];
    await Promise.all(services.map((service) => ready(service)));
    const { ministry, ...clients } = await distributed.clients(services[0]!.url);
    await fundInitiative({ ministry, ...clients }, '1000');
    const exported = (await ledger(['export'])).stdout;
    expect((await ministry.post(spending, { transactionId: 'T-1', amount: '300' })).status).toBe(201);
    await until('all is folded', async () =>
      (await new Client(services[1]!.url).get('/metrics')).text.includes('ledger_projection_lag_records 0'),
    );
    lost = await hashAt(5);
    for (const service of services) expect(await service.stop()).toMatchObject({ code: 0 });
    await makeTopicsAnew(exported);
  });
  afterEach(() => distributed.stop());

  /** Deletes the ledger's topics, and imports records in their place. */
  async function makeTopicsAnew(records: string): Promise<void> {
    const admin = new Kafka({ brokers: distributed.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const ours = async () => (await admin.listTopics()).filter((topic) => topic.startsWith(`${distributed.prefix}.`));
    await admin.deleteTopics({ topics: await ours() });
    await until('the topics are gone', async () => (await ours()).length === 0);
    await admin.disconnect();
    const file = join(distributed.folder, 'shorter.ndjson');
    await writeFile(file, records);
    expect(await ledger(['import', 'records', file])).toMatchObject({ code: 0, stderr: '' });
  }

  /** Why a service is not ready. */
  async function notReady(service: Service, why: string, found: string): Promise<void> {
    const expected = new RegExp(`${why}: ${found}`);
    const said = async () => String((await new Client(service.url).get('/health/ready')).body['detail']);
    await until(`${service.name} says what it found`, async () => expected.test(await said()));
    expect(service.logged()).toContain('"level":60');
    expect(service.logged()).toMatch(new RegExp(found));
  }

  it('are not ready and name both positions and hashes, until somebody renames the caches and so keeps the evidence', async () => {
    const found = `folded to position 5 of p \\(hash ${lost}\\); the log ends at position 4 of it \\(hash ${await hashAt(4)}\\)`;
    const kept = await readFile(stateStore());
    const stopped = [await distributed.start('commands', 'owner'), await distributed.start('projections')];
    await notReady(stopped[0]!, `partition ${partition} has stopped: the state store`, found);
    await notReady(stopped[1]!, `partition ${partition} is no longer folded: the read models`, found);
    for (const service of stopped) expect(await service.stop()).toMatchObject({ code: 0 });
    expect((await readFile(stateStore())).equals(kept)).toBe(true);

    const forgotten = await ledger(['forget-caches'], { DATA_DIR: dataOf('owner') });
    expect(forgotten.code).toBe(0);
    const evidence = (await readdir(dataOf('owner'))).filter((name) =>
      name.startsWith(`${distributed.prefix}-${partition}.states.forgotten-`),
    );
    expect(evidence).toHaveLength(1);
    expect((await readFile(join(dataOf('owner'), evidence[0]!))).equals(kept)).toBe(true);
    // MongoDB keeps the documents that are evidence; new ones go into another database.
    distributed.settings['READ_MODELS'] = `${distributed.settings['READ_MODELS']!}-again`;
    const again = [await distributed.start('commands', 'owner'), await distributed.start('projections')];
    await Promise.all(again.map((service) => ready(service)));
    const { ministry } = await distributed.clients(again[0]!.url);
    expect((await ministry.post(spending, { transactionId: 'T-1', amount: '1000' })).status).toBe(201);
    await until('all is folded and sound', async () => {
      const { code, stdout } = await ledger(['verify', '--json']);
      return code === 0 && (JSON.parse(stdout) as { documents?: number }).documents !== undefined;
    });
  });

  it('are not ready if the topics went on otherwise, and name the hash that is found', async () => {
    const elsewhere = await distributed.start('commands', 'elsewhere');
    await ready(elsewhere);
    const { ministry } = await distributed.clients(elsewhere.url);
    expect((await ministry.post(spending, { transactionId: 'T-9', amount: '1' })).status).toBe(201);
    expect(await elsewhere.stop()).toMatchObject({ code: 0 });
    // The instance's own caches match this log, including the cache of the partition without a record.
    const again = await distributed.start('commands', 'elsewhere');
    await ready(again);
    expect(await again.stop()).toMatchObject({ code: 0 });
    const found = `folded to position 5 of p \\(hash ${lost}\\); the log has hash ${await hashAt(5)} there`;
    const stopped = [await distributed.start('commands', 'owner'), await distributed.start('projections')];
    await notReady(stopped[0]!, 'the state store', found);
    await notReady(stopped[1]!, 'the read models', found);
    for (const service of stopped) expect(await service.stop()).toMatchObject({ code: 0 });
  });
});
