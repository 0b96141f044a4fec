/** Transfers and carry-overs as they are sent and read over HTTP: receipts, both histories, totals, years, series, appropriations and the past. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
const p = '/programmes/p';
const tokens: Record<string, string> = {};
let position = '';
/** The moments after the funding and after the transfer. */
const moments: Record<'funded' | 'transferred', string> = { funded: '', transferred: '' };

const send = (who: string, path: string, body: object, headers: Record<string, string> = {}) =>
  app.send('POST', `${p}${path}`, { token: tokens[who] ?? '', body, headers });
const transfer = { transferId: 'X-1', to: 'b', fiscalYear: 2023, amount: '400', legalBasis: 'decree 1', occurredOn: '2023-10-10' };
const carryOver = { carryOverId: 'O-1', fiscalYear: 2023, amount: '300', legalBasis: 'decree 2', occurredOn: '2023-12-28' };

beforeAll(async () => {
  app = await openTestApplication();
  tokens['admin'] = await app.token('admin', 'cabinet');
  tokens['finance'] = await app.token('finance', 'ministry-of-finance');
  tokens['justice'] = await app.token('ministry', 'ministry-of-justice');
  tokens['health'] = await app.token('ministry', 'ministry-of-health');
  const programme = { title: { en: 'P' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' };
  await app.send('PUT', p, { token: tokens['admin'], body: { ...programme, occurredOn: '2023-01-01' } });
  const done = async (who: string, path: string, body: object) => {
    const { status, json } = await send(who, path, body);
    expect([path, status, json['detail']]).toEqual([path, 201, undefined]);
    position = String(json['position']);
    app.ledger.clock.now += 60_000;
  };
  const now = () => new Date(app.ledger.clock.now - 1_000).toISOString();
  await done('finance', '/appropriations', { fiscalYear: 2023, amount: '1000', legalBasis: 'law 2023', occurredOn: '2023-01-10' });
  for (const [who, initiative, region] of [
    ['justice', 'a', 'Чүй'],
    ['health', 'b', 'Ош'],
  ] as const)
    await done(who, '/initiatives', {
      ...{ initiative, title: { en: initiative }, region, requestedAmount: '500', occurredOn: '2023-02-01' },
      authority: `ministry-of-${who}`,
    });
  await done('finance', '/initiatives/a/funding', { fundingId: 'F-1', fiscalYear: 2023, amount: '900', occurredOn: '2023-02-10' });
  await done('justice', '/initiatives/a/spending', { transactionId: 'T-1', amount: '100', occurredOn: '2023-05-05' });
  moments.funded = now();
  await done('finance', '/initiatives/a/transfers', transfer);
  moments.transferred = now();
  await done('finance', '/initiatives/b/carry-overs', carryOver);
});
afterAll(() => app.close());

const get = async (path: string) => {
  const { status, json } = await app.send('GET', `${p}${path}`, { headers: { 'ledger-position': position } });
  expect([path, status]).toEqual([path, 200]);
  return json;
};
const itemsOf = async (path: string) => (await get(path))['items'] as Record<string, unknown>[];
const initiative = async (code: string, query = '') => {
  const { status, version, funded, transferred, available, fiscalYears } = await get(`/initiatives/${code}${query}`);
  const years = (fiscalYears as { fiscalYear: number; funded: string; available: string }[]).map((year) => [
    year.fiscalYear,
    year.funded,
    year.available,
  ]);
  return { status, version, funded, transferred, available, years };
};

describe('a transfer over HTTP', () => {
  it('moves the money from the one document to the other, which it may make funded', async () => {
    expect(await initiative('a')).toEqual({
      status: 'spending',
      version: 4,
      funded: '500',
      transferred: '-400',
      available: '400',
      years: [[2023, '500', '400']],
    });
    expect(await initiative('b', `?knownBy=${moments.transferred}`)).toEqual({
      status: 'funded',
      version: 2,
      funded: '400',
      transferred: '400',
      available: '400',
      years: [[2023, '400', '400']],
    });
    expect((await get('/initiatives/b'))['firstApproved']).toEqual({ on: '2023-10-10', requestedAmount: '500' });
  });

  it('is in the history of each, with the other’s code', async () => {
    const last = async (code: string) => (await itemsOf(`/initiatives/${code}/history`)).find(({ type }) => type === 'FundingTransferred');
    const { occurredOn: _, to, ...data } = transfer;
    expect(await last('a')).toMatchObject({ version: 4, position: 7, data: { ...data, to } });
    expect(await last('b')).toMatchObject({ version: 2, position: 8, data: { ...data, from: 'a' } });
  });

  it('is two entries, each with its sign', async () => {
    const found = await itemsOf('/entries?type=FundingTransferred');
    expect(found.map(({ position: at, initiative: code, change, fiscalYear }) => [at, code, change, fiscalYear])).toEqual([
      [8, 'b', '400', 2023],
      [7, 'a', '-400', 2023],
    ]);
  });

  it('changes no total of the programme, and moves those of authorities and regions, now and as of then', async () => {
    const sums = ({ appropriated, funded, spent, returned, available }: Record<string, unknown>) => [
      appropriated,
      funded,
      spent,
      returned,
      available,
    ];
    const [programmeThen, programmeNow] = [await get(`?knownBy=${moments.funded}`), await get('')];
    expect([sums(programmeThen), sums(programmeNow)]).toEqual([
      ['1000', '900', '100', '0', '100'],
      ['1000', '900', '100', '0', '100'],
    ]);
    expect([programmeThen['initiatives'], programmeNow['initiatives']]).toMatchObject([
      { proposed: 1, spending: 1 },
      { proposed: 0, funded: 1, spending: 1 },
    ]);
    for (const [list, names] of [
      ['authorities', ['ministry-of-health', 'ministry-of-justice']],
      ['regions', ['Ош', 'Чүй']],
    ] as const) {
      const funded = async (query: string) =>
        (await itemsOf(`/${list}${query}`)).map((one) => [one['authority'] ?? one['region'], one['funded']]);
      const [health, justice] = names;
      expect(await funded('')).toEqual([
        [health, '400'],
        [justice, '500'],
      ]);
      for (const query of [`?knownBy=${moments.funded}`, '?occurredBy=2023-10-09'])
        expect(await funded(query)).toEqual([
          [health, '0'],
          [justice, '900'],
        ]);
    }
  });

  it('is in the series of the groups, and adds up to nothing in the programme’s', async () => {
    const october = async (query: string) =>
      (await itemsOf(`/series?measure=funded&${query}`)).filter(({ period }) => period === '2023-10').map(({ funded }) => funded);
    expect(await october('group=authority')).toEqual(['400', '-400']);
    expect(await october('by=month')).toEqual([]);
  });

  it('sent again has the first receipt; its ETag is the giver’s version', async () => {
    const again = await send('finance', '/initiatives/a/transfers', transfer, { 'idempotency-key': 'again' });
    expect([again.status, again.headers['etag'], again.headers['ledger-position']]).toEqual([200, '"4"', '8']);
    expect(again.json).toMatchObject({
      initiative: 'a',
      version: 4,
      position: 8,
      events: ['FundingTransferred', 'FundingTransferred'],
    });
  });

  it('expects the version of the giver', async () => {
    const other = { ...transfer, transferId: 'X-2', amount: '1' };
    const tried = async (version: number) =>
      (await send('finance', '/initiatives/a/transfers?dryRun=true', other, { 'if-match': `"${version}"` })).status;
    expect([await tried(4), await tried(3)]).toEqual([200, 412]);
  });

  it.each<[string, string, object, number, object]>([
    ['a ministry', 'justice', {}, 403, { code: 'forbidden', detail: 'TransferFunding is for finance, not for ministry' }],
    ['a taker that nobody proposed', 'finance', { to: 'k' }, 409, { code: 'unknown-taker' }],
    ['the same initiative', 'finance', { to: 'a' }, 409, { code: 'transfer-to-itself' }],
    ['more than there is', 'finance', { amount: '401' }, 409, { code: 'transfer-exceeds-unspent', available: '400', requested: '401' }],
    ['a taker that is no code', 'finance', { to: 'B!' }, 400, { code: 'malformed', faults: [expect.objectContaining({ field: 'to' })] }],
    [
      'an amount of nothing',
      'finance',
      { amount: '0' },
      400,
      { code: 'malformed', faults: [expect.objectContaining({ field: 'amount' })] },
    ],
    [
      'no legal basis',
      'finance',
      { legalBasis: undefined },
      400,
      { code: 'malformed', faults: [expect.objectContaining({ field: 'legalBasis' })] },
    ],
    ['a field that is none', 'finance', { from: 'b' }, 400, { code: 'malformed', faults: [expect.objectContaining({ field: 'from' })] }],
  ])('is refused: %s', async (_what, who, more, status, problem) => {
    const answer = await send(who, '/initiatives/a/transfers?dryRun=true', { ...transfer, transferId: 'X-3', ...more });
    expect([answer.status, answer.json]).toEqual([status, expect.objectContaining(problem)]);
  });
});

describe('a carry-over over HTTP', () => {
  it('moves the money to the next year of its initiative', async () => {
    expect(await initiative('b')).toEqual({
      status: 'funded',
      version: 3,
      funded: '400',
      transferred: '400',
      available: '400',
      years: [
        [2023, '100', '100'],
        [2024, '300', '300'],
      ],
    });
  });

  it('moves the appropriation too, and changes no sum over the years, now and as of then', async () => {
    const years = async (query: string) =>
      (await itemsOf(`/fiscal-years${query}`)).map(({ fiscalYear, appropriated, funded, available }) => [
        fiscalYear,
        appropriated,
        funded,
        available,
      ]);
    expect(await years('')).toEqual([
      [2023, '700', '600', '100'],
      [2024, '300', '300', '0'],
    ]);
    for (const query of [`?knownBy=${moments.transferred}`, '?occurredBy=2023-12-27'])
      expect(await years(query)).toEqual([[2023, '1000', '900', '100']]);
  });

  it('is an item of each of the two years among the appropriations, page by page', async () => {
    const shown = ({ fiscalYear, amount, change, carryOverId, initiative: code, legalBasis }: Record<string, unknown>) => [
      fiscalYear,
      amount ?? change,
      carryOverId,
      code,
      legalBasis,
    ];
    const expected = [
      [2023, '1000', undefined, undefined, 'law 2023'],
      [2023, '-300', 'O-1', 'b', 'decree 2'],
      [2024, '300', 'O-1', 'b', 'decree 2'],
    ];
    expect((await itemsOf('/appropriations')).map(shown)).toEqual(expected);
    const paged: unknown[] = [];
    let cursor = '';
    do {
      const page = await get(`/appropriations?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      paged.push(...(page['items'] as Record<string, unknown>[]).map(shown));
      cursor = typeof page['cursor'] === 'string' ? page['cursor'] : '';
    } while (cursor !== '');
    expect(paged).toEqual(expected);
    const year = await get('/fiscal-years/2024');
    expect((year['appropriations'] as Record<string, unknown>[]).map(shown)).toEqual([expected[2]]);
    expect(year['openFunds']).toMatchObject({ amount: '300', items: [{ initiative: 'b', amount: '300' }] });
    const past = await get('/fiscal-years/2023?occurredBy=2023-12-27');
    expect((past['appropriations'] as Record<string, unknown>[]).map(shown)).toEqual([expected[0]]);
  });

  it('is no part of what an authority or a region was appropriated, and adds up to nothing in a series', async () => {
    const december = async (query: string) =>
      (await itemsOf(`/series?${query}`))
        .filter(({ period }) => period === '2023-12')
        .map(({ appropriated, funded }) => [appropriated, funded]);
    expect(await december('by=month')).toEqual([]);
    const years = await itemsOf('/series?by=year');
    expect(years.map(({ period, appropriated, funded }) => [period, appropriated, funded])).toEqual([['2023', '1000', '900']]);
  });

  it('has its own columns in CSV', async () => {
    const { text } = await app.send('GET', `${p}/appropriations`, { headers: { 'ledger-position': position, accept: 'text/csv' } });
    expect(parse<Record<string, string>>(text, { columns: true }).at(-1)).toMatchObject({
      fiscalYear: '2024',
      change: '300',
      carryOverId: 'O-1',
      initiative: 'b',
    });
  });

  it.each<[string, string, object, number, object]>([
    ['a ministry', 'health', {}, 403, { code: 'forbidden' }],
    ['more than there is', 'finance', { amount: '101' }, 409, { code: 'carry-over-exceeds-unspent', available: '100', requested: '101' }],
    ['other content under its id', 'finance', { carryOverId: 'O-1', amount: '1' }, 409, { code: 'carry-over-exists' }],
    ['no year', 'finance', { fiscalYear: 20_233 }, 400, { code: 'malformed', faults: [expect.objectContaining({ field: 'fiscalYear' })] }],
  ])('is refused: %s', async (_what, who, more, status, problem) => {
    const answer = await send(who, '/initiatives/b/carry-overs?dryRun=true', { ...carryOver, carryOverId: 'O-2', ...more });
    expect([answer.status, answer.json]).toEqual([status, expect.objectContaining(problem)]);
  });

  it('is not possible in a programme of money that is spent in any year', async () => {
    const q = '/programmes/q';
    const body = { title: { en: 'Q' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'none', years: 'multi-year' };
    await app.send('PUT', q, { token: tokens['admin'] ?? '', body: { ...body, occurredOn: '2023-01-01' } });
    const proposal = { initiative: 'b', title: { en: 'b' }, authority: 'ministry-of-health', occurredOn: '2023-02-01' };
    await app.send('POST', `${q}/initiatives`, { token: tokens['health'] ?? '', body: proposal });
    const { status, json } = await app.send('POST', `${q}/initiatives/b/carry-overs`, { token: tokens['finance'] ?? '', body: carryOver });
    expect([status, json['code'], json['detail']]).toEqual([
      409,
      'carry-over-multi-year',
      'money of q is spent in any year, so there is nothing to carry from 2023 over',
    ]);
  });
});
