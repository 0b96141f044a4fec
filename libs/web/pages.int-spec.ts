import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from '../http/testing/application.js';
import { liveScriptName } from './live.js';
import { PagesController } from './pages.controller.js';

const hostile = '<script>alert(1)</script> "quoted" \u202Eright to left\u202C ' + 'x'.repeat(300);

describe('the pages', () => {
  let app: TestApplication;
  const year = 2024;
  const p = '/programmes/p';
  beforeAll(async () => {
    app = await openTestApplication({ pages: [PagesController] });
    const [admin, finance, justice] = await Promise.all([
      app.token('admin', 'cabinet'),
      app.token('finance', 'ministry-of-finance'),
      app.token('ministry', 'ministry-of-justice'),
    ]);
    const sent = [
      await app.send('PUT', p, {
        token: admin,
        body: {
          title: { en: 'Digital services', ky: 'Санарип кызматтар' },
          currency: 'KGS',
          timeZone: 'Asia/Bishkek',
          ceiling: 'enforced',
          years: 'annual',
          occurredOn: `${year}-01-01`,
        },
      }),
      await app.send('POST', `${p}/appropriations`, { token: finance, body: { fiscalYear: year, amount: '100000', legalBasis: 'law' } }),
      await app.send('POST', `${p}/initiatives`, {
        token: justice,
        body: {
          initiative: 'i',
          title: { en: hostile },
          authority: 'ministry-of-justice',
          authorityName: hostile,
          requestedAmount: '80000',
        },
      }),
      await app.send('POST', `${p}/initiatives/i/funding`, {
        token: finance,
        body: { fundingId: 'F-1', fiscalYear: year, amount: '80000' },
      }),
      await app.send('POST', `${p}/initiatives/i/spending`, {
        token: justice,
        body: {
          transactionId: 'T-1',
          amount: '50000',
          payee: hostile,
          references: [{ type: 'invoice', id: '1', url: 'https://docs.example.org/1.pdf' }],
        },
      }),
    ];
    expect(sent.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect((await app.send('GET', `${p}/initiatives/i`, { headers: { 'ledger-position': '5' } })).json).toMatchObject({ spent: '50000' });
  });
  afterAll(() => app.close());

  const get = (path: string, headers: Record<string, string> = {}) => app.send('GET', path, { headers });
  const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

  it('begin with every programme and its money', async () => {
    const { status, text, headers } = await get('/');
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('<h2 class="ds-heading" data-size="sm"><a class="ds-link" href="/p/p">');
    expect(plain(text)).toContain('<data class="money" value="100000">KGS 1,000.00</data>');
  });

  it('show a programme by year, status and authority', async () => {
    const text = plain((await get('/p/p')).text);
    expect(text).toContain('<data class="money" value="50000">KGS 500.00</data>');
    expect(text).toContain('href="/p/p/initiatives?authority=ministry-of-justice"');
    expect(text).toContain('href="/p/p/initiatives?status=spending"');
    expect(text).toContain('Read up to position 5 of the programme’s history.');
    expect(text).toMatch(/<time datetime="20\d\d-[^"]+Z">The latest entry was recorded [^(]+ \(\d+ (?:year|month)s? ago\)\.<\/time>/);
  });

  it('show an initiative with every entry', async () => {
    const text = plain((await get('/p/p/i/i')).text);
    expect([...text.matchAll(/<strong>([^<]*)<\/strong>/g)].map(([, what]) => what)).toEqual(['Proposed', 'Funded', 'Spent']);
    expect(text).toContain('Read up to position 5 of the programme’s history.');
    expect(text).toContain('The latest entry of this initiative was recorded ');
  });

  it('find initiatives by the searched text', async () => {
    expect((await get('/p/p/initiatives?q=quoted')).text).toContain('href="/p/p/i/i"');
    expect((await get('/p/p/initiatives?q=nothing-like-it')).text).toContain('No initiative matches.');
  });

  it('speak the reader’s language, and keep the one that was chosen', async () => {
    expect((await get('/p/p', { 'accept-language': 'ky' })).text).toContain('<html lang="ky" dir="ltr" data-color-scheme="auto">');
    const chosen = (await get('/p/p?lang=ru')).text;
    expect(chosen).toContain('<html lang="ru" dir="ltr" data-color-scheme="auto">');
    expect(chosen).toContain('href="/p/p/initiatives?status=spending&amp;lang=ru"');
  });

  it('show the past on both dates, and go on in it', async () => {
    const { text } = await get(`/p/p?happened=${year}-01-01`);
    expect(text).toContain(`What had happened by January 1, ${year}.`);
    expect(text).toContain(`href="/p/p/initiatives?happened=${year}-01-01`);
    expect((await get('/p/p?happened=2001-01-01')).status).toBe(404);
    expect((await get('/p/p?known=2001-01-01')).status).toBe(404);
  });

  it.each([
    ['', true],
    ['?status=spending&suspended=false', true],
    ['?status=proposed', false],
    ['?region=Chuy', false],
    ['?suspended=true', false],
    ['?authority=ministry-of-health', false],
  ])('list with %s the initiatives that match every filter of the interface for programs', async (query, isListed) => {
    const { status, text } = await get(`/p/p/initiatives${query}`);
    expect([status, text.includes('href="/p/p/i/i"')]).toEqual([200, isListed]);
  });

  it('show the sector that a list is filtered by, in a field that can be emptied', async () => {
    const { text } = await get('/p/p/initiatives?sector=04.6');
    expect(text).toMatch(
      /<label class="ds-label" for="sector">Sector<\/label><input class="ds-input" type="text" id="sector"[^>]* value="04\.6"/,
    );
    expect((await get('/p/p/initiatives?sector=')).text).toContain('href="/p/p/i/i"');
  });

  it('show with the link of a paper the host that it leads to', async () => {
    const { text } = await get('/p/p/i/i');
    expect(text).toContain('<bdi>Invoice 1</bdi></a> <small><bdi>docs.example.org</bdi></small>');
  });

  it('never let a text become markup', async () => {
    for (const path of ['/', '/p/p', '/p/p/initiatives', '/p/p/i/i', `/p/p/initiatives?q=${encodeURIComponent(hostile)}`]) {
      const { text } = await get(path);
      expect(text.match(/<script[^>]*>/g)).toEqual([`<script type="module" src="/assets/${liveScriptName}">`]);
    }
    expect((await get('/p/p/i/i')).text).toContain('&lt;script>alert(1)&lt;/script>');
  });

  it('say in a page what is wrong', async () => {
    for (const [path, status, says] of [
      ['/p/unknown', 404, 'There is no such page'],
      ['/p/p/i/unknown', 404, 'There is no such page'],
      ['/p/p?happened=yesterday', 400, 'The address is not right'],
      ['/p/p/initiatives?sort=-title', 400, 'The address is not right'],
      ['/p/p/initiatives?status=lost', 400, 'The address is not right'],
      ['/p/p/initiatives?cursor=x', 400, 'The address is not right'],
    ] as const) {
      const answer = await get(path);
      expect([answer.status, answer.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
      expect(answer.text).toContain(says);
    }
  });

  it('load nothing from elsewhere, and let nobody frame them or run another script in them', async () => {
    const { headers, text } = await get('/p/p');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(text).not.toMatch(/(?:src|href|action)="(?:https?:)?\/\//);
    expect(text).not.toMatch(/ style="/);
  });

  it.each([
    ['stylesheet', /<link rel="stylesheet" href="([^"]+)"/, 'text/css; charset=utf-8'],
    ['script', /<script type="module" src="([^"]+)"/, 'text/javascript; charset=utf-8'],
  ])('keep their %s for ever, as its address changes with it', async (_what, pattern, type) => {
    const [, address = ''] = pattern.exec((await get('/')).text) ?? [];
    const { status, headers } = await get(address);
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, type, 'public, max-age=31536000, immutable']);
  });

  it('name the programme and the position to follow if they show the present, and none if they show the past', async () => {
    const marks = (text: string) => /data-follow="([^"]*)" data-position="([^"]*)"/.exec(text)?.slice(1);
    for (const path of ['/p/p', '/p/p/initiatives', '/p/p/i/i']) expect([path, marks((await get(path)).text)]).toEqual([path, ['p', '5']]);
    for (const path of ['/', `/p/p?happened=${year}-01-01`]) expect([path, marks((await get(path)).text)]).toEqual([path, undefined]);
  });

  it('show a record of a moment ago to a person who has signed in, and to a script that heard of it', async () => {
    const justice = await app.token('ministry', 'ministry-of-justice');
    const spend = async (transactionId: string): Promise<string> => {
      const { json } = await app.send('POST', `${p}/initiatives/i/spending`, { token: justice, body: { transactionId, amount: '1' } });
      const position = String(json['position']);
      await app.send('GET', p, { headers: { 'ledger-position': position } });
      return position;
    };
    const positionOf = async (headers: Record<string, string>) => /data-position="(\d+)"/.exec((await get('/p/p', headers)).text)?.[1];
    await get('/p/p');
    const heard = await spend('T-2');
    expect(await positionOf({ 'ledger-position': heard })).toBe(heard);
    const latest = await spend('T-3');
    expect(await positionOf({ cookie: 'session=any' })).toBe(latest);
    expect(await positionOf({})).toBe(latest);
  });
});
