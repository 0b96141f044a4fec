/** What each service reports to its operators. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from '../support/client.js';
import { until } from '../support/ledger-process.js';
import { fundInitiative } from '../support/programme.js';
import { measured, openDistributed, ready, type Distributed, type Service, type ServiceName } from '../support/services.js';

const partitions = 4;
/** An address without a MongoDB. */
const nowhere = 'mongodb://127.0.0.1:1/nowhere';

describe('a service of the distributed ledger', () => {
  let distributed: Distributed;
  let commands: Service;
  beforeEach(async () => {
    distributed = await openDistributed({ partitions });
    commands = await distributed.start('commands', 'one');
    await ready(commands);
  });
  afterEach(() => distributed.stop());

  const readiness = async ({ url }: Service) => {
    const { status, body, headers } = await new Client(url).get('/health/ready');
    return { status, detail: String(body['detail']), retryAfter: headers.get('retry-after') };
  };
  const notYet = (detail: string) => ({ status: 503, detail, retryAfter: '1' });
  const fund = async () => {
    const clients = await distributed.clients(commands.url);
    await fundInitiative(clients, '1000');
    return clients;
  };

  it.each<ServiceName>(['commands', 'projections'])('is not ready before it is told its partitions: %s', async (name) => {
    const first = name === 'commands' ? commands : await distributed.start(name, 'one');
    await ready(first);
    // The group can't settle while a silent member has not been declared dead.
    first.signal('SIGSTOP');
    const second = await distributed.start(name, 'two');
    expect(await readiness(second)).toEqual(notYet('no partitions are assigned yet'));
    await ready(second);
    expect(await measured(second, 'ledger_partitions_owned')).toBe(partitions);
  });

  it('is not ready before it has caught up: projections', async () => {
    await fund();
    const recorded = Date.now();
    const projections = await distributed.start('projections', 'one', { READ_MODELS: nowhere });
    const caughtUp = /^the read models are catching up with partitions [0-3, ]+$/;
    await until('it is assigned its partitions', async () => caughtUp.test((await readiness(projections)).detail));
    await until('it has looked how far the log is', async () => (await measured(projections, 'ledger_projection_lag_records')) > 0);
    // Four entries, with Kafka's commit markers between them.
    expect(await measured(projections, 'ledger_projection_lag_records')).toBeGreaterThanOrEqual(4);
    // The age of the record, not the time since this process first looked.
    const before = (Date.now() - recorded) / 1_000;
    expect(await measured(projections, 'ledger_projection_lag_seconds')).toBeGreaterThanOrEqual(before);
    expect((await readiness(projections)).status).toBe(503);
  });

  it('is not ready while MongoDB can’t be reached, though there is nothing to fold: projections', async () => {
    const projections = await distributed.start('projections', 'one', { READ_MODELS: nowhere });
    await until('it has caught up with what there is', async () => {
      const { status, detail } = await readiness(projections);
      expect(status).toBe(503);
      return detail === 'the read models can’t be reached';
    });
  });

  it('is not ready before the read models are built, nor while they lack records that it found in the log: queries', async () => {
    const { ministry } = await fund();
    const early = await distributed.start('queries', 'early');
    expect(await readiness(early)).toEqual(notYet('the read models are being built'));
    const projections = await distributed.start('projections');
    await Promise.all([ready(projections), ready(early)]);

    // A service that starts while nobody folds lacks the new records; one that served before continues.
    await projections.stop();
    expect((await ministry.post('/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '1' })).status).toBe(201);
    const late = await distributed.start('queries', 'late');
    expect(await readiness(late)).toMatchObject({ status: 503, detail: expect.stringMatching(/lack records of partitions [0-3] /) });
    expect(await readiness(early)).toMatchObject({ status: 200 });
    await ready(await distributed.start('projections'));
    await ready(late);
  });

  it('measures the values that an operator watches', async () => {
    const [projections, queries] = await Promise.all([distributed.start('projections'), distributed.start('queries')]);
    const { ministry } = await fund();
    const refused = await ministry.post('/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '1001' });
    expect(refused.status).toBe(409);
    await Promise.all([projections, queries].map((service) => ready(service)));

    expect(await measured(commands, 'ledger_commands_total{outcome="accepted"}')).toBe(4);
    expect(await measured(commands, 'ledger_refusals_total{code="funding-exceeded"}')).toBe(1);
    expect(await measured(commands, 'ledger_fences_total')).toBe(0);
    expect(await measured(commands, 'ledger_partitions_owned')).toBe(partitions);
    // Each was sent after the answer to the one before, so each was committed alone.
    expect(await measured(commands, 'ledger_commit_commands_count')).toBe(5);
    expect(await measured(commands, 'ledger_commit_commands_sum')).toBe(5);
    expect(await measured(commands, 'ledger_commit_seconds_count')).toBe(5);
    expect(await measured(commands, 'ledger_commit_seconds_sum')).toBeGreaterThan(0);

    await until('everything is folded', async () => (await measured(projections, 'ledger_projection_lag_records')) === 0);
    expect(await measured(projections, 'ledger_projection_lag_seconds')).toBe(0);
    expect(await measured(projections, 'ledger_partitions_owned')).toBe(partitions);
    expect(await measured(queries, 'process_resident_memory_bytes')).toBeGreaterThan(0);
  });
});
