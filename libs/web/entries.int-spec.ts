import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from '../http/testing/application.js';
import { publicPages } from './public-pages.js';

describe('the pages of entries and notices', () => {
  let app: TestApplication;
  const p = '/programmes/p';
  beforeAll(async () => {
    app = await openTestApplication({ pages: publicPages });
    const [admin, finance, justice] = await Promise.all([
      app.token('admin', 'cabinet'),
      app.token('finance', 'ministry-of-finance'),
      app.token('ministry', 'ministry-of-justice'),
    ]);
    const post = (path: string, token: string, body: object) => app.send('POST', `${p}${path}`, { token, body });
    const programme = { title: { en: 'P' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' };
    const initiative = { initiative: 'i', title: { en: 'E-notary' }, authority: 'ministry-of-justice', plannedEnd: '2024-02-01' };
    const sent = [
      await app.send('PUT', p, { token: admin, body: { ...programme, occurredOn: '2024-01-01' } }),
      await post('/appropriations', finance, { fiscalYear: 2024, amount: '100000', legalBasis: 'law' }),
      await post('/initiatives', justice, { ...initiative, occurredOn: '2024-01-02' }),
      await post('/initiatives/i/funding', finance, { fundingId: 'F-1', fiscalYear: 2024, amount: '80000', occurredOn: '2024-01-03' }),
      await post('/initiatives/i/spending', justice, {
        transactionId: 'T-1',
        amount: '60000',
        payee: '<b>=SUM(A1)</b>',
        occurredOn: '2024-01-04',
      }),
      await post('/initiatives/i/spending', justice, { transactionId: 'T-2', amount: '60000' }),
    ];
    expect(sent.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 409]);
    await app.send('GET', p, { headers: { 'ledger-position': '6' } });
  });
  afterAll(() => app.close());

  const get = (path: string) => app.send('GET', path);
  const positionsIn = (text: string) => [...text.matchAll(/href="\/p\/p\/entries\/(\d+)"/g)].map(([, position]) => Number(position));

  it('list every event, newest first, and no refusal', async () => {
    const { status, text } = await get('/p/p/entries');
    expect([status, positionsIn(text)]).toEqual([200, [5, 4, 3, 2, 1]]);
    expect(text).toContain('5 found.');
  });
  it.each([
    ['type=SpendingRecorded', [5]],
    ['initiative=i', [5, 4, 3]],
    ['from=2024-01-03&to=2024-01-03', [4]],
    ['type=&initiative=&from=&to=', [5, 4, 3, 2, 1]],
  ])('filter entries by %s', async (query, expected) => {
    expect(positionsIn((await get(`/p/p/entries?${query}`)).text)).toEqual(expected);
  });
  it.each(['type=Spent', 'initiative=NO', 'from=June', 'cursor=x'])('say of %s that the address is not right', async (query) => {
    const { status, text } = await get(`/p/p/entries?${query}`);
    expect([status, text.includes('The address is not right')]).toEqual([400, true]);
  });

  it('show one entry with its texts, and lead to those beside it', async () => {
    const { status, text } = await get('/p/p/entries/5');
    expect(status).toBe(200);
    expect(text).toContain('Paid to &lt;b>=SUM(A1)&lt;/b>');
    expect(positionsIn(text)).toEqual([4, 6]);
    expect(text).toContain('href="/p/p/i/i"');
  });
  it.each(['6', '7', '0', 'x'])('show no entry at position %s: a refusal, or none', async (position) => {
    expect((await get(`/p/p/entries/${position}`)).status).toBe(404);
  });

  it('name what needs attention, on a page of its own and on the programme’s', async () => {
    for (const path of ['/p/p/notices', '/p/p']) {
      const { text } = await get(path);
      expect(text).toContain('70% of the appropriation of 2024 is funded');
      expect(text).toContain('70% of its funding is spent');
      expect(text).toContain('its planned end has passed');
    }
    expect((await get('/p/p?happened=2024-01-02')).text).not.toContain('its planned end has passed');
  });

  it.each([
    ['/p/p/entries.csv?initiative=i', 'p-entries.csv', 3],
    ['/p/p/initiatives.csv?status=spending', 'p-initiatives.csv', 1],
    ['/p/p/initiatives.csv?status=proposed&happened=2024-01-02', 'p-initiatives.csv', 1],
    ['/p/p/initiatives.csv?status=proposed', 'p-initiatives.csv', 0],
  ])('give the list of %s as a file for spreadsheets', async (path, name, rows) => {
    const { status, headers, text } = await get(path);
    expect([status, headers['content-type'], headers['content-disposition']]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
      `attachment; filename="${name}"`,
    ]);
    expect([text.startsWith('\uFEFF'), text.trim().split('\n').length - 1]).toEqual([true, rows]);
  });
  it('escape in a file what a spreadsheet would take for a formula', async () => {
    expect((await get('/p/p/entries.csv?type=SpendingRecorded')).text).not.toMatch(/(?:^|[,;"])=SUM/m);
  });

  it('list initiatives as of a past day, with how many there are', async () => {
    const { text } = await get('/p/p/initiatives?happened=2024-01-02');
    expect(text).toContain('href="/p/p/i/i?happened=2024-01-02"');
    expect(text).toContain('<span class="ds-tag" data-color="neutral">Proposed</span>');
    expect((await get('/p/p/initiatives?status=spending&status=funded')).text).toContain('1 found.');
  });
});
