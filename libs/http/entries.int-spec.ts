import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
let tokens: Record<'admin' | 'finance' | 'justice' | 'health' | 'auditor', string>;
const p = '/programmes/p';
/** The clock of the test ledger stands in the year after it. */
const lastYear = 2023;

beforeAll(async () => {
  app = await openTestApplication();
  const [admin, finance, justice, health, auditor] = await Promise.all([
    app.token('admin', 'cabinet'),
    app.token('finance', 'ministry-of-finance'),
    app.token('ministry', 'ministry-of-justice'),
    app.token('ministry', 'ministry-of-health'),
    app.token('auditor', 'chamber-of-accounts'),
  ]);
  tokens = { admin, finance, justice, health, auditor };
  const post = (path: string, token: string, body: object) => {
    app.ledger.clock.now += 60_000;
    return app.send('POST', `${p}${path}`, { token, body });
  };
  const propose = (initiative: string, token: string, authority: string, more: object) =>
    post('/initiatives', token, { initiative, title: { en: initiative }, authority, occurredOn: `${lastYear}-02-01`, ...more });
  const sent = [
    await app.send('PUT', p, {
      token: admin,
      body: {
        title: { en: 'P' },
        currency: 'KGS',
        timeZone: 'UTC',
        ceiling: 'enforced',
        years: 'annual',
        occurredOn: `${lastYear}-01-01`,
      },
    }),
    await post('/appropriations', finance, { fiscalYear: lastYear, amount: '100', legalBasis: 'law' }),
    await propose('a', justice, 'ministry-of-justice', {
      plannedStart: `${lastYear}-01-15`,
      plannedEnd: `${lastYear}-06-30`,
      region: 'Osh',
    }),
    await propose('b', health, 'ministry-of-health', { plannedEnd: '2999-12-31', region: 'Chuy' }),
    await post('/initiatives/a/funding', finance, {
      fundingId: 'F-1',
      fiscalYear: lastYear,
      amount: '90',
      occurredOn: `${lastYear}-02-02`,
    }),
    await post('/initiatives/a/spending', justice, { transactionId: 'T-1', amount: '80', occurredOn: `${lastYear}-03-01` }),
    await post('/initiatives/a/spending', justice, { transactionId: 'T-2', amount: '70', occurredOn: `${lastYear}-03-02` }),
    await post('/initiatives/b/amendments', health, { reason: 'none', title: { xx: null } }),
  ];
  expect(sent.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201, 409, 409]);
  await app.send('GET', p, { headers: { 'ledger-position': '8' } });
});
afterAll(() => app.close());

const get = (path: string, token?: string) => app.send('GET', `${p}${path}`, token === undefined ? {} : { token });
type Item = Record<string, unknown> & { position: number };
const itemsOf = async (path: string, token?: string) => {
  const { status, json } = await get(path, token);
  expect(status).toBe(200);
  return json['items'] as Item[];
};
const positionsOf = async (path: string, token?: string) => (await itemsOf(path, token)).map(({ position }) => position);

