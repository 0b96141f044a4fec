import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from '../http/testing/application.js';
import { publicPages } from './public-pages.js';

const hostile = '"><script>alert(1)</script>';

describe('the cards that other sites frame', () => {
  let app: TestApplication;
  const p = '/programmes/p';
  beforeAll(async () => {
    app = await openTestApplication({ pages: publicPages });
    const [admin, finance, justice] = await Promise.all([
      app.token('admin', 'cabinet'),
      app.token('finance', 'ministry-of-finance'),
      app.token('ministry', 'ministry-of-justice'),
    ]);
    const year = 2024;
    const terms = {
      title: { en: hostile, ky: 'Санарип' },
      currency: 'KGS',
      timeZone: 'Asia/Bishkek',
      ceiling: 'enforced',
      years: 'annual',
    };
    const sent = [
      await app.send('PUT', p, { token: admin, body: { ...terms, occurredOn: `${year}-01-01` } }),
      await app.send('POST', `${p}/appropriations`, { token: finance, body: { fiscalYear: year, amount: '100000', legalBasis: 'law' } }),
      await app.send('POST', `${p}/initiatives`, {
        token: justice,
        body: { initiative: 'i', title: { en: 'Notary' }, authority: 'ministry-of-justice' },
      }),
      await app.send('POST', `${p}/initiatives/i/funding`, {
        token: finance,
        body: { fundingId: 'F-1', fiscalYear: year, amount: '80000' },
      }),
      await app.send('POST', `${p}/initiatives`, {
        token: justice,
        body: { initiative: 'j', title: { en: 'Registry' }, authority: 'ministry-of-justice' },
      }),
    ];
    expect(sent.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    await app.send('GET', p, { headers: { 'ledger-position': '5' } });
  });
  afterAll(() => app.close());

  const get = (path: string, headers: Record<string, string> = {}) => app.send('GET', path, { headers });
  const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

  it('show a programme’s figures, how new they are, and lead to its page', async () => {
    const { status, text } = await get('/embed/p/p?lang=ky');
    expect(status).toBe(200);
    expect(text).toContain('<html lang="ky" dir="ltr" data-color-scheme="auto">');
    expect(plain(text)).toContain('<data class="money" value="100000">');
    expect(text).toContain('href="/p/p?lang=ky" target="_blank" rel="noopener"');
    expect(text).toContain('Программанын тарыхынын 5-ордуна чейин окулду.');
  });

  it('show an initiative’s status and figures', async () => {
    const { text } = await get('/embed/p/p/i/i');
    expect(text).toContain('<bdi lang="en" class="title">Notary</bdi>');
    expect(text).toContain('<span class="ds-tag" data-color="info">Funded</span>');
    expect(plain(text)).toContain('<data class="money" value="80000">KGS 800.00</data>');
  });

  it('say with an initiative’s figures how far the programme is read, and when the initiative’s own latest entry was recorded', async () => {
    const { text } = await get('/embed/p/p/i/i');
    expect(text).toContain('Read up to position 5 of the programme’s history.');
    expect(text).toMatch(/>The latest entry of this initiative was recorded [^(]+ \([^)]+\)\.<\/time>/);
  });

  it.each(['/embed/p/p', '/embed/p/p/i/i', '/embed/p/unknown'])('may be framed by any site and run no script: %s', async (path) => {
    const { headers, text } = await get(path);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors *",
    );
    expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
    expect(headers['x-frame-options']).toBeUndefined();
    expect(text).not.toContain('<script');
  });

  it('are the only pages that may be framed', async () => {
    for (const path of ['/', '/p/p', '/p/p/i/i', '/p/p/compare'])
      expect((await get(path)).headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('show the past if asked, and say so', async () => {
    expect((await get('/embed/p/p?happened=2024-01-01')).text).toContain('What had happened by January 1, 2024.');
    expect((await get('/embed/p/p?happened=2001-01-01')).status).toBe(404);
    expect((await get('/embed/p/p/i/unknown')).status).toBe(404);
    expect((await get('/embed/p/p?known=soon')).status).toBe(400);
  });

  it('are offered on their pages as HTML to copy, with the address that the reader uses', async () => {
    const [, copied] = /<textarea[^>]*>(.*?)<\/textarea>/s.exec((await get('/p/p', { host: 'ledger.example.org' })).text) ?? [];
    const unescaped = (text = '') =>
      text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
    const snippet = unescaped(copied);
    expect(snippet).toMatch(
      /^<iframe src="http:\/\/ledger\.example\.org\/embed\/p\/p\?lang=en" title="[^"]*" width="420" height="460" loading="lazy"><\/iframe>$/,
    );
    const [, title] = /title="([^"]*)"/.exec(snippet) ?? [];
    expect(unescaped(title)).toBe(hostile);
  });
});
