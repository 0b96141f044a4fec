/** Lists in the form that a reader accepts, and 304 for lists that the reader has already. */
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { columnsOf, type ListName } from './csv-lists.js';
import { describeApi } from './openapi.js';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
let [admin, finance, justice, auditor] = ['', '', '', ''];
const p = '/programmes/p';
const lists: Record<ListName, string> = {
  programmes: '/programmes',
  heads: '/heads',
  fiscalYears: `${p}/fiscal-years`,
  appropriations: `${p}/appropriations`,
  authorities: `${p}/authorities`,
  regions: `${p}/regions`,
  sectors: `${p}/sectors`,
  sources: `${p}/sources`,
  series: `${p}/series`,
  explanation: `${p}/explain`,
  initiatives: `${p}/initiatives`,
  initiativeYears: `${p}/initiative-years`,
  history: `${p}/initiatives/a/history`,
  commitments: `${p}/initiatives/a/commitments`,
  entries: `${p}/entries`,
  notices: `${p}/notices`,
  requests: `${p}/requests`,
  milestones: `${p}/initiatives/a/milestones`,
  indicators: `${p}/initiatives/a/indicators`,
  results: `${p}/initiatives/a/results`,
};
const everyList = Object.entries(lists) as [ListName, string][];
let position = '';

beforeAll(async () => {
  app = await openTestApplication();
  [admin, finance, justice, auditor] = await Promise.all([
    app.token('admin', 'cabinet'),
    app.token('finance', 'ministry-of-finance'),
    app.token('ministry', 'ministry-of-justice'),
    app.token('auditor', 'chamber-of-accounts'),
  ]);
  const propose = (initiative: string, more: object = {}) =>
    app.send('POST', `${p}/initiatives`, {
      token: justice,
      body: { initiative, title: { en: initiative }, authority: 'ministry-of-justice', ...more },
    });
  const fund = (initiative: string, fundingId: string, fiscalYear: number, amount: string) =>
    app.send('POST', `${p}/initiatives/${initiative}/funding`, { token: finance, body: { fundingId, fiscalYear, amount } });
  const sent = [
    await app.send('PUT', p, {
      token: admin,
      body: { title: { en: 'P' }, currency: 'KWD', timeZone: 'Asia/Kuwait', ceiling: 'none', years: 'multi-year' },
    }),
    await propose('a', { title: { en: 'A', ky: 'Эй', ne: 'ए' }, requestedAmount: '1234567', region: 'Chuy;Osh' }),
    await propose('b', { plannedStart: '2024-02-01' }),
    await fund('a', 'F-1', 2023, '5000'),
    await fund('a', 'F-2', 2024, '7'),
  ];
  expect(sent.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  position = String(sent.at(-1)?.json['position']);
  await app.send('GET', p, { headers: { 'ledger-position': position } });
});
afterAll(() => app.close());

const get = (path: string, headers: Record<string, string> = {}, token = path.startsWith(lists.requests) ? auditor : undefined) =>
  app.send('GET', path, { headers, ...(token !== undefined && { token }) });
const rowsOf = (text: string) => parse<Record<string, string>>(text, { columns: true, bom: true });

describe('a list of initiatives', () => {
  it.each([
    ['status=funded', ['a']],
    ['status=proposed', ['b']],
    ['authority=ministry-of-justice', ['a', 'b']],
    ['authority=ministry-of-health', []],
    ['region=Chuy%3BOsh', ['a']],
    ['region=Osh', []],
    ['suspended=false', ['a', 'b']],
    ['suspended=true', []],
    ['region=Chuy%3BOsh&status=funded&suspended=false', ['a']],
    ['region=Chuy%3BOsh&status=proposed', []],
  ])('holds with %s those that match every filter', async (query, expected) => {
    const { items } = (await get(`${lists.initiatives}?${query}`)).json as { items: { initiative: string }[] };
    expect(items.map(({ initiative }) => initiative)).toEqual(expected);
  });
  it.each([
    ['status=dead', 'status must be one of proposed, funded, spending, finalizing, finalized, cancelled'],
    ['suspended=yes', 'suspended must be true or false'],
    [`region=${'r'.repeat(201)}`, 'region must be a text of 1 to 200 characters'],
    [`q=${'q'.repeat(501)}`, 'q must be at most 500 characters'],
  ])('says what would be right instead of %s', async (query, detail) => {
    const { status, json } = await get(`${lists.initiatives}?${query}`);
    expect([status, json['detail']]).toEqual([400, detail]);
  });
});

describe('the form of an answer', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/*', 'text/csv'],
    ['text/csv', 'text/csv'],
    ['text/csv;q=0.5, application/json;q=0.4', 'text/csv'],
    ['text/csv;q=0.4, application/json;q=0.5', 'application/json'],
    ['application/json;q=0, */*', 'text/csv'],
    ['text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8', 'application/json'],
  ])('of a list, if accept is %s, is %s', async (accept, type) => {
    const { status, headers } = await get(lists.initiatives, accept === undefined ? {} : { accept });
    expect([status, String(headers['content-type']).split(';')[0]]).toEqual([200, type]);
    expect(String(headers['vary'])).toContain('accept');
  });
  it.each(['text/html', 'application/xml, image/*', 'application/json;q=0'])(
    'is none if accept is %s: 406, with the available forms',
    async (accept) => {
      const { status, json, headers } = await get(p, { accept });
      expect([status, json['code'], json['detail']]).toEqual([
        406,
        'not-acceptable',
        'this is available as application/json, which accept does not name',
      ]);
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    },
  );
  it.each(everyList)('of the list %s is none if accept is text/html', async (_list, path) => {
    expect((await get(path, { accept: 'text/html' })).status).toBe(406);
  });
  it('of records is NDJSON', async () => {
    expect((await get(`${p}/records`, { accept: 'text/csv' }, auditor)).status).toBe(406);
    expect((await get(`${p}/records`, { accept: 'application/x-ndjson' }, auditor)).status).toBe(200);
  });
});