describe('entries', () => {
  it('are every record, newest first, with what each moved', async () => {
    const [refused, other, spent] = await itemsOf('/entries', tokens.auditor);
    expect([refused?.position, other?.position]).toEqual([8, 7]);
    expect(other).toMatchObject({
      type: 'CommandRefused',
      initiative: 'a',
      refusal: { command: 'RecordSpending', code: 'funding-exceeded' },
      data: { transactionId: 'T-2', amount: '70' },
      actor: { organisation: 'ministry-of-justice' },
    });
    expect(spent).toMatchObject({
      position: 6,
      type: 'SpendingRecorded',
      change: '80',
      fiscalYear: lastYear,
      occurredOn: `${lastYear}-03-01`,
    });
    expect(spent?.['daysLate']).toBeGreaterThan(0);
  });

  it.each([
    ['auditor', [8, 7, 6, 5, 4, 3, 2, 1]],
    ['admin', [8, 7, 6, 5, 4, 3, 2, 1]],
    ['finance', [7, 6, 5, 4, 3, 2, 1]],
    ['justice', [6, 5, 4, 3, 2, 1]],
  ] as const)('show to %s the refusals that its role may see', async (who, expected) => {
    expect(await positionsOf('/entries', tokens[who])).toEqual(expected);
  });
  it('show the public events without their senders', async () => {
    const items = await itemsOf('/entries');
    expect(items.map(({ position }) => position)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(items.filter((item) => 'actor' in item || 'commandId' in item || 'hash' in item)).toEqual([]);
  });
  it('show a ministry all that its own organisation sent, with senders', async () => {
    const items = await itemsOf('/entries?organisation=ministry-of-justice', tokens.justice);
    expect(items.map(({ position, actor }) => [position, actor !== undefined])).toEqual([
      [7, true],
      [6, true],
      [3, true],
    ]);
  });
  it.each([
    ['auditor', 'ministry-of-justice', [7, 6, 3]],
    ['admin', 'ministry-of-health', [8, 4]],
    ['finance', 'ministry-of-justice', [7, 6]],
    ['finance', 'ministry-of-health', []],
    ['finance', 'ministry-of-finance', [5, 2]],
  ] as const)('show to %s by sender, of %s, only the entries whose sender they may see', async (who, organisation, expected) => {
    const items = await itemsOf(`/entries?organisation=${organisation}`, tokens[who]);
    expect(items.map(({ position, actor }) => [position, actor !== undefined])).toEqual(expected.map((position) => [position, true]));
    const refused = await itemsOf(`/entries?organisation=${organisation}&refused=false`, tokens[who]);
    expect(refused.map(({ position }) => position)).toEqual(expected.filter((position) => position < 7));
  });
  it.each([undefined, 'health'] as const)('are not filtered by organisation for the wrong reader (%s)', async (who) => {
    const { status, json } = await get('/entries?organisation=ministry-of-justice', who && tokens[who]);
    expect([status, json['code']]).toEqual([403, 'forbidden']);
  });

  it.each([
    ['type=SpendingRecorded', [6]],
    ['type=SpendingRecorded&type=RecordSpending', [7, 6]],
    ['initiative=b', [8, 4]],
    ['refused=true', [8, 7]],
    ['refused=false&initiative=a', [6, 5, 3]],
    ['late=true&amountAtLeast=80', [6, 5]],
    ['late=false', [8, 2]],
    ['amountAtLeast=90', [5, 2]],
    ['amountAtMost=80', [7, 6]],
    [`occurredAfter=${lastYear}-02-02&occurredBy=${lastYear}-03-01`, [6, 5]],
    [`occurredAfter=${lastYear}-02-02&occurredBy=${lastYear}-03-02&sort=occurredOn`, [5, 6, 7]],
    ['recordedBy=2000-01-01T00:00:00Z', []],
    ['recordedAfter=2000-01-01T00:00:00Z&limit=2', [8, 7]],
    ['recordedAfter=2999-01-01T00:00:00Z', []],
    ['sort=position&limit=3', [1, 2, 3]],
  ])('are filtered by %s', async (query, expected) => {
    expect(await positionsOf(`/entries?${query}`, tokens.auditor)).toEqual(expected);
  });
  it('are bounded by the exact moment of recording', async () => {
    const all = await itemsOf('/entries?sort=position', tokens.auditor);
    const moment = String(all[3]?.['recordedAt']);
    const upTo = all.filter(({ recordedAt }) => String(recordedAt) <= moment).map(({ position }) => position);
    const from = all.filter(({ recordedAt }) => String(recordedAt) >= moment).map(({ position }) => position);
    expect(await positionsOf(`/entries?sort=position&recordedBy=${moment}`, tokens.auditor)).toEqual(upTo);
    expect(await positionsOf(`/entries?sort=position&recordedAfter=${moment}`, tokens.auditor)).toEqual(from);
  });

  it('come in pages that leave nothing out, with the number of all', async () => {
    const { json: first } = await get('/entries?limit=5', tokens.auditor);
    const { json: second } = await get(`/entries?limit=5&cursor=${String(first['cursor'])}`, tokens.auditor);
    expect([first['total'], [...(first['items'] as Item[]), ...(second['items'] as Item[])].map(({ position }) => position)]).toEqual([
      8,
      [8, 7, 6, 5, 4, 3, 2, 1],
    ]);
    expect(second['cursor']).toBeUndefined();
  });

  it.each([
    ['type=Spent', 'type'],
    ['initiative=A', 'initiative'],
    ['refused=perhaps', 'refused'],
    ['amountAtLeast=1.5', 'amountAtLeast'],
    ['amountAtMost=-1', 'amountAtMost'],
    ['occurredAfter=2023-02-29', 'occurredAfter'],
    ['recordedBy=2023-02-28', 'recordedBy'],
    ['sort=amount', 'sort'],
    ['initiative=a&initiative=b', 'initiative'],
    ['payee=x', 'payee'],
  ])('say of %s what is wrong', async (query, field) => {
    const { status, json } = await get(`/entries?${query}`, tokens.auditor);
    expect([status, json['faults']]).toMatchObject([400, [{ field }]]);
  });
  it('of an unknown programme are 404', async () => {
    expect((await app.send('GET', '/programmes/none/entries')).status).toBe(404);
  });
});

describe('notices', () => {
  it('name each thing that needs attention, since when, and the record behind it', async () => {
    expect(await itemsOf('/notices')).toEqual([
      { programme: 'p', kind: 'appropriation-reached', fiscalYear: lastYear, percent: 85, since: `${lastYear}-02-02`, position: 5 },
      {
        programme: 'p',
        kind: 'absorption-reached',
        initiative: 'a',
        authority: 'ministry-of-justice',
        percent: 85,
        since: `${lastYear}-03-01`,
        position: 6,
      },
      {
        programme: 'p',
        kind: 'planned-end-passed',
        initiative: 'a',
        authority: 'ministry-of-justice',
        since: `${lastYear}-07-01`,
        position: 3,
      },
      {
        programme: 'p',
        kind: 'registered-after-start',
        initiative: 'a',
        authority: 'ministry-of-justice',
        since: `${lastYear}-02-01`,
        position: 3,
      },
    ]);
  });
  it('come in pages and by kind', async () => {
    const kinds: unknown[] = [];
    let cursor = '';
    do {
      const { json } = await get(`/notices?limit=1${cursor}`);
      kinds.push(...(json['items'] as Item[]).map(({ kind }) => kind));
      const next: unknown = json['cursor'];
      cursor = typeof next === 'string' ? `&cursor=${next}` : '';
    } while (cursor !== '');
    expect(kinds).toEqual(['appropriation-reached', 'absorption-reached', 'planned-end-passed', 'registered-after-start']);
    expect(await positionsOf('/notices?kind=planned-end-passed&kind=silent')).toEqual([3]);
  });
  it.each([
    ['kind=late', 'kind'],
    ['cursor=x', 'cursor'],
    ['cursor=silent.x', 'cursor'],
  ])('say of %s what is wrong', async (query, field) => {
    const { status, json } = await get(`/notices?${query}`);
    expect([status, JSON.stringify(json)]).toEqual([400, expect.stringContaining(field)]);
  });
});

describe('a list of initiatives', () => {
  const codesOf = async (query: string) => (await itemsOf(`/initiatives?${query}`)).map(({ initiative }) => initiative);
  it.each([
    ['status=proposed&status=spending', ['a', 'b']],
    ['region=Osh&region=Naryn', ['a']],
    [`fiscalYear=${lastYear}`, ['a']],
    ['fiscalYear=1999', []],
    [`openFunds=${lastYear}`, ['a']],
    ['absorptionAtLeast=0.85', ['a']],
    ['absorptionAtLeast=0.9', []],
    [`plannedEndBefore=${lastYear}-07-01`, ['a']],
    [`plannedEndBefore=${lastYear}-06-30`, []],
    ['silentSince=2999-01-01', ['a', 'b']],
    ['silentSince=2000-01-01', []],
    ['notice=planned-end-passed', ['a']],
    ['notice=planned-end-passed&status=proposed', []],
    [`notice=planned-end-passed&plannedEndBefore=${lastYear}-01-01`, []],
    ['notice=silent', []],
    ['sort=-absorption', ['a', 'b']],
  ])('is filtered by %s', async (query, expected) => {
    expect(await codesOf(query)).toEqual(expected);
  });
  it.each([
    'fiscalYear=24',
    'absorptionAtLeast=85%25',
    'plannedEndBefore=June',
    'notice=late',
    'notice=silent&notice=silent',
    'openFunds=',
  ])('says of %s what is wrong', async (query) => {
    const { status, json } = await get(`/initiatives?${query}`);
    expect([status, (json['faults'] as { field: string }[]).map(({ field }) => field)]).toEqual([400, [query.split('=')[0]]]);
  });
  it('says how many there are on all pages', async () => {
    for (const [query, total] of [
      ['limit=1', 2],
      ['limit=1&status=proposed&status=spending', 2],
      ['limit=1&region=Osh&region=Chuy', 2],
      ['q=nothing', 0],
    ] as const)
      expect([query, (await get(`/initiatives?${query}`)).json['total']]).toEqual([query, total]);
  });

  it('is the one of a past day, in pages by code, with the filters of that day', async () => {
    const past = `occurredBy=${lastYear}-02-01`;
    expect(await codesOf(past)).toEqual(['a', 'b']);
    expect(await codesOf(`${past}&status=proposed`)).toEqual(['a', 'b']);
    expect(await codesOf(`${past}&status=spending`)).toEqual([]);
    expect(await codesOf(`occurredBy=${lastYear}-01-31`)).toEqual([]);
    const { json: first } = await get(`/initiatives?${past}&limit=1`);
    const { json: second } = await get(`/initiatives?${past}&limit=1&cursor=${String(first['cursor'])}`);
    expect([first, second].map((one) => (one['items'] as Item[]).map(({ initiative, status }) => [initiative, status]))).toEqual([
      [['a', 'proposed']],
      [['b', 'proposed']],
    ]);
    expect(second['cursor']).toBeUndefined();
    expect((await get(`/initiatives?${past}&sort=-spent`)).status).toBe(400);
    expect((await get(`/initiatives?${past}&cursor=NO`)).status).toBe(400);
    expect((await get('/initiatives?occurredBy=2000-01-01')).status).toBe(404);
  });
});
