import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { establish } from '../command-processing/testing/ledger.js';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
let admin = '';
const programme = (currency: string) => ({ title: { en: 'P' }, currency, timeZone: 'Asia/Bishkek', ceiling: 'none', years: 'annual' });

beforeAll(async () => {
  app = await openTestApplication();
  admin = await app.token('admin', 'cabinet');
});
afterAll(() => app.close());

describe('a programme’s currency', () => {
  it.each(['KSG', 'ZZZ', 'XXX', 'kgs', 'constructor'])('is one of ISO 4217, which %s is not', async (currency) => {
    const { status, json } = await app.send('PUT', '/programmes/none', { token: admin, body: programme(currency) });
    expect([status, json['code'], json['faults']]).toEqual([
      400,
      'malformed',
      [
        {
          field: 'currency',
          message: 'currency must be a currency in force by its three capital letters in ISO 4217, such as "KGS"',
        },
      ],
    ]);
  });

  it.each([
    ['JPY', 0],
    ['KGS', 2],
    ['IQD', 3],
  ])('%s has %i decimal digits of its minor unit in the programme’s document', async (currency, minorUnits) => {
    const path = `/programmes/${currency.toLowerCase()}`;
    const { headers } = await app.send('PUT', path, { token: admin, body: programme(currency) });
    const { json } = await app.send('GET', path, { headers: { 'ledger-position': String(headers['ledger-position']) } });
    expect([json['currency'], json['minorUnits']]).toEqual([currency, minorUnits]);
  });

  it('that an older programme was established with stays readable, its digits unknown', async () => {
    await app.ledger.commands.submitAll([{ ...establish({ currency: 'KSG' }), programme: 'older' }]);
    const { json } = await app.send('GET', '/programmes/older', { headers: { 'ledger-position': '1' } });
    expect([json['currency'], json['minorUnits']]).toEqual(['KSG', null]);
  });
});

describe('a clock behind the records', () => {
  it('is 503 with a time to come back, alone and in a batch, and the same id is decided once it is right', async () => {
    const behind = await openTestApplication();
    const token = await behind.token('admin', 'cabinet');
    const finance = await behind.token('finance', 'ministry-of-finance');
    await behind.send('PUT', '/programmes/p', { token, body: programme('KGS') });
    behind.ledger.clock.now -= 3_600_000;
    const grant = { fiscalYear: 2024, amount: '1', legalBasis: 'law' };
    const appropriations = '/programmes/p/appropriations';
    const headers = { 'idempotency-key': 'grant-1' };

    const alone = await behind.send('POST', appropriations, { token: finance, body: grant, headers });
    const batch = await behind.send('POST', '/programmes/p/commands', {
      token: finance,
      body: JSON.stringify({ commandId: 'grant-2', type: 'GrantAppropriation', data: grant }),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    behind.ledger.clock.now += 3_600_000;
    const later = await behind.send('POST', appropriations, { token: finance, body: grant, headers });

    expect([alone.status, alone.json['code'], alone.headers['retry-after']]).toEqual([503, 'clock-behind', '60']);
    expect(alone.json['detail']).toMatch(/^the latest record of p is of .* and the clock says .* ask again with the same command id$/);
    expect(JSON.parse(batch.text)).toMatchObject({ commandId: 'grant-2', status: 503, code: 'clock-behind' });
    expect(later.status).toBe(201);
    await behind.close();
  });
});
