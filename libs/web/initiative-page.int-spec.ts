/** What an initiative's page shows of its money with transfers, of many commitments, and of its indicators over time. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from '../http/testing/application.js';
import { publicPages } from './public-pages.js';

describe('the page of an initiative', () => {
  let app: TestApplication;
  const p = '/programmes/p';
  const made = 60;
  beforeAll(async () => {
    app = await openTestApplication({ pages: publicPages });
    const [admin, finance, justice] = await Promise.all([
      app.token('admin', 'cabinet'),
      app.token('finance', 'ministry-of-finance'),
      app.token('ministry', 'ministry-of-justice'),
    ]);
    let position = 0;
    const send = async (token: string, path: string, body: object, method: 'POST' | 'PUT' = 'POST') => {
      const { status, json } = await app.send(method, `${p}${path}`, { token, body: { occurredOn: '2024-02-01', ...body } });
      expect([path, status, json['detail']]).toEqual([path, 201, undefined]);
      position = Number(json['position']);
    };
    const terms = { currency: 'KGS', timeZone: 'UTC', ceiling: 'enforced', years: 'annual' };
    await send(admin, '', { title: { en: 'P' }, ...terms, occurredOn: '2024-01-01' }, 'PUT');
    await send(finance, '/appropriations', { fiscalYear: 2024, amount: '1000000', legalBasis: 'law', occurredOn: '2024-01-01' });
    for (const initiative of ['taker', 'giver']) {
      const of = `/initiatives/${initiative}`;
      await send(justice, '/initiatives', { initiative, title: { en: initiative }, authority: 'ministry-of-justice' });
      await send(finance, `${of}/funding`, { fundingId: 'F-1', fiscalYear: 2024, amount: '100000' });
    }
    await send(finance, '/initiatives/giver/transfers', {
      transferId: 'X-1',
      to: 'taker',
      fiscalYear: 2024,
      amount: '30000',
      legalBasis: 'law',
    });
    const at = '/initiatives/taker';
    for (let index = 1; index <= made; index++)
      await send(justice, `${at}/commitments`, { commitmentId: `C-${index}`, supplier: `Supplier ${index}`, amount: '100' });
    await send(justice, `${at}/indicators`, {
      indicatorId: 'I-1',
      title: { en: 'Acts signed online', ru: 'Акты, подписанные онлайн', ky: 'Онлайн кол коюлган актылар' },
      unit: '%',
      baseline: '8.5',
      targets: [
        { period: '2024-Q1', value: '20' },
        { period: '2024', value: '60' },
      ],
    });
    for (const [index, [periodEnd, value]] of [
      ['2024-02-29', '11'],
      ['2024-03-31', '25.5'],
      ['2024-05-31', '31'],
    ].entries())
      await send(justice, `${at}/results`, { resultId: `Q-${index}`, indicatorId: 'I-1', periodEnd, value, occurredOn: periodEnd });
    expect((await app.send('GET', p, { headers: { 'ledger-position': String(position) } })).status).toBe(200);
  });
  afterAll(() => app.close());

  const get = async (query = '', of = 'taker') => {
    const { status, text } = await app.send('GET', `/p/p/i/${of}${query}`, { headers: { accept: 'text/html', 'accept-language': 'en' } });
    expect(status).toBe(200);
    return text.replaceAll(/[\u00a0\u202f]/g, ' ');
  };
  const section = (text: string, heading: string) => text.slice(text.indexOf(`aria-labelledby="${heading}"`)).split('</section>')[0] ?? '';
  const rowsOf = (html: string) =>
    [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
      [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replaceAll(/<[^>]+>/g, '').trim()),
    );

  it.each([
    ['taker', '1,300.00', 'KGS 1.3K', '+KGS 300.00'],
    ['giver', '700.00', 'KGS 700', '-KGS 300.00'],
  ])('shows the same funding of the %s in the chart and in the table, and how much of it was transferred', async (of, funded, bar, by) => {
    const money = section(await get('', of), 'money');
    const [drawing = ''] = /<svg.*?<\/svg>/s.exec(money) ?? [];
    const texts = [...drawing.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    expect(texts.slice(0, 2)).toEqual(['Funded', bar]);
    expect(texts).not.toContain('Transfers');
    expect(rowsOf(money).map(([name, amount]) => [name, amount])).toEqual([
      ['Year', 'Funded'],
      ['2024', funded],
      ['Total', funded],
    ]);
    expect(money).toContain('with what was transferred from and to other initiatives.');
    expect(money).toContain(`Transfers account for ${by} of it.`);
  });

  it('leads through all commitments page by page, and back to the first', async () => {
    const suppliers = (text: string) => [...text.matchAll(/<bdi>Supplier (\d+)<\/bdi>/g)].map(([, index]) => Number(index));
    const links = (text: string) =>
      Object.fromEntries(
        [...section(text, 'commitments').matchAll(/<a class="ds-link"[^>]* href="([^"]*)">([^<]*commitments)<\/a>/g)].map(
          ([, href = '', name = '']) => [name, href.replaceAll('&amp;', '&')],
        ),
      );
    const first = await get('?lang=en');
    expect(first).toContain(`Shown: 50 of ${made}.`);
    expect(Object.keys(links(first))).toEqual(['Next commitments']);
    const next = links(first)['Next commitments'] ?? '';
    expect(next).toMatch(/^\/p\/p\/i\/taker\?commitments=\d+&lang=en#commitments$/);
    const second = await get(next.replace('/p/p/i/taker', '').replace('#commitments', ''));
    expect(links(second)).toEqual({ 'First commitments': '/p/p/i/taker?lang=en#commitments' });
    expect([...suppliers(first), ...suppliers(second)]).toEqual(Array.from({ length: made }, (_, index) => index + 1));
  });

  it('says that the address is wrong if it names no page of commitments', async () => {
    const { status } = await app.send('GET', '/p/p/i/taker?commitments=much');
    expect(status).toBe(400);
  });

  it('shows the results of an indicator over time, with all of them in the table beside the chart', async () => {
    const delivery = section(await get(), 'delivery');
    expect(rowsOf(delivery).filter(([name]) => name !== 'Period')).toEqual([
      ['Before (I-1)', '–', '8.5'],
      ['February 29, 2024', '–', '11'],
      ['2024-Q1', '20', '25.5'],
      ['May 31, 2024', '–', '31'],
      ['2024', '60', 'no result yet'],
    ]);
    const [wide = ''] = /<svg class="wide".*?<\/svg>/s.exec(delivery) ?? [];
    // The value before, three results, two targets.
    expect([wide.match(/<circle/g)?.length, wide.match(/<path class="part/g)?.length]).toEqual([4, 2]);
  });

  it.each([
    ['en', 'Acts signed online over time (%). Before: 8.5. Latest result: 31 on May 31, 2024. Last target: 60 by December 31, 2024.'],
    [
      'ru',
      'Акты, подписанные онлайн: значения во времени (%). До начала: 8,5. Последний результат (31 мая 2024 г.): 31. Последняя цель (31 декабря 2024 г.): 60.',
    ],
    ['ky', 'Онлайн кол коюлган актылар: убакыт боюнча маанилер (%). Башталганга чейин: 8,5. Акыркы натыйжа (2024-ж.'],
  ])('says in %s what the chart of an indicator shows', async (language, says) => {
    expect(await get(`?lang=${language}`)).toContain(says);
  });

  it('shows an indicator as it was known on a day', async () => {
    const delivery = section(await get('?happened=2024-02-01&lang=en'), 'delivery');
    expect(delivery).toContain('Before: 8.5. No result yet. Last target: 60');
  });
});
