/** Servers that are away, not started yet, or have lost data. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { partitionOf } from '../../libs/event-log/partition-of.js';
import { startDocumentServer, type DocumentServer } from '../../services/mongodb.js';
import { Client } from '../support/client.js';
import { ended, temporaryFolder, until } from '../support/ledger-process.js';
import { fundInitiative } from '../support/programme.js';
import { openDistributed, ready, type Distributed, type Service } from '../support/services.js';

const partitions = 2;

describe('the distributed ledger', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let mongo: DocumentServer;
  let distributed: Distributed;
  let [commands, projections, queries]: Service[] = [];
  beforeEach(async () => {
    folder = await temporaryFolder();
    mongo = await startDocumentServer({ folder: folder.path });
    distributed = await openDistributed({ partitions, settings: { READ_MODELS: `${mongo.url}/away` } });
    [commands, projections, queries] = [
      await distributed.start('commands'),
      await distributed.start('projections'),
      await distributed.start('queries'),
    ];
    await Promise.all([commands, projections, queries].map((service) => ready(service)));
    await fundInitiative(await distributed.clients(commands.url), '1000');
  });
  afterEach(async () => {
    await distributed.stop();
    await mongo.stop();
    await folder.remove();
  });

  it('asks readers to come back while MongoDB is away, takes commands meanwhile, and answers when it is back', async () => {
    const { ministry } = await distributed.clients(commands!.url, queries!.url);
    await ministry.getAt('/programmes/p/initiatives/i', 4);
    await mongo.stop();
    for (const path of ['/programmes', '/programmes/p', '/programmes/p/initiatives', '/programmes/p/initiatives/i', '/heads']) {
      const { status, body, headers } = await ministry.get(path);
      expect({ path, status, code: body['code'], retryAfter: headers.get('retry-after') }).toEqual({
        path,
        status: 503,
        code: 'read-models-unavailable',
        retryAfter: '1',
      });
    }
    const spent = await ministry.post('/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '1' });
    expect(spent.status).toBe(201);
    await mongo.start();
    await until('readers are answered again', async () => (await ministry.get('/programmes')).status === 200);
    await until('what was recorded meanwhile is folded', async () =>
      (await ministry.get('/programmes/p/initiatives/i')).text.includes('"spent":"1"'),
    );
  });

  it('is no longer ready, says why and accepts nothing more once history was removed from Kafka', async () => {
    const admin = new Kafka({ brokers: distributed.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const partition = partitionOf('p', partitions);
    const topic = `${distributed.prefix}.events`;
    // kafkajs deletes only from topics whose metadata it has.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: '3' }] });
    await admin.disconnect();
    const removed = `history was removed from Kafka: ${distributed.prefix}.events-${partition} begins at offset 3: the records before it were removed`;
    for (const service of [commands!, projections!, queries!]) {
      await until(`${service.name} says so`, async () => (await new Client(service.url).get('/health/ready')).status === 503);
      expect((await new Client(service.url).get('/health/ready')).body['detail']).toBe(removed);
      expect(service.logged()).toContain('"level":60');
    }
    const { ministry } = await distributed.clients(commands!.url);
    const refused = await ministry.post('/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '1' });
    expect({ status: refused.status, detail: refused.body['detail'] }).toEqual({ status: 503, detail: removed });
    for (const service of [commands!, projections!, queries!]) {
      const { code, stderr } = await service.stop();
      expect({ service: service.name, code, said: code === 0 ? '' : stderr }).toEqual({ service: service.name, code: 0, said: '' });
    }
    await expect(distributed.start('commands')).rejects.toThrow('its first records were removed');
  });
});

describe('a service that still waits for Kafka', () => {
  it.each([
    ['commands', 'SIGTERM'],
    ['projections', 'SIGINT'],
    ['queries', 'SIGTERM'],
  ] as const)('ends cleanly when it is asked to: %s by %s', async (name, signal) => {
    const folder = await temporaryFolder();
    const { stdout: key } = await ended(
      spawn(process.execPath, [resolve('dist/apps/cli/main.js'), 'token-key', join(folder.path, 'public.json')], {
        env: { PATH: process.env['PATH'] ?? '', DATA_DIR: folder.path },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    expect(key).toBeDefined();
    const service = spawn(process.execPath, [resolve(`dist/apps/${name}/main.js`)], {
      env: {
        PORT: '0',
        EVENT_LOG: 'kafka://127.0.0.1:1/nowhere',
        READ_MODELS: 'mongodb://127.0.0.1:1/nowhere',
        TOKEN_KEY_FILE: join(folder.path, 'public.json'),
        DATA_DIR: folder.path,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const end = ended(service);
    let said = '';
    service.stderr.on('data', (text: Buffer) => (said += text.toString()));
    await until('it waits', () => said.includes('can’t be reached yet'));
    service.kill(signal);
    expect(await end).toMatchObject({ code: 0, signal: null, stdout: '' });
    await folder.remove();
  });
});
