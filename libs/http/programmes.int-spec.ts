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