describe('a method that an address does not take', () => {
  it.each([
    ['DELETE', p, 'GET, HEAD, PUT'],
    ['PUT', `${p}/initiatives/a`, 'GET, HEAD'],
    ['GET', `${p}/commands`, 'POST'],
    ['POST', '/programmes', 'GET, HEAD'],
    ['OPTIONS', `${p}/initiatives`, 'GET, HEAD, POST'],
  ] as const)('%s %s is 405 and says which there are', async (method, path, allow) => {
    const { status, headers, json } = await app.send(method, path, { token: admin });
    expect([status, headers['allow'], json['code']]).toEqual([405, allow, 'method-not-allowed']);
  });
  it('does not make an unknown address look like a known one', async () => {
    expect((await app.send('DELETE', '/nowhere')).status).toBe(404);
    expect((await app.send('DELETE', `${p}/nothing`)).status).toBe(404);
  });
});

describe('the tag of a list', () => {
  it.each(everyList)('%s: an unchanged list is not sent again, as JSON or as CSV', async (_list, path) => {
    const [asJson, asCsv] = [await get(path), await get(path, { accept: 'text/csv' })];
    expect(asJson.headers['etag']).toMatch(/^"[\w-]{22}"$/);
    expect(asCsv.headers['etag']).not.toBe(asJson.headers['etag']);
    const again = await get(path, { 'if-none-match': `W/${String(asJson.headers['etag'])}` });
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await get(path, { 'if-none-match': String(asCsv.headers['etag']) })).status).toBe(200);
    expect((await get(path, { accept: 'text/csv', 'if-none-match': String(asCsv.headers['etag']) })).status).toBe(304);
  });
});

