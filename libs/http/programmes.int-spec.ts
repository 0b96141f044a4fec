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

describe('a programme that is amended', () => {
  it('is read with its title merged, from its earlier day on, and as it was known before', async () => {
    const path = '/programmes/amended';
    const finance = await app.token('finance', 'ministry-of-finance');
    const { clock } = app.ledger;
    await app.send('PUT', path, { token: admin, body: { ...programme('KGS'), occurredOn: '2024-05-01' } });
    const before = new Date(clock.now).toISOString();
    clock.now += 60_000;
    const grant = { fiscalYear: 2019, amount: '100', legalBasis: 'law', occurredOn: '2019-02-01' };
    const tooEarly = await app.send('POST', `${path}/appropriations`, { token: finance, body: grant });
    const body = { title: { ky: 'Программа' }, establishedOn: '2019-01-01', reason: 'the decree of 2019 was found' };
    const amended = await app.send('POST', `${path}/amendments`, { token: admin, body, headers: { 'if-match': '"1"' } });
    const granted = await app.send('POST', `${path}/appropriations`, { token: finance, body: grant });

    expect([tooEarly.status, tooEarly.json['code']]).toEqual([409, 'date-out-of-order']);
    expect([amended.status, amended.json['events'], amended.headers['etag']]).toEqual([201, ['ProgrammeAmended'], '"2"']);
    expect(granted.status).toBe(201);
    const as = async (query: string) => {
      const { status, json } = await app.send('GET', `${path}${query}`, { headers: { 'ledger-position': '4' } });
      return [status, json['title'], json['establishedOn'], json['appropriated']];
    };
    expect(await as('')).toEqual([200, { en: 'P', ky: 'Программа' }, '2019-01-01', '100']);
    expect(await as('?occurredBy=2019-06-01')).toEqual([200, { en: 'P' }, '2019-01-01', '100']);
    expect(await as('?occurredBy=2019-01-01')).toEqual([200, { en: 'P' }, '2019-01-01', '0']);
    expect((await as('?occurredBy=2018-12-31'))[0]).toBe(404);
    expect((await as(`?occurredBy=2019-06-01&knownBy=${before}`))[0]).toBe(404);
    expect(await as(`?knownBy=${before}`)).toEqual([200, { en: 'P' }, '2024-05-01', '0']);
  });

  it.each([
    ['no reason', { title: { en: 'Q' } }, /reason must be/],
    ['a title that is no text', { title: { en: 5 }, reason: 'why' }, /title must be an object of canonical language tags/],
    ['a title without a language', { title: {}, reason: 'why' }, /title must be an object of canonical language tags/],
    ['a day that does not exist', { establishedOn: '2019-02-30', reason: 'why' }, /establishedOn must be a day/],
    ['what never changes', { currency: 'USD', reason: 'why' }, /currency is no field of AmendProgramme/],
  ])('by %s is malformed', async (_what, body, message) => {
    const { status, json } = await app.send('POST', '/programmes/amended/amendments', { token: admin, body });
    expect([status, json['code'], String(json['detail'])]).toEqual([400, 'malformed', expect.stringMatching(message)]);
  });
});

describe('a fiscal year', () => {
  it('is closed once it is over, and reopened by somebody else', async () => {
    const path = '/programmes/years';
    const [finance, other] = await Promise.all([
      app.token('finance', 'ministry-of-finance', 'one'),
      app.token('finance', 'ministry-of-finance', 'other'),
    ]);
    await app.send('PUT', path, { token: admin, body: { ...programme('KGS'), ceiling: 'enforced', occurredOn: '2022-01-01' } });
    const grant = (fiscalYear: number) =>
      app.send('POST', `${path}/appropriations`, { token: finance, body: { fiscalYear, amount: '100', legalBasis: 'law' } });
    await grant(2023);
    await grant(2024);
    const reason = { reason: 'an invoice came late', legalBasis: 'decree' };
    const reopen = (token: string, body: object = reason) => app.send('POST', `${path}/fiscal-years/2023/reopening`, { token, body });
    const close = (year: number) => app.send('POST', `${path}/fiscal-years/${year}/closing`, { token: finance });

    expect((await close(2024)).json).toMatchObject({ status: 409, code: 'fiscal-year-not-over' });
    expect((await close(2022)).json).toMatchObject({ status: 409, code: 'unknown-fiscal-year' });
    expect((await reopen(other)).json).toMatchObject({ status: 409, code: 'fiscal-year-open' });
    expect((await close(2023)).status).toBe(201);
    const years = async () => {
      const recorded = (await app.ledger.records()).filter((record) => record.programme === 'years').length;
      const { json } = await app.send('GET', `${path}/fiscal-years`, { headers: { 'ledger-position': String(recorded) } });
      return (json['items'] as Record<string, unknown>[]).map(({ fiscalYear, closedOn, available, lapsed }) => [
        fiscalYear,
        closedOn,
        available,
        lapsed,
      ]);
    };
    expect(await years()).toEqual([
      [2023, '2024-06-01', '0', '100'],
      [2024, null, '100', '0'],
    ]);
    expect((await reopen(finance)).json).toMatchObject({ status: 409, code: 'separation-of-duties' });
    expect((await reopen(other, { reason: 'why' })).json).toMatchObject({ status: 400, code: 'malformed' });
    expect((await reopen(other)).json).toMatchObject({ events: ['FiscalYearReopened'] });
    expect(await years()).toEqual([
      [2023, null, '100', '0'],
      [2024, null, '100', '0'],
    ]);
  });
});
