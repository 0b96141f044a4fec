/** From every figure to the entries that add up to it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from '../http/testing/application.js';
import { publicPages } from './public-pages.js';

const hostile = '<b>Osh</b> & "more"';

describe('the explanation of a number', () => {
  let app: TestApplication;
  const p = '/programmes/p';
  beforeAll(async () => {
    app = await openTestApplication({ pages: publicPages });
    const [admin, finance, justice] = await Promise.all([
      app.token('admin', 'cabinet'),
      app.token('finance', 'ministry-of-finance'),
      app.token('ministry', 'ministry-of-justice'),
    ]);
    const send = async (token: string, path: string, body: object, method: 'POST' | 'PUT' = 'POST') => {
      const { status, json } = await app.send(method, `${p}${path}`, { token, body });
      expect([path, status, json['detail']]).toEqual([path, 201, undefined]);
      return json['position'];
    };
    const terms = { currency: 'KGS', timeZone: 'UTC', ceiling: 'enforced', years: 'annual', occurredOn: '2023-01-01' };
    await send(admin, '', { title: { en: 'Digital services' }, ...terms }, 'PUT');
    await send(finance, '/appropriations', {
      fiscalYear: 2023,
      amount: '90000',
      legalBasis: 'law',
      source: { kind: 'budget' },
      occurredOn: '2023-01-05',
    });
    for (const initiative of ['i', 'j']) {
      const at = `/initiatives/${initiative}`;
      const of = { authority: 'ministry-of-justice', authorityName: 'Justice', region: hostile, sector: '04.6' };
      await send(justice, '/initiatives', { initiative, title: { en: `Register ${initiative}` }, ...of, occurredOn: '2023-02-01' });
      await send(finance, `${at}/funding`, { fundingId: 'F-1', fiscalYear: 2023, amount: '20000', occurredOn: '2023-02-02' });
      await send(justice, `${at}/commitments`, { commitmentId: 'C-1', supplier: 'S', amount: '700', occurredOn: '2023-02-03' });
      for (let month = 3; month <= 9; month++)
        await send(justice, `${at}/spending`, { transactionId: `T-${month}`, amount: '100', occurredOn: `2023-0${month}-01` });
      await send(finance, `${at}/returns`, { returnId: 'U-1', fiscalYear: 2023, amount: '5000', occurredOn: '2023-10-01' });
    }
    const transfer = { transferId: 'X-1', to: 'j', fiscalYear: 2023, amount: '1000', legalBasis: 'law', occurredOn: '2023-10-02' };
    const position = await send(finance, '/initiatives/i/transfers', transfer);
    expect((await app.send('GET', p, { headers: { 'ledger-position': String(position) } })).status).toBe(200);
  });
  afterAll(() => app.close());

  const get = (path: string, language = 'en') => app.send('GET', path, { headers: { accept: 'text/html', 'accept-language': language } });
  const decoded = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&lt;', '<');
  /** The text of an element, by its id. */
  const textAt = (html: string, id: string) =>
    new RegExp(`id="${id}"[^>]*>(.*?)</(?:th|dt|a|span|h2)>`, 's')
      .exec(html)?.[1]
      ?.replaceAll(/<[^>]+>/g, '')
      .trim();
  /** Every figure that leads to an explanation: its address, its name as it is read out, and its value. */
  const figuresIn = (html: string) =>
    [...html.matchAll(/<a class="why" href="([^"]+)" id="[^"]+" aria-labelledby="([^"]+)">(.*?)<\/a>/gs)].map(
      ([, href = '', ids = '', text = '']) => ({
        href: decoded(href),
        name: ids.split(' ').map((id) => textAt(html, id)),
        value: /value="([^"]*)"/.exec(text)?.[1],
      }),
    );
  const explanationAt = async (href: string) => {
    const { status, text } = await get(href);
    const value = /<p class="explained"><data[^>]*value="([^"]*)"/.exec(text)?.[1];
    return { status, text, value };
  };

  it.each([
    ['/p/p', 'Why this number,Spent,KGS 14.00', 30],
    ['/p/p?happened=2023-06-30', 'Why this number', 30],
    ['/p/p/years/2023', 'Why this number', 8],
    ['/p/p/i/i', 'Why this number,2023,Left to spend', 12],
  ])('is a link at every figure of %s, named by the figure, to a page with the same figure', async (path, name, atLeast) => {
    const { text } = await get(path);
    const figures = figuresIn(text);
    expect(figures.length).toBeGreaterThanOrEqual(atLeast);
    expect(figures.map((figure) => figure.name.join())).toContainEqual(expect.stringContaining(name));
    for (const { href, name: names, value } of figures) {
      expect([href, names.filter((one) => one === undefined || one === '')]).toEqual([href, []]);
      const found = await explanationAt(href);
      expect([href, found.status, value === undefined ? value : found.value]).toEqual([href, 200, value]);
    }
    expect(new Set(figures.map(({ name: names }) => names.join())).size).toBe(figures.length);
  });

  it('is offered for every amount in the tables of the programme, except a period’s zero', async () => {
    const { text } = await get('/p/p');
    expect(text.match(/<td class="number"><a class="why"/g)?.length).toBeGreaterThan(25);
    expect([...text.matchAll(/<td class="number"><data class="money" value="([^"]*)"/g)].filter(([, value]) => value !== '0')).toEqual([]);
  });

  it('gives the entries, what each adds, and the sum so far', async () => {
    const { text } = await get('/p/p/explain?figure=free&initiative=i');
    const rows = [...text.slice(text.indexOf('id="effects"')).matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replaceAll(/<[^>]+>/g, '').trim()),
    );
    expect(rows.slice(0, 4)).toEqual([
      ['What happened', 'Happened on', 'Initiative', 'Adds', 'Sum so far'],
      ['Funded Position 4', 'February 2, 2023', 'i', '+200.00', '200.00'],
      ['Commitment made Position 5', 'February 3, 2023', 'i', '-7.00', '193.00'],
      ['Spent Position 6', 'March 1, 2023', 'i', '-1.00', '192.00'],
    ]);
    expect(rows.at(-1)).toEqual(['Total', '126.00']);
    expect(text).toContain('href="/p/p/entries/6"');
    expect(text).toContain('href="/p/p/explain?figure=committed&amp;initiative=i"');
    expect(text).toContain('href="/p/p/explain.csv?figure=free&amp;initiative=i"');
    expect(text).toContain('href="/programmes/p/explain?figure=free&amp;initiative=i"');
  });

  it('names the fiscal years that a figure covers, and leads to the parts of it that are figures', async () => {
    const { text } = await get('/p/p/explain?figure=available');
    const links = [...text.matchAll(/<a class="ds-link" href="([^"]*explain\?[^"]*)">([^<]*)</g)].map(([, href = '', name]) => [
      decoded(href),
      name,
    ]);
    expect(links).toEqual([
      ['/p/p/explain?figure=appropriated&fiscalYear=2023', 'plus: Appropriated'],
      ['/p/p/explain?figure=funded&fiscalYear=2023', 'minus: Funded'],
      ['/p/p/explain?figure=returned&fiscalYear=2023', 'plus: Returned'],
      ['/p/p/explain?figure=available&fiscalYear=2023', '2023'],
    ]);
  });

  it('gives both sides of a share', async () => {
    const { text } = await get('/p/p/explain?figure=absorption&fiscalYear=2023');
    expect(text).toContain('1.6%');
    const sides = [
      ...text.matchAll(/<a class="ds-link" href="([^"]*absorption-[^"]*)">([^<]*)<\/a><\/th><td class="number"><data[^>]* value="(\d+)"/g),
    ];
    expect(sides.map(([, href = '', name, value]) => [decoded(href), name, value])).toEqual([
      ['/p/p/explain?figure=absorption-numerator&fiscalYear=2023', 'Spent', '1400'],
      ['/p/p/explain?figure=absorption-denominator&fiscalYear=2023', 'Appropriated', '90000'],
    ]);
  });

  it('is a file for spreadsheets too', async () => {
    const { headers, text } = await get('/p/p/explain.csv?figure=spent&region=' + encodeURIComponent(hostile));
    expect(headers['content-disposition']).toBe('attachment; filename="p-explanation.csv"');
    expect(text.trim().split('\n')).toHaveLength(15);
  });

  it.each(['figure=money', 'region=a&sector=b', 'fiscalYear=x', 'from=June', 'cursor=x', 'figure=absorption&region=a'])(
    'has no answer at %s: the address is not right',
    async (query) => {
      const { status, text } = await get(`/p/p/explain?${query}`);
      expect([status, text.includes('The address is not right')]).toEqual([400, true]);
    },
  );
  it.each(['initiative=nothing', 'fiscalYear=2022', 'happened=2022-12-31'])(
    'has no answer for %s: there is no such page',
    async (query) => {
      expect((await get(`/p/p/explain?${query}`)).status).toBe(404);
    },
  );

  it('is there in every language, and no text in it becomes markup', async () => {
    for (const language of ['ky', 'ru', 'en'])
      for (const query of [
        `figure=spent&region=${encodeURIComponent(hostile)}`,
        'figure=available',
        'figure=absorption',
        'figure=transferred&initiative=j',
      ]) {
        const { status, text } = await get(`/p/p/explain?${query}&lang=${language}`);
        expect([query, status, text.includes(`<html lang="${language}"`)]).toEqual([query, 200, true]);
        expect(text).not.toContain('<b>Osh');
      }
  });
});
