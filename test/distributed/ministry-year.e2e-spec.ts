import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditMinistryYear, tellMinistryYear, type Storytellers } from '../support/ministry-year.js';
import { openDistributed, ready, type Distributed } from '../support/services.js';

describe('a ministry’s year on Kafka and MongoDB', () => {
  let distributed: Distributed;
  let people: Storytellers;

  beforeAll(async () => {
    distributed = await openDistributed();
    const [commands, queries] = await Promise.all([
      distributed.start('commands'),
      distributed.start('queries'),
      distributed.start('projections'),
    ]);
    await Promise.all([ready(commands), ready(queries)]);
    const clients = await distributed.clients(commands.url, queries.url);
    const controller = clients.finance.as(await distributed.token('finance', 'treasury'));
    people = { ...clients, controller };
  });
  afterAll(() => distributed.stop());

  it('runs from the proposal to a result a year later, and an auditor reads it all', async () => {
    const position = await tellMinistryYear(people);
    await auditMinistryYear(people, position);
    expect(position).toBeGreaterThan(30);
  });
});
