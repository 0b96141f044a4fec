/** Why a figure is what it is: the route's answers, and what it says to questions that are not right. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from './testing/application.js';

describe('the explanation of a figure', () => {
  let app: TestApplication;
  const p = '/programmes/p';
  beforeAll(async () => {
    app = await openTestApplication();
    const [admin, finance, justice] = await Promise.all([
      app.token('admin', 'cabinet'),
      app.token('finance', 'ministry-of-finance'),
      app.token('ministry', 'ministry-of-justice'),
    ]);
    const post = (path: string, token: string, body: object) => app.send('POST', `${p}${path}`, { token, body });
    const programme = { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'enforced', years: 'annual' };
    const spend = (transactionId: string, amount: string, occurredOn: string) =>
      post('/initiatives/i/spending', justice, { transactionId, amount, payee: 'Somebody', occurredOn });
    const sent = [
      await app.send('PUT', p, { token: admin, body: { ...programme, occurredOn: '2024-01-01' } }),
      await post('/appropriations', finance, { fiscalYear: 2024, amount: '100000', legalBasis: 'law', occurredOn: '2024-01-01' }),
      await post('/initiatives', justice, {
        initiative: 'i',
        title: { en: 'I' },
        authority: 'ministry-of-justice',
        region: 'Chuy',
        occurredOn: '2024-01-02',
      }),
      await post('/initiatives/i/funding', finance, {
        fundingId: 'F-1',
        fiscalYear: 2024,
        amount: '80000',
        source: { kind: 'grant' },
        occurredOn: '2024-01-03',
      }),
      await spend('T-1', '6000', '2024-02-01'),
      await spend('T-2', '500', '2024-03-01'),
      await post('/initiatives/i/amendments', justice, { region: 'Osh', reason: 'moved', occurredOn: '2024-03-15' }),
      await spend('T-3', '40', '2024-04-01'),
    ];
    expect(sent.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201, 201, 201]);
    await app.send('GET', p, { headers: { 'ledger-position': '8' } });
  });
  afterAll(() => app.close());

  const get = (query: string, headers: Record<string, string> = {}) => app.send('GET', `${p}/explain?${query}`, { headers });
  type Answered = {
    sum?: string;
    before?: string;
    position?: number;
    cursor?: string;
    items?: { position: number; effect: string; sum: string }[];
  };
  const explained = async (query: string) => {
    const { status, json } = await get(query);
    const { sum, items = [] } = json as Answered;
    return [status, sum, items.map(({ position, effect }) => [position, effect])];
  };

  it.each([
    [
      '',
      '6540',
      [
        [5, '6000'],
        [6, '500'],
        [8, '40'],
      ],
    ],
    [
      'figure=available',
      '20000',
      [
        [2, '100000'],
        [4, '-80000'],
      ],
    ],
    ['figure=lapsed', '0', []],
    ['figure=appropriated&fiscalYear=2024', '100000', [[2, '100000']]],
    [
      'figure=free&initiative=i',
      '73460',
      [
        [4, '80000'],
        [5, '-6000'],
        [6, '-500'],
        [8, '-40'],
      ],
    ],
    [
      'figure=spent&authority=ministry-of-justice',
      '6540',
      [
        [5, '6000'],
        [6, '500'],
        [8, '40'],
      ],
    ],
    [
      'figure=spent&region=Chuy',
      '0',
      [
        [5, '6000'],
        [6, '500'],
        [7, '-6500'],
      ],
    ],
    [
      'figure=spent&region=Osh',
      '6540',
      [
        [7, '6500'],
        [8, '40'],
      ],
    ],
    [
      'figure=spent&region=Chuy&occurredBy=2024-03-14',
      '6500',
      [
        [5, '6000'],
        [6, '500'],
      ],
    ],
    ['figure=funded&source=grant', '80000', [[4, '80000']]],
    ['figure=spent&occurredAfter=2024-03-01&occurredBy=2024-03-31', '500', [[6, '500']]],
    ['figure=absorption-denominator', '100000', [[2, '100000']]],
    ['figure=absorption-denominator&initiative=i', '80000', [[4, '80000']]],
    ['figure=transferred&initiative=i', '0', []],
    ['figure=spent&region=Nowhere', '0', []],
  ])('adds up: %s', async (query, sum, items) => {
    expect(await explained(query)).toEqual([200, sum, items]);
  });

  it('comes in pages that count up to the same position, each with the sum before it', async () => {
    const first = (await get('limit=2')).json as Answered;
    expect(first).toMatchObject({ sum: '6540', before: '0', position: 8, cursor: '6-8' });
    const { json, headers } = await get(`limit=2&cursor=${String(first.cursor)}`);
    expect(json).toMatchObject({ sum: '6540', before: '6500', position: 8, items: [{ position: 8, sum: '6540' }] });
    expect(headers['link']).toBeUndefined();
  });

  it('names the fiscal years that it counts, if it chooses among them', async () => {
    expect((await get('figure=available')).json).toMatchObject({
      fiscalYears: [2024],
      parts: [{ amount: 'appropriated', sign: '+', sum: '100000' }, {}, {}],
    });
    expect((await get('figure=lapsed')).json).toMatchObject({ fiscalYears: [] });
    expect((await get('figure=free')).json).not.toHaveProperty('fiscalYears');
  });

  it('comes as CSV with amounts in the currency', async () => {
    const { text } = await get('figure=free&initiative=i', { accept: 'text/csv' });
    expect(text.split('\n').slice(0, 2)).toEqual([
      'programme,position,initiative,version,type,occurredOn,recordedAt,effect,effect.decimal,sum,sum.decimal,changes.appropriated,' +
        'changes.appropriated.decimal,changes.funded,changes.funded.decimal,changes.spent,changes.spent.decimal,changes.returned,' +
        'changes.returned.decimal,changes.committed,changes.committed.decimal',
      expect.stringMatching(/^p,4,i,2,InitiativeFunded,2024-01-03,[^,]+,80000,800\.00,80000,800\.00,,,80000,800\.00,,,,,,$/),
    ]);
  });

  it('names no payee: those are read with the entry', async () => {
    expect((await get('')).text).not.toContain('Somebody');
  });

  it.each([
    [
      'figure=money',
      'figure',
      'figure must be one of appropriated, funded, transferred, spent, returned, committed, free, unspent, available, lapsed, absorption-numerator, absorption-denominator',
    ],
    [
      'figure=appropriated&region=Osh',
      'figure',
      'figure must be one of funded, spent, returned, committed, free, unspent, available for an authority, a region or a sector',
    ],
    ['figure=spent&source=grant', 'figure', 'figure must be one of appropriated, funded for a source of money'],
    ['region=Osh&authority=a', 'region', 'region must be absent beside authority: a figure has one owner'],
    ['initiative=I', 'initiative', 'initiative must be a code of 1 to 64 small letters, digits and hyphens'],
    ['source=lottery', 'source', 'source must be one of budget, grant, loan, own'],
    ['region=', 'region', 'region must be a text of 1 to 200 characters'],
    ['fiscalYear=24', 'fiscalYear', 'fiscalYear must be a year, such as 2024'],
    ['occurredAfter=June', 'occurredAfter', 'occurredAfter must be a day that exists, written YYYY-MM-DD'],
    [
      'figure=lapsed&occurredAfter=2024-01-01',
      'occurredAfter',
      'occurredAfter must be absent beside lapsed, which depends on the closing of years',
    ],
  ])('is not given for %s', async (query, field, message) => {
    const { status, json } = await get(query);
    expect([status, json['code'], json['faults']]).toEqual([400, 'malformed', [{ field, message }]]);
  });

  it.each(['cursor=x', 'cursor=8-8', 'cursor=1-99'])('has no page at %s', async (query) => {
    expect((await get(query)).status).toBe(400);
  });

  it.each([
    ['initiative=nothing', 'unknown-initiative', 'the initiative nothing does not exist in p, or did not exist as of then'],
    ['initiative=i&occurredBy=2024-01-01', 'unknown-initiative', 'the initiative i does not exist in p, or did not exist as of then'],
    ['fiscalYear=2023', 'unknown-fiscal-year', 'nothing was appropriated, funded or spent in the fiscal year 2023 of p'],
    ['occurredBy=2023-12-31', 'unknown-programme', 'the programme p does not exist, or did not exist as of then'],
  ])('is not there for %s', async (query, code, detail) => {
    const { status, json } = await get(query);
    expect([status, json['code'], json['detail']]).toEqual([404, code, detail]);
  });

  it('does not exist for figures that a programme without a ceiling lacks', async () => {
    const admin = await app.token('admin', 'cabinet');
    const body = { title: { en: 'Q' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'none', years: 'annual' };
    expect((await app.send('PUT', '/programmes/q', { token: admin, body })).status).toBe(201);
    const { status, json } = await app.send('GET', '/programmes/q/explain?figure=available', { headers: { 'ledger-position': '1' } });
    expect([status, json['code'], json['detail']]).toEqual([
      404,
      'unknown-figure',
      'q has no ceiling, so it has no figure available: ask for its appropriated, funded or returned',
    ]);
  });
});