describe('a list as CSV', () => {
  it.each(everyList)('%s: has the same columns in the same order on every page, and if it is empty', async (list, path) => {
    const csv = { accept: 'text/csv' };
    const header = columnsOf(list).join(',');
    expect((await get(path, csv)).text.split('\n')[0]).toBe(header);
    const empty = {
      initiatives: '?q=nothing',
      initiativeYears: '?q=nothing',
      history: '?cursor=1000',
      entries: '?occurredBy=1990-01-01',
      notices: '?kind=planned-end-passed',
    }[list as string];
    if (empty !== undefined) expect((await get(path + empty, csv)).text).toBe(`${header}\n`);
  });
  it('has a column for every field that OpenAPI describes, but for lists in it', () => {
    const { schemas } = describeApi(app.application).components ?? {};
    const pathsOf = (name: string, prefix = ''): string[] =>
      Object.entries(
        (schemas?.[name] as { properties: Record<string, { $ref?: string; type?: string; allOf?: { $ref: string }[] }> }).properties,
      ).flatMap(([field, { $ref, allOf, type }]) => {
        const nested = ($ref ?? allOf?.[0]?.$ref)?.split('/').at(-1);
        if (nested !== undefined) return pathsOf(nested, `${prefix}${field}.`);
        return type === 'array' ? [] : [`${prefix}${field}`];
      });
    const bodies: Record<ListName, string> = {
      programmes: 'ProgrammeBody',
      heads: 'HeadBody',
      fiscalYears: 'FiscalYearBody',
      appropriations: 'AppropriationBody',
      authorities: 'AuthorityBody',
      regions: 'RegionBody',
      sectors: 'SectorBody',
      sources: 'SourceTotalsBody',
      series: 'SeriesItemBody',
      explanation: 'EffectBody',
      initiatives: 'InitiativeBody',
      initiativeYears: 'InitiativeYearRowBody',
      history: 'HistoryEventBody',
      commitments: 'CommitmentBody',
      entries: 'EntryBody',
      notices: 'NoticeBody',
      requests: 'RequestBody',
      milestones: 'MilestoneBody',
      indicators: 'IndicatorBody',
      results: 'ResultBody',
    };
    for (const [list, body] of Object.entries(bodies) as [ListName, string][]) {
      const columns = new Set(columnsOf(list).map((column) => column.replace(/^title\..*/, 'title')));
      expect([list, pathsOf(body).filter((path) => !columns.has(path))]).toEqual([list, []]);
    }
  });
  it('has amounts in the currency beside minor units, titles by language, and quotes what holds a semicolon', async () => {
    const { text } = await get(lists.initiatives, { accept: 'text/csv' });
    const [a, b] = rowsOf(text);
    expect(a).toMatchObject({
      requestedAmount: '1234567',
      'requestedAmount.decimal': '1234.567',
      funded: '5007',
      'funded.decimal': '5.007',
      'title.en': 'A',
      'title.ky': 'Эй',
      'title.other': '{"ne":"ए"}',
      region: 'Chuy;Osh',
      'ended.finalValue.decimal': '',
    });
    expect(text).toContain(',"Chuy;Osh",');
    expect(b).toMatchObject({ initiative: 'b', plannedStart: '2024-02-01', requestedAmount: '', 'requestedAmount.decimal': '' });
  });
  it('of programmes counts each in its own currency', async () => {
    expect(rowsOf((await get('/programmes', { accept: 'text/csv' })).text)).toMatchObject([{ programme: 'p', 'funded.decimal': '5.007' }]);
  });
  it('has years as rows of their own', async () => {
    const years = rowsOf((await get(lists.initiativeYears, { accept: 'text/csv' })).text);
    expect(years.map(({ initiative, fiscalYear, funded, 'funded.decimal': decimal }) => [initiative, fiscalYear, funded, decimal])).toEqual(
      [
        ['a', '2023', '5000', '5.000'],
        ['a', '2024', '7', '0.007'],
      ],
    );
    const { json } = await get(`${lists.initiativeYears}?q=a&limit=1`);
    const none = { spent: '0', returned: '0', committed: '0' };
    expect(json['items']).toEqual([
      { programme: 'p', initiative: 'a', fiscalYear: 2023, funded: '5000', ...none, available: '5000', free: '5000' },
      { programme: 'p', initiative: 'a', fiscalYear: 2024, funded: '7', ...none, available: '7', free: '7' },
    ]);
    expect((await get('/programmes/nowhere/initiative-years')).status).toBe(404);
  });
  it.each(everyList)('%s: has a byte order mark if it is asked for', async (_list, path) => {
    const csv = { accept: 'text/csv' };
    expect((await get(`${path}?bom=true`, csv)).text).toBe(`\ufeff${(await get(path, csv)).text}`);
    expect((await get(`${path}?bom=false`, csv)).text.startsWith('\ufeff')).toBe(false);
    expect((await get(`${path}?bom=yes`)).status).toBe(400);
  });
});

