/** What the pages show of totals by period, by region and by fiscal year. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from '../http/testing/application.js';
import { publicPages } from './public-pages.js';

const hostile = '<script>alert(1)</script> "quoted" & more';

describe('the pages of totals', () => {
  let app: TestApplication;
  let position = 0;
  const p = '/programmes/p';
  beforeAll(async () => {
    app = await openTestApplication({ pages: publicPages });
    const [admin, finance, other, justice] = await Promise.all([
      app.token('admin', 'cabinet'),
      app.token('finance', 'ministry-of-finance', 'one'),
      app.token('finance', 'ministry-of-finance', 'other'),
      app.token('ministry', 'ministry-of-justice'),
    ]);
    const send = async (token: string, path: string, body: object, method: 'POST' | 'PUT' = 'POST') => {
      const { status, json } = await app.send(method, `${p}${path}`, { token, body });
      expect([path, status, json['detail']]).toEqual([path, 201, undefined]);
      position = Number(json['position']);
    };
    const title = { en: 'Digital services', ky: 'Санарип кызматтар', ru: 'Цифровые услуги' };
    const established = {
      title,
      currency: 'KGS',
      timeZone: 'Asia/Bishkek',
      ceiling: 'enforced',
      years: 'annual',
      occurredOn: '2023-01-01',
    };
    await send(admin, '', established, 'PUT');
    await send(finance, '/appropriations', { fiscalYear: 2023, amount: '90000', legalBasis: hostile, occurredOn: '2023-01-05' });
    await send(finance, '/appropriations', { fiscalYear: 2024, amount: '70000', legalBasis: 'law', occurredOn: '2024-01-05' });
    const proposed = { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice', region: hostile, occurredOn: '2023-02-01' };
    await send(justice, '/initiatives', proposed);
    const at = '/initiatives/i';
    await send(finance, `${at}/funding`, { fundingId: 'F-1', fiscalYear: 2023, amount: '50000', occurredOn: '2023-02-02' });
    await send(justice, `${at}/spending`, { transactionId: 'T-1', amount: '20000', occurredOn: '2023-08-08' });
    await send(justice, `${at}/returns`, { returnId: 'U-1', fiscalYear: 2023, amount: '30000', occurredOn: '2023-12-12' });
    await send(finance, '/fiscal-years/2023/closing', { occurredOn: '2024-01-15' });
    await send(other, '/fiscal-years/2023/reopening', { reason: 'an invoice', legalBasis: 'decree 7', occurredOn: '2024-02-15' });
    const second = { initiative: 'open', title: { en: hostile }, authority: 'ministry-of-justice', occurredOn: '2024-03-01' };
    await send(justice, '/initiatives', second);
    await send(finance, '/initiatives/open/funding', { fundingId: 'F-1', fiscalYear: 2024, amount: '3000', occurredOn: '2024-03-03' });
  });
  afterAll(() => app.close());

  const get = (path: string) => app.send('GET', path, { headers: { accept: 'text/html', 'accept-language': 'en' } });
  const sections = (text: string, heading: string) => text.slice(text.indexOf(`id="${heading}"`)).split('</section>')[0] ?? '';
  const rowsOf = (html: string) =>
    [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replaceAll(/<[^>]+>/g, '').trim()),
    );
  beforeAll(async () => {
    expect((await app.send('GET', p, { headers: { 'ledger-position': String(position) } })).status).toBe(200);
  });

  it('show what was funded, spent and returned in each quarter, as bars and as a table', async () => {
    const over = sections((await get('/p/p')).text, 'over-time');
    expect(rowsOf(over)).toEqual([
      ['Period', 'Funded', 'Spent', 'Returned'],
      ['Q1 2023', '500.00', '0.00', '0.00'],
      ['Q2 2023', '0.00', '0.00', '0.00'],
      ['Q3 2023', '0.00', '200.00', '0.00'],
      ['Q4 2023', '0.00', '0.00', '300.00'],
      ['Q1 2024', '30.00', '0.00', '0.00'],
    ]);
    // Two bars in each of five quarters, drawn for wide and for narrow windows, and two in the legend.
    expect(over.match(/<rect class="part part-[01]"/g)).toHaveLength(22);
    expect(over).toContain('href="/p/p?happened=2023-09-30&amp;by=quarter"');
    expect(over).toContain('href="/programmes/p/series?by=quarter"');
  });

  it.each([
    ['month', 'February 2023', 14],
    ['year', '2023', 2],
  ])('show them by %s if the reader likes', async (by, first, count) => {
    const rows = rowsOf(sections((await get(`/p/p?by=${by}`)).text, 'over-time'));
    expect([rows[1]?.[0], rows.length - 1]).toEqual([first, count]);
    expect((await get('/p/p?by=week')).status).toBe(400);
  });

  it('show their past too, and nothing if nothing had moved', async () => {
    expect(rowsOf(sections((await get('/p/p?happened=2023-06-30')).text, 'over-time'))).toEqual([
      ['Period', 'Funded', 'Spent', 'Returned'],
      ['Q1 2023', '500.00', '0.00', '0.00'],
    ]);
    expect((await get('/p/p?happened=2023-01-31')).text).not.toContain('id="over-time"');
  });

  it('show regions if there are any, each with its initiatives', async () => {
    const { text } = await get('/p/p');
    const region = sections(text, 'by-region');
    expect(region).toContain(
      `href="/p/p/initiatives?region=${new URLSearchParams({ r: hostile }).toString().slice(2).replaceAll('&', '&amp;')}"`,
    );
    expect(rowsOf(region)[1]?.slice(1)).toEqual(['1', '500.00', '200.00', '300.00', '0.00']);
    expect((await get('/p/p?happened=2023-01-31')).text).not.toContain('id="by-region"');
  });

  it('lead from each year to what was decided about it', async () => {
    const { text } = await get('/p/p');
    expect(text).toContain('href="/p/p/years/2023"');
    const { status, text: year } = await get('/p/p/years/2023');
    expect(status).toBe(200);
    expect(rowsOf(sections(year, 'appropriations'))[1]?.slice(1, 3)).toEqual([
      '900.00',
      '&lt;script>alert(1)&lt;/script> &quot;quoted&quot; &amp; more',
    ]);
    const closings = sections(year, 'closings');
    expect(closings).toContain('The fiscal year was closed');
    expect(closings).toContain('Legal basis: decree 7');
    expect(year).toContain(`data-follow="p" data-position="${position}"`);
  });

  it('say of a year where its money is open, with a way to all of it', async () => {
    const open = sections((await get('/p/p/years/2024')).text, 'open-funds');
    expect(open.replaceAll('\u00a0', ' ')).toContain('Neither spent nor returned: KGS 30.00');
    expect(open).toMatch(/href="\/p\/p\/initiatives\?openFunds=2024"[^>]*>In 1 initiative</);
    expect(rowsOf(open)[1]?.slice(1)).toEqual(['ministry-of-justice', '30.00']);
    expect(open).toContain('href="/p/p/i/open"');
    expect((await get('/p/p/initiatives?openFunds=2024')).text).toContain('href="/p/p/i/open"');
    const [none, past] = [await get('/p/p/years/2023'), await get('/p/p/years/2023?happened=2023-06-30')];
    expect(sections(none.text, 'open-funds')).not.toContain('<table');
    expect(sections(past.text, 'open-funds').replaceAll('\u00a0', ' ')).toContain('Neither spent nor returned: KGS 500.00');
  });

  it('show a year as it was on a past day, and none that was not there', async () => {
    const past = (await get('/p/p/years/2023?happened=2024-01-31')).text;
    expect(past).toContain('The year was closed on January 15, 2024.');
    expect(past).toContain('href="/programmes/p/fiscal-years/2023?occurredBy=2024-01-31"');
    for (const path of ['/p/p/years/2022', '/p/p/years/next', '/p/p/years/2024?happened=2023-12-31', '/p/nowhere/years/2023']) {
      const { status, text } = await get(path);
      expect([path, status, text.includes('There is no such page')]).toEqual([path, 404, true]);
    }
  });

  it('are there in every language, and no text in them becomes markup', async () => {
    for (const language of ['ky', 'ru', 'en'])
      for (const path of ['/p/p', '/p/p?by=month', '/p/p/years/2023', '/p/p/years/2024']) {
        const { status, text } = await get(`${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
        expect([path, status, text.includes(`<html lang="${language}"`)]).toEqual([path, 200, true]);
        expect(text.match(/<script[^>]*>/g)).toHaveLength(1);
        expect(text).not.toMatch(/ style="/);
      }
  });
});
