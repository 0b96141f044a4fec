/** Totals by region, by period and by fiscal year, and appropriations, as they are read over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
const p = '/programmes/p';
/** The moment before the correction that was recorded last. */
let before = '';
let position = '';

beforeAll(async () => {
  app = await openTestApplication();
  const [admin, finance, other, justice, health] = await Promise.all([
    app.token('admin', 'cabinet'),
    app.token('finance', 'ministry-of-finance', 'one'),
    app.token('finance', 'ministry-of-finance', 'other'),
    app.token('ministry', 'ministry-of-justice'),
    app.token('ministry', 'ministry-of-health'),
  ]);
  const send = async (token: string, path: string, body: object, method: 'POST' | 'PUT' = 'POST') => {
    const { status, json } = await app.send(method, `${p}${path}`, { token, body });
    expect([path, status, json['detail']]).toEqual([path, 201, undefined]);
    position = String(json['position']);
  };
  const programme = { title: { en: 'P' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' };
  await send(admin, '', { ...programme, occurredOn: '2023-01-01' }, 'PUT');
  for (const fiscalYear of [2023, 2024])
    await send(finance, '/appropriations', {
      fiscalYear,
      amount: '1000',
      legalBasis: `law ${fiscalYear}`,
      occurredOn: `${fiscalYear}-01-10`,
    });
  await send(finance, '/appropriations/2023/adjustments', {
    adjustmentId: 'B-1',
    change: '-100',
    legalBasis: '=cmd()',
    occurredOn: '2023-06-01',
  });
  const propose = (token: string, initiative: string, authority: string, more: object) =>
    send(token, '/initiatives', { initiative, title: { en: initiative }, authority, occurredOn: '2023-02-01', ...more });
  await propose(justice, 'a', 'ministry-of-justice', { authorityName: 'Justice', region: 'Чүй' });
  await propose(health, 'b', 'ministry-of-health', {});
  const fund = (initiative: string, fiscalYear: number, occurredOn: string, amount: string) =>
    send(finance, `/initiatives/${initiative}/funding`, { fundingId: `F-${fiscalYear}`, fiscalYear, amount, occurredOn });
  await fund('a', 2023, '2023-02-10', '300');
  await fund('b', 2024, '2024-02-10', '400');
  await send(justice, '/initiatives/a/spending', { transactionId: 'T-1', amount: '200', occurredOn: '2023-08-01' });
  await send(justice, '/initiatives/a/returns', { returnId: 'U-1', fiscalYear: 2023, amount: '100', occurredOn: '2023-12-20' });
  await send(finance, '/fiscal-years/2023/closing', { occurredOn: '2024-01-05' });
  await send(other, '/fiscal-years/2023/reopening', { reason: 'an invoice', legalBasis: 'decree 7', occurredOn: '2024-02-05' });
  before = new Date(app.ledger.clock.now).toISOString();
  app.ledger.clock.now += 60_000;
  await send(health, '/initiatives/b/amendments', { region: 'Ош', reason: 'it moved', occurredOn: '2024-03-01' });
});
afterAll(() => app.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  app.send('GET', `${p}${path}`, { headers: { 'ledger-position': position, ...headers } });
const itemsOf = async (path: string) => {
  const { status, json } = await get(path);
  expect([path, status]).toEqual([path, 200]);
  return json['items'] as Record<string, unknown>[];
};
const rowsOf = (text: string) => parse<Record<string, string>>(text, { columns: true });

describe('regions', () => {
  const none = { proposed: 0, funded: 0, spending: 0, finalizing: 0, finalized: 0, cancelled: 0 };
  const chuy = {
    programme: 'p',
    region: 'Чүй',
    funded: '300',
    spent: '200',
    returned: '100',
    available: '0',
    committed: '0',
    free: '0',
    initiatives: { ...none, spending: 1 },
  };
  const osh = {
    programme: 'p',
    region: 'Ош',
    funded: '400',
    spent: '0',
    returned: '0',
    available: '400',
    committed: '0',
    free: '400',
    initiatives: { ...none, funded: 1 },
  };

  it('have the totals of their initiatives', async () => {
    expect(await itemsOf('/regions')).toEqual([osh, chuy]);
  });
  it('have them as of the past, by the day it happened and by when it was known', async () => {
    expect(await itemsOf('/regions?occurredBy=2024-02-29')).toEqual([chuy]);
    expect(await itemsOf(`/regions?knownBy=${before}`)).toEqual([chuy]);
    expect(await itemsOf('/regions?occurredBy=2023-02-28')).toEqual([
      { ...chuy, spent: '0', returned: '0', available: '300', free: '300', initiatives: { ...none, funded: 1 } },
    ]);
  });
  it('are rows of CSV', async () => {
    const { text } = await get('/regions', { accept: 'text/csv' });
    expect(rowsOf(text)).toMatchObject([
      { region: 'Ош', funded: '400', 'funded.decimal': '4.00', 'initiatives.funded': '1' },
      { region: 'Чүй', spent: '200', 'initiatives.spending': '1' },
    ]);
  });
});

describe('a series', () => {
  const quarters = async (query: string, of: readonly string[]) =>
    (await itemsOf(`/series?by=quarter${query}`)).map((item) => of.map((field) => item[field]));

  it('has the sums of each period, with zeros if nothing moved', async () => {
    expect(await quarters('', ['period', 'from', 'to', 'appropriated', 'funded', 'spent', 'returned'])).toEqual([
      ['2023-Q1', '2023-01-01', '2023-03-31', '1000', '300', '0', '0'],
      ['2023-Q2', '2023-04-01', '2023-06-30', '-100', '0', '0', '0'],
      ['2023-Q3', '2023-07-01', '2023-09-30', '0', '0', '200', '0'],
      ['2023-Q4', '2023-10-01', '2023-12-31', '0', '0', '0', '100'],
      ['2024-Q1', '2024-01-01', '2024-03-31', '1000', '400', '0', '0'],
    ]);
  });
  it('is by month if nothing is said', async () => {
    const months = await itemsOf('/series?measure=spent');
    expect(months).toEqual([{ programme: 'p', period: '2023-08', from: '2023-08-01', to: '2023-08-31', spent: '200' }]);
  });
  it('has every authority in every period, with its name', async () => {
    expect(await quarters('&group=authority&measure=funded', ['period', 'group', 'name', 'funded', 'spent'])).toEqual(
      ['2023-Q1', '2023-Q2', '2023-Q3', '2023-Q4', '2024-Q1'].flatMap((period) => [
        [period, 'ministry-of-health', null, period === '2024-Q1' ? '400' : '0', undefined],
        [period, 'ministry-of-justice', 'Justice', period === '2023-Q1' ? '300' : '0', undefined],
      ]),
    );
  });
  it('of regions moves the money with its initiative', async () => {
    const years = async (query: string) =>
      (await itemsOf(`/series?by=year&group=region&measure=spent,funded${query}`)).map(({ period, group, funded, spent }) => [
        period,
        group,
        funded,
        spent,
      ]);
    expect(await years('')).toEqual([
      ['2023', 'Ош', '0', '0'],
      ['2023', 'Чүй', '300', '200'],
      ['2024', 'Ош', '400', '0'],
      ['2024', 'Чүй', '0', '0'],
    ]);
    expect(await years('&occurredBy=2024-02-29')).toEqual([['2023', 'Чүй', '300', '200']]);
    expect(await years(`&knownBy=${before}`)).toEqual([['2023', 'Чүй', '300', '200']]);
  });
  it('of status counts the initiatives at the end of each period', async () => {
    const counts = await itemsOf('/series?by=quarter&group=status');
    expect(counts.map(({ period, initiatives }) => [period, initiatives])).toEqual([
      ['2023-Q1', { proposed: 1, funded: 1, spending: 0, finalizing: 0, finalized: 0, cancelled: 0 }],
      ['2023-Q2', { proposed: 1, funded: 1, spending: 0, finalizing: 0, finalized: 0, cancelled: 0 }],
      ['2023-Q3', { proposed: 1, funded: 0, spending: 1, finalizing: 0, finalized: 0, cancelled: 0 }],
      ['2023-Q4', { proposed: 1, funded: 0, spending: 1, finalizing: 0, finalized: 0, cancelled: 0 }],
      ['2024-Q1', { proposed: 0, funded: 1, spending: 1, finalizing: 0, finalized: 0, cancelled: 0 }],
    ]);
  });
  it('is CSV with amounts in the currency too', async () => {
    const { text } = await get('/series?by=year&group=authority', { accept: 'text/csv' });
    expect(rowsOf(text).at(1)).toMatchObject({
      period: '2023',
      group: 'ministry-of-justice',
      name: 'Justice',
      spent: '200',
      'spent.decimal': '2.00',
      appropriated: '',
      'initiatives.funded': '',
    });
  });
  it.each([
    ['by=week', 'by must be one of month, quarter, year'],
    ['group=district', 'group must be one of authority, region, sector, source, status'],
    ['measure=lapsed', 'measure must be one or more of appropriated, funded, spent, returned, committed, with commas between them'],
    ['measure=', 'measure must be one or more of appropriated, funded, spent, returned, committed, with commas between them'],
    ['group=region&measure=appropriated', 'measure must be one or more of funded, spent, returned, committed, with commas between them'],
    ['group=status&measure=spent', 'measure must be absent beside group=status, which counts initiatives'],
    ['occurredBy=2024-02-30', 'occurredBy must be a day that exists, written YYYY-MM-DD'],
    ['from=2024', 'from is not a parameter of this route; its parameters are by, group, measure, occurredBy, knownBy, bom'],
  ])('says what would be right instead of %s', async (query, detail) => {
    const { status, json } = await get(`/series?${query}`);
    expect([status, json['detail']]).toEqual([400, detail]);
  });
});

describe('appropriations', () => {
  const granted = { programme: 'p', position: 2, fiscalYear: 2023, amount: '1000', legalBasis: 'law 2023', occurredOn: '2023-01-10' };
  const adjusted = {
    programme: 'p',
    position: 4,
    fiscalYear: 2023,
    change: '-100',
    adjustmentId: 'B-1',
    legalBasis: '=cmd()',
    occurredOn: '2023-06-01',
  };

  it('are every grant and adjustment in the order of recording', async () => {
    const recordedAt = expect.stringMatching(/^2024-06-01T/);
    expect(await itemsOf('/appropriations')).toEqual([
      { ...granted, recordedAt },
      { ...granted, position: 3, fiscalYear: 2024, legalBasis: 'law 2024', occurredOn: '2024-01-10', recordedAt },
      { ...adjusted, recordedAt },
    ]);
  });
  it('come in pages, each after the one before', async () => {
    const positions: unknown[] = [];
    let path: string | undefined = '/appropriations?limit=1';
    while (path !== undefined) {
      const { json, headers } = await get(path);
      positions.push((json['items'] as { position: number }[]).map((item) => item.position));
      path = /<[^>]*(\/appropriations[^>]*)>/.exec(String(headers['link']))?.[1];
    }
    expect(positions).toEqual([[2], [3], [4]]);
    expect((await get('/appropriations?cursor=x')).status).toBe(400);
  });
  it('are those as of a past day', async () => {
    expect((await itemsOf('/appropriations?occurredBy=2023-05-31')).map(({ position: at }) => at)).toEqual([2]);
  });
  it('are CSV in which no legal basis is a formula', async () => {
    const { text } = await get('/appropriations', { accept: 'text/csv' });
    expect(rowsOf(text)).toMatchObject([
      { amount: '1000', 'amount.decimal': '10.00', change: '', legalBasis: 'law 2023' },
      { fiscalYear: '2024' },
      { amount: '', change: '-100', 'change.decimal': '-1.00', legalBasis: "'=cmd()" },
    ]);
  });
});

describe('a fiscal year', () => {
  it('has its totals, its appropriations, and when it was closed and reopened', async () => {
    const { status, json, headers } = await get('/fiscal-years/2023');
    expect(status).toBe(200);
    expect(headers['etag']).toBe(`"${position}"`);
    expect(json).toMatchObject({
      programme: 'p',
      fiscalYear: 2023,
      position: Number(position),
      appropriated: '900',
      funded: '300',
      spent: '200',
      returned: '100',
      available: '700',
      lapsed: '0',
      closedOn: null,
      appropriations: [{ amount: '1000' }, { change: '-100' }],
      closings: [
        { closed: true, occurredOn: '2024-01-05' },
        { closed: false, occurredOn: '2024-02-05', reason: 'an invoice', legalBasis: 'decree 7' },
      ],
    });
  });
  it('says in which initiatives its money is open, in how many, and how much', async () => {
    expect((await get('/fiscal-years/2023')).json['openFunds']).toEqual({ amount: '0', total: 0, items: [] });
    expect((await get('/fiscal-years/2024')).json['openFunds']).toEqual({
      amount: '400',
      total: 1,
      items: [{ initiative: 'b', title: { en: 'b' }, authority: 'ministry-of-health', amount: '400' }],
    });
    expect((await get('/fiscal-years/2023?occurredBy=2023-06-30')).json['openFunds']).toEqual({ amount: '300' });
  });
  it('is as it was on a past day', async () => {
    const { json } = await get('/fiscal-years/2023?occurredBy=2024-01-31');
    expect(json).toMatchObject({ closedOn: '2024-01-05', available: '0', lapsed: '700', closings: [{ closed: true }] });
    const early = await get('/fiscal-years/2023?occurredBy=2023-01-31');
    expect(early.json).toMatchObject({ appropriated: '1000', appropriations: [{ amount: '1000' }], closings: [] });
  });
  it('has the totals of the list of years', async () => {
    const years = await itemsOf('/fiscal-years');
    for (const year of years) expect((await get(`/fiscal-years/${String(year['fiscalYear'])}`)).json).toMatchObject(year);
    expect(years.map(({ fiscalYear }) => fiscalYear)).toEqual([2023, 2024]);
  });
  it('without a movement is unknown', async () => {
    for (const path of ['/fiscal-years/2022', '/fiscal-years/2024?occurredBy=2023-12-31']) {
      const { status, json } = await get(path);
      expect([path, status, json['code']]).toEqual([path, 404, 'unknown-fiscal-year']);
    }
  });
  it.each(['24', '1899', 'next', '02023'])('that %s names is none', async (year) => {
    const { status, json } = await get(`/fiscal-years/${year}`);
    expect([status, json['detail']]).toEqual([400, 'fiscalYear must be a year from 1900 to 9999']);
  });
});

describe('of a programme that is not there, or was not on that day', () => {
  it.each(['/regions', '/series', '/series?group=region', '/appropriations', '/fiscal-years/2023'])('%s is 404', async (path) => {
    const nowhere = await app.send('GET', `/programmes/nowhere${path}`);
    expect([nowhere.status, nowhere.json['code']]).toEqual([404, 'unknown-programme']);
    const { status, json } = await get(`${path}${path.includes('?') ? '&' : '?'}occurredBy=2022-12-31`);
    expect([status, json['code']]).toEqual([404, 'unknown-programme']);
  });
});
