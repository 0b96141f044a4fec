import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fundInitiative, type Clients } from '../support/programme.js';
import { thisYear } from '../support/days.js';
import { openDistributed, ready, type Distributed, type Service } from '../support/services.js';

describe('the distributed ledger', () => {
  let distributed: Distributed;
  let services: Service[];
  let clients: Clients;

  beforeAll(async () => {
    distributed = await openDistributed();
    services = await Promise.all([
      distributed.start('commands'),
      distributed.start('commands', 'commands-other'),
      distributed.start('projections'),
      distributed.start('queries'),
    ]);
    await Promise.all(services.map((service) => ready(service)));
    clients = await distributed.clients(services[0]!.url, services[3]!.url);
  });
  afterAll(() => distributed.stop());

  it('accepts the whole journey, and shows each step to a reader that asks for its position', async () => {
    const { finance, ministry, auditor, anyone } = clients;
    await fundInitiative(clients, '1000');
    const spent = await ministry.post('/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '600' });
    expect(spent.status).toBe(201);
    expect(spent.body).toMatchObject({ position: 5, version: 3, events: ['SpendingRecorded'] });
    const seen = await anyone.getAt('/programmes/p/initiatives/i', 5);
    expect(seen.status).toBe(200);
    expect(seen.body).toMatchObject({ status: 'spending', spent: '600', available: '400' });

    const refused = await ministry.post('/programmes/p/initiatives/i/spending', { transactionId: 'T-2', amount: '500' });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: 'funding-exceeded', available: '400', requested: '500' });

    await finance.post('/programmes/p/initiatives/i/returns', { returnId: 'R-1', fiscalYear: thisYear, amount: '400' });
    await ministry.post('/programmes/p/initiatives/i/finalization');
    const finalized = await finance.post('/programmes/p/initiatives/i/completion');
    expect(finalized.status).toBe(201);
    const programme = await anyone.getAt('/programmes/p', Number(finalized.body['position']));
    expect(programme.body).toMatchObject({ spent: '600', returned: '400', initiatives: { finalized: 1 } });
    const why = await anyone.get('/programmes/p/explain?figure=unspent&authority=ministry-of-justice');
    const effects = [4, 5, 7].map((position, index) => ({ position, effect: ['1000', '-600', '-400'][index] }));
    expect(why.body).toMatchObject({ sum: '0', items: effects });
    const records = await auditor.getAt('/programmes/p/records?after=0', Number(finalized.body['position']));
    expect(records.text.trimEnd().split('\n')).toHaveLength(9);
  });

  it('answers the same command from either instance with the same receipt', async () => {
    const other = await distributed.clients(services[1]!.url, services[3]!.url);
    const key = { 'idempotency-key': 'propose-1' };
    const body = { initiative: 'j', title: { en: 'J' }, authority: 'ministry-of-justice' };
    const first = await clients.ministry.post('/programmes/p/initiatives', body, key);
    const again = await other.ministry.post('/programmes/p/initiatives', body, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const outcome = await clients.ministry.getAt('/programmes/p/commands/propose-1', Number(first.body['position']));
    expect(outcome.body).toMatchObject({ status: 201, position: first.body['position'] });
  });

  it('decides a batch in its order, and one of a dry run without recording it', async () => {
    const lines = Array.from({ length: 3 }, (_, index) => ({
      commandId: `b-${index}`,
      type: 'ProposeInitiative',
      initiative: `k-${index}`,
      data: { title: { en: 'K' }, authority: 'ministry-of-justice' },
    }));
    const dryRunOutcomes = await clients.ministry.send(
      'POST',
      '/programmes/p/commands?dryRun=true',
      lines.map((line) => JSON.stringify(line)).join('\n'),
      {
        'content-type': 'application/x-ndjson',
      },
    );
    expect(
      dryRunOutcomes.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      expect.objectContaining({ commandId: 'b-0', status: 200 }),
      expect.objectContaining({ commandId: 'b-1', status: 200 }),
      expect.objectContaining({ commandId: 'b-2', status: 200 }),
    ]);
    const answers = await clients.ministry.batch('p', lines);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const positions = answers.map(({ position }) => Number(position));
    expect(positions).toEqual([positions[0], Number(positions[0]) + 1, Number(positions[0]) + 2]);
  });

  it('says of a programme that nobody established that there is none', async () => {
    const answer = await clients.ministry.post('/programmes/nowhere/initiatives', {
      initiative: 'i',
      title: { en: 'I' },
      authority: 'ministry-of-justice',
    });
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ code: 'unknown-programme' });
  });

  it('shows its health and metrics', async () => {
    const commands = await clients.anyone.send('GET', '/metrics');
    expect(commands.text).toContain('process_cpu_seconds_total');
    const [one, , projections] = services;
    const metrics = async (service: Service) => (await fetch(`${service.url}/metrics`)).text();
    expect(await metrics(one!)).toMatch(/ledger_partitions_owned 2/);
    expect(await metrics(projections!)).toMatch(/ledger_projection_lag_records \d/);
    // Notices are counted beside the first answer.
    let counted: string | undefined;
    while (counted === undefined) counted = /ledger_open_notices\{kind="silent"\} (.*)/.exec(await metrics(services[3]!))?.[1];
    expect(counted).toBe('0');
  });

  it('ends every service cleanly when it is asked to', async () => {
    for (const service of services) expect(await service.stop()).toMatchObject({ code: 0 });
  });
});