describe('a large answer', () => {
  const compressed = async (path: string, more: Record<string, string> = {}) =>
    app.application.inject({ method: 'GET', url: path, headers: { 'accept-encoding': 'br, gzip', ...more } });

  it('is compressed for a reader that takes gzip, under a weak tag, and the same otherwise', async () => {
    const plain = await get('/openapi.json');
    const small = await compressed(`${p}/initiatives/a`);
    const large = await compressed('/openapi.json');
    expect([small.headers['content-encoding'], large.headers['content-encoding']]).toEqual([undefined, 'gzip']);
    expect(small.headers['etag']).toMatch(/^"\d+"$/);
    expect(gunzipSync(large.rawPayload).toString()).toBe(plain.text);
    expect(large.headers['vary']).toBe('accept-encoding');
  });
  it('that has a tag has a weak one while it is compressed', async () => {
    for (let n = 0; n < 12; n++)
      await app.send('POST', `${p}/initiatives`, {
        token: justice,
        body: { initiative: `many-${n}`, title: { en: 'x'.repeat(300) }, authority: 'ministry-of-justice' },
      });
    const head = (await get('/heads')).json['items'] as { position: number }[];
    const at = { 'ledger-position': String(head[0]?.position) };
    const [plain, large] = [await get(lists.initiatives, at), await compressed(lists.initiatives, at)];
    expect(large.headers['content-encoding']).toBe('gzip');
    expect(large.headers['etag']).toBe(`W/${String(plain.headers['etag'])}`);
    expect(gunzipSync(large.rawPayload).toString()).toBe(plain.text);
    expect((await compressed(lists.initiatives, { ...at, 'if-none-match': String(large.headers['etag']) })).statusCode).toBe(304);
  });
});

describe('pages of other origins', () => {
  const origin = 'https://dashboard.example';
  it('may neither ask nor send unless an operator says so', async () => {
    const { headers } = await get(p, { origin });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect((await app.send('OPTIONS', p, { headers: { origin, 'access-control-request-method': 'PUT' } })).status).toBe(405);
  });
  it('may if their origin is named, with their own token, and see what an answer says beside its body', async () => {
    const open = await openTestApplication({ corsOrigins: [origin] });
    const asked = await open.send('GET', '/programmes', { headers: { origin } });
    expect([asked.status, asked.headers['access-control-allow-origin'], asked.headers['access-control-allow-credentials']]).toEqual([
      200,
      origin,
      undefined,
    ]);
    expect(asked.headers['access-control-expose-headers']).toBe(
      'etag, idempotency-replayed, ledger-pages-stable, ledger-position, link, location, retry-after',
    );
    const preflight = await open.send('OPTIONS', `${p}/initiatives`, {
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization, idempotency-key' },
    });
    expect([preflight.status, preflight.headers['access-control-allow-methods']]).toEqual([204, 'GET, HEAD, POST, PUT']);
    const other = await open.send('GET', '/programmes', { headers: { origin: 'https://elsewhere.example' } });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    await open.close();
  });
});

describe('the pages of a list', () => {
  const asked = async (query: string, accept = 'application/json') => {
    const { json, headers } = await get(`${lists.initiatives}?limit=1${query}`, { accept });
    return { stable: json['stable'], header: headers['ledger-pages-stable'] };
  };

  it.each(['', '&sort=initiative', '&sort=-proposedOn'])(
    'say that they give every initiative once, sorted by a field that never changes: %s',
    async (sort) => {
      expect(await asked(sort)).toEqual({ stable: true, header: 'true' });
    },
  );

  it.each(['&sort=-spent', '&sort=plannedEnd'])(
    'say that they may miss an initiative or repeat one, sorted by a field that changes: %s',
    async (sort) => {
      expect(await asked(sort)).toEqual({ stable: false, header: 'false' });
    },
  );

  it('say so of CSV in a header', async () => {
    const { headers } = await get(`${lists.initiatives}?limit=1&sort=-spent`, { accept: 'text/csv' });
    expect(headers['ledger-pages-stable']).toBe('false');
  });

  it('are not called stable or unstable if there is only one', async () => {
    const { json, headers } = await get(`${lists.initiatives}?sort=-spent`);
    expect([json['cursor'], json['stable'], headers['ledger-pages-stable']]).toEqual([undefined, undefined, undefined]);
  });
});
