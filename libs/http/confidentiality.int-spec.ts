/** What is shown to some readers only. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from './testing/application.js';
import { i, openFundedInitiative, p, spending } from './testing/funded-initiative.js';

let app: TestApplication;
let [admin, finance, justice, health, auditor] = ['', '', '', '', ''];

beforeAll(async () => {
  ({ app, admin, finance, justice, health, auditor } = await openFundedInitiative());
});
afterAll(() => app.close());

describe('the ledger shows', () => {
  it('records to auditors and admins only', async () => {
    expect((await app.send('GET', `${p}/records`)).status).toBe(401);
    for (const token of [justice, finance]) expect((await app.send('GET', `${p}/records`, { token })).status).toBe(403);
    for (const token of [auditor, admin]) expect((await app.send('GET', `${p}/records`, { token })).status).toBe(200);
  });
  it('the sender of an event to auditors and admins only', async () => {
    const events = async (token?: string) =>
      (await app.send('GET', `${i}/history`, token === undefined ? {} : { token })).json['items'] as object[];
    for (const token of [undefined, justice, finance]) {
      const shown = await events(token);
      expect(shown).not.toEqual([]);
      for (const event of shown) {
        expect(event).not.toHaveProperty('actor');
        expect(event).not.toHaveProperty('hash');
      }
    }
    for (const token of [auditor, admin]) {
      const shown = await events(token);
      expect(shown).not.toEqual([]);
      for (const event of shown)
        expect(event).toMatchObject({ actor: { id: expect.any(String) }, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    }
  });
  it('a command of another organisation to auditors and admins only', async () => {
    await app.send('POST', `${i}/spending`, {
      token: justice,
      body: spending({ transactionId: 'T-seen' }),
      headers: { 'idempotency-key': 'seen' },
    });
    const ask = (token: string, query = '') => app.send('GET', `${p}/commands/seen${query}`, { token });
    expect((await ask(justice)).json).toMatchObject({ commandId: 'seen', status: 201, events: ['SpendingRecorded'] });
    for (const token of [health, finance]) {
      expect((await ask(token)).status).toBe(404);
      expect((await ask(token, '?organisation=ministry-of-justice')).status).toBe(403);
    }
    for (const token of [auditor, admin])
      expect((await ask(token, '?organisation=ministry-of-justice')).json).toMatchObject({ commandId: 'seen', status: 201 });
  });
  it('programmes to token holders only if reading is closed, and its health to everybody', async () => {
    const closed = await openTestApplication({ publicReading: false });
    expect((await closed.send('GET', '/programmes')).status).toBe(401);
    expect((await closed.send('GET', '/programmes', { token: await closed.token('ministry', 'm') })).status).toBe(200);
    expect((await closed.send('GET', '/health/live')).status).toBe(200);
    await closed.close();
  });
});

describe('an answer to a request with a token', () => {
  it('is kept by no cache', async () => {
    const cached = async (path: string, sending: Parameters<TestApplication['send']>[2]) =>
      (await app.send('GET', path, sending)).headers['cache-control'];
    expect(await cached(i, { token: justice })).toBe('no-store');
    expect(await cached(`${p}/records`, { token: justice })).toBe('no-store');
    expect(await cached(i, { token: 'x.y.z' })).toBe('no-store');
    expect(await cached('/nowhere', { token: justice })).toBe('no-store');
    expect(await cached(i, {})).toBeUndefined();
    const sent = await app.send('POST', `${i}/spending`, { token: justice, body: spending({ transactionId: 'T-cached' }) });
    expect([sent.status, sent.headers['cache-control']]).toEqual([201, 'no-store']);
  });
});
