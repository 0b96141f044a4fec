import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fundInitiative } from '../support/programme.js';
import { openDistributed, ready, type Distributed, type Service } from '../support/services.js';

describe('a dry run through Kafka', () => {
  let distributed: Distributed;
  let commands: Service;
  beforeEach(async () => {
    distributed = await openDistributed({ partitions: 2 });
    commands = await distributed.start('commands', 'one', { ANSWER_TIMEOUT: '120000' });
    await ready(commands);
  });
  afterEach(() => distributed.stop());

  it('of 10,000 lines is answered line by line, each after those before it, and records nothing', async () => {
    const { ministry, finance } = await distributed.clients(commands.url);
    await fundInitiative({ ...(await distributed.clients(commands.url)), finance }, '5000');
    const lines = Array.from({ length: 10_000 }, (_, index) =>
      JSON.stringify({
        commandId: `c-${index}`,
        type: 'RecordSpending',
        initiative: 'i',
        data: { transactionId: `T-${index}`, amount: '1', description: 'ы'.repeat(500) },
      }),
    );
    const { status, text } = await ministry.send('POST', '/programmes/p/commands?dryRun=true', lines.join('\n'), {
      'content-type': 'application/x-ndjson',
    });
    expect(status).toBe(200);
    const answers = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { commandId: string; status: number; code?: string });
    expect(answers.map(({ commandId }) => commandId)).toEqual(lines.map((_, index) => `c-${index}`));
    expect(answers.map(({ status: one }) => one)).toEqual(lines.map((_, index) => (index < 5_000 ? 200 : 409)));
    expect(answers.slice(5_000).every(({ code }) => code === 'funding-exceeded')).toBe(true);
    const first = await ministry.post('/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '1' });
    expect({ status: first.status, position: first.body['position'] }).toEqual({ status: 201, position: 5 });
  });
});
