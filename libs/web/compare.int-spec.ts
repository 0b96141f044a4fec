import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, testLimits, type TestApplication } from '../http/testing/application.js';
import { publicPages } from './public-pages.js';

describe('the page that compares two days', () => {
  let app: TestApplication;
  const p = '/programmes/p';
  beforeAll(async () => {
    app = await openTestApplication({ pages: publicPages });
    const [admin, finance, justice] = await Promise.all([
      app.token('admin', 'cabinet'),
      app.token('finance', 'ministry-of-finance'),
      app.token('ministry', 'ministry-of-justice'),
    ]);
    const terms = { title: { en: 'Digital services' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' };
    const proposal = { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice', authorityName: 'Justice' };
    const sent = [
      await app.send('PUT', p, { token: admin, body: { ...terms, occurredOn: '2024-01-01' } }),
      await app.send('POST', `${p}/appropriations`, {
        token: finance,
        body: { fiscalYear: 2024, amount: '100000', legalBasis: 'law', occurredOn: '2024-01-02' },
      }),
      await app.send('POST', `${p}/initiatives`, { token: justice, body: { ...proposal, occurredOn: '2024-01-03' } }),
      await app.send('POST', `${p}/initiatives/i/funding`, {
        token: finance,
        body: { fundingId: 'F-1', fiscalYear: 2024, amount: '80000', occurredOn: '2024-02-01' },
      }),
      await app.send('POST', `${p}/initiatives/i/spending`, {
        token: justice,
        body: { transactionId: 'T-1', amount: '25000', occurredOn: '2024-03-01' },
      }),
    ];
    expect(sent.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect((await app.send('GET', p, { headers: { 'ledger-position': '5' } })).json).toMatchObject({ spent: '25000' });
  });
  afterAll(() => app.close());

  const get = (query: string) => app.send('GET', `/p/p/compare${query}`);
  /** The rows of the page's tables: a name and the values of the cells. */
  const rows = (text: string) =>
    [...text.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = '']) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell = '']) => cell.replaceAll(/<[^>]*>/g, '').trim()),
    );

  it('asks for the days, and offers whole years', async () => {
    const { status, text } = await get('');
    expect([status, rows(text)]).toEqual([200, []]);
    expect(text).toContain('<input class="ds-input" type="date" id="from" name="from"');
    expect(text).toContain('href="/p/p/compare?from=2023-12-31&amp;to=2024-12-31&amp;by=happened"');
  });

  it('shows the figures of both days, and how they changed', async () => {
    const { status, text } = await get('?from=2024-02-15&to=2024-03-15');
    expect(status).toBe(200);
    expect(rows(text)).toEqual(
      expect.arrayContaining([
        ['Figure', 'February 15, 2024', 'March 15, 2024', 'Change'],
        ['Appropriated', '1,000.00', '1,000.00', 'unchanged'],
        ['Spent', '0.00', '250.00', '+250.00'],
        ['Absorption', '0%', '25%', '+25 percentage points'],
        ['Funded', '1', '0', '-1'],
        ['Spending', '0', '1', '+1'],
        ['2024'],
        ['Justice'],
        ['Left to spend', '800.00', '550.00', '-250.00'],
      ]),
    );
    expect(text).toContain('href="/p/p?happened=2024-02-15"');
  });

  it('counts a programme as zero on a day on which it did not exist', async () => {
    expect(rows((await get('?from=2023-12-31&to=2024-12-31')).text)).toContainEqual(['Funded', '0.00', '800.00', '+800.00']);
    expect((await get('?from=2001-01-01&to=2002-01-01')).status).toBe(404);
  });

  it('takes the days in either order', async () => {
    expect(rows((await get('?from=2024-03-15&to=2024-02-15')).text)).toEqual(rows((await get('?from=2024-02-15&to=2024-03-15')).text));
  });

  it('counts entries by the day they were recorded, if asked', async () => {
    const { text } = await get('?from=2001-12-31&to=2999-12-31&by=known');
    expect(rows(text)).toContainEqual(['Spent', '0.00', '250.00', '+250.00']);
    expect(text).toContain('href="/p/p?known=2001-12-31"');
  });

  it('keeps the other date that the reader chose', async () => {
    const { text } = await get('?from=2001-02-15&to=2999-12-31&by=known&happened=2024-02-15');
    expect(rows(text)).toContainEqual(['Funded', '0.00', '800.00', '+800.00']);
    expect(rows(text)).toContainEqual(['Spent', '0.00', '0.00', 'unchanged']);
  });

  it.each([
    ['?from=2024-01-01', 'to: YYYY-MM-DD'],
    ['?from=yesterday&to=2024-01-01', 'from: YYYY-MM-DD'],
    ['?from=2024-01-01&to=2024-01-02&by=heart', 'by: happened, known'],
  ])('says of %s what would be right', async (query, says) => {
    const { status, text } = await get(query);
    expect([status, text.includes(says)]).toEqual([400, true]);
  });

  it('costs as much as two questions about the past', async () => {
    const bounded = await openTestApplication({
      pages: publicPages,
      limits: { ...testLimits, rate: { withoutToken: 39, withToken: 1_000 } },
    });
    const statuses: number[] = [];
    for (let time = 0; time < 2; time++) statuses.push((await bounded.send('GET', '/p/p/compare?from=2024-01-01&to=2024-01-02')).status);
    await bounded.close();
    expect(statuses).toEqual([404, 429]);
  });

  it('does not know what is not there', async () => {
    expect((await app.send('GET', '/p/unknown/compare')).status).toBe(404);
  });
});
