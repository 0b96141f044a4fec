/** The answers to single commands. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestApplication } from './testing/application.js';
import { i, openFundedInitiative, p, spending, type FundedInitiative } from './testing/funded-initiative.js';

let app: TestApplication;
let [admin, finance, justice, health] = ['', '', '', ''];
let recorded: FundedInitiative['recorded'];
let positionOfP: FundedInitiative['positionOfP'];

beforeAll(async () => {
  ({ app, admin, finance, justice, health, recorded, positionOfP } = await openFundedInitiative());
});
afterAll(() => app.close());

describe('a command', () => {
  it('has a receipt with version, position and hash', async () => {
    const { status, json, headers } = await app.send('POST', `${i}/spending`, {
      token: justice,
      body: spending({ transactionId: 'T-receipt' }),
      headers: { 'idempotency-key': 'receipt' },
    });
    expect(status).toBe(201);
    expect(json).toEqual({
      commandId: 'receipt',
      programme: 'p',
      initiative: 'i',
      version: expect.any(Number),
      position: expect.any(Number),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      events: ['SpendingRecorded'],
    });
    expect(headers).toMatchObject({ etag: `"${String(json['version'])}"`, 'ledger-position': String(json['position']) });
  });
  it('with the same key again has the same answer; with another body it is refused', async () => {
    const send = (amount: string) =>
      app.send('POST', `${i}/spending`, {
        token: justice,
        body: spending({ transactionId: 'T-key', amount }),
        headers: { 'idempotency-key': 'key' },
      });
    const [first, again, other] = [await send('5'), await send('5'), await send('6')];
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([201, first.text, 'true']);
    expect([other.status, other.json['code']]).toEqual([409, 'command-id-reused']);
  });
  it('that is refused gets the rule and the figures, and again the same with its key', async () => {
    const send = () =>
      app.send('POST', `${i}/spending`, {
        token: justice,
        body: spending({ transactionId: 'T-much', amount: '99999999' }),
        headers: { 'idempotency-key': 'much' },
      });
    const [first, again] = [await send(), await send()];
    expect(first.status).toBe(409);
    expect(first.json).toMatchObject({
      code: 'funding-exceeded',
      requested: '99999999',
      available: expect.stringMatching(/^\d+$/),
      position: expect.any(Number),
    });
    expect(first.json['detail']).toContain(String(first.json['available']));
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([409, first.text, 'true']);
  });
  it('in a dry run records nothing and uses up no key', async () => {
    const send = (query: string) =>
      app.send('POST', `${i}/spending${query}`, {
        token: justice,
        body: spending({ transactionId: 'T-dry' }),
        headers: { 'idempotency-key': 'dry' },
      });
    const before = await recorded();
    const dry = await send('?dryRun=true');
    expect(dry.status).toBe(200);
    expect(dry.json).not.toHaveProperty('position');
    expect(dry.json).not.toHaveProperty('hash');
    expect(await recorded()).toBe(before);
    expect((await send('')).status).toBe(201);
  });
  it('that expects another version is refused, and one that expects the current version is recorded', async () => {
    const current = (await app.send('GET', i, { headers: { 'ledger-position': String(await positionOfP()) } })).headers['etag'];
    const send = (match: string, transactionId: string) =>
      app.send('POST', `${i}/spending`, { token: justice, body: spending({ transactionId }), headers: { 'if-match': match } });
    const stale = await send('"1"', 'T-stale');
    expect([stale.status, stale.json['code']]).toEqual([412, 'version-mismatch']);
    expect((await send(String(current), 'T-fresh')).status).toBe(201);
  });
  it('that spends from another ministry’s initiative is refused', async () => {
    const { status, json } = await app.send('POST', `${i}/spending`, { token: health, body: spending() });
    expect([status, json['code']]).toEqual([403, 'forbidden']);
    expect(json['detail']).toMatch(/run by ministry-of-justice/);
  });
  it.each([
    ['/programmes/nowhere/initiatives/i/spending', 'unknown-programme'],
    [`${p}/initiatives/nothing/spending`, 'unknown-initiative'],
  ])('to %s is answered 404', async (path, code) => {
    const { status, json } = await app.send('POST', path, { token: justice, body: spending() });
    expect([status, json['code']]).toEqual([404, code]);
  });
  it('that reverses spending that is not there is answered 404, and so is one that adjusts no appropriation', async () => {
    const reversal = await app.send('POST', `${i}/spending/T-none/reversals`, {
      token: justice,
      body: { reversalId: 'R-1', amount: '1', reason: 'x' },
    });
    expect([reversal.status, reversal.json['code']]).toEqual([404, 'unknown-spending']);
    const adjustment = await app.send('POST', `${p}/appropriations/1999/adjustments`, {
      token: finance,
      body: { adjustmentId: 'B-1', change: '1', legalBasis: 'x' },
    });
    expect([adjustment.status, adjustment.json['code']]).toEqual([404, 'unknown-appropriation']);
  });
  it('with a year in the address that is none is answered 400', async () => {
    expect((await app.send('POST', `${p}/fiscal-years/last/closing`, { token: finance })).status).toBe(400);
  });
  it('that establishes the same programme again is answered 200 with the first receipt', async () => {
    const body = { title: { en: 'Q' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'none', years: 'multi-year' };
    const [first, again] = [
      await app.send('PUT', '/programmes/q', { token: admin, body }),
      await app.send('PUT', '/programmes/q', { token: admin, body }),
    ];
    expect([first.status, again.status, again.text]).toEqual([201, 200, first.text]);
  });
});
