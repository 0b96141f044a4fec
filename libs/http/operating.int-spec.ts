/** What operators read: health, metrics and the log. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestApplication } from './testing/application.js';
import { i, openFundedInitiative, spending } from './testing/funded-initiative.js';

let app: TestApplication;
let justice = '';

beforeAll(async () => {
  ({ app, justice } = await openFundedInitiative());
  const answers = [
    await app.send('POST', `${i}/spending`, { token: justice, body: spending(), headers: { 'idempotency-key': 'receipt' } }),
    await app.send('POST', `${i}/spending`, {
      token: justice,
      body: spending({ transactionId: 'T-much', amount: '99999999' }),
      headers: { 'idempotency-key': 'much' },
    }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 409]);
});
afterAll(() => app.close());

describe('an operator', () => {
  it('reads health, metrics and documentation without a token', async () => {
    for (const path of ['/health/live', '/health/ready', '/openapi.json', '/docs']) expect((await app.send('GET', path)).status).toBe(200);
    const { text } = await app.send('GET', '/metrics');
    for (const metric of [
      'ledger_commands_total{outcome="accepted"}',
      'ledger_refusals_total{code="funding-exceeded"}',
      'ledger_projection_lag_records',
      'ledger_projection_lag_seconds',
      'ledger_commit_seconds_bucket',
      '# HELP ledger_open_notices ',
    ])
      expect(text).toContain(metric);
  });
  it('finds commands in the log by their id, and refusals by their code', () => {
    const lines = app.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'accepted', commandId: 'receipt', organisation: 'ministry-of-justice' }));
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'refused', commandId: 'much', code: 'funding-exceeded' }));
  });
});
