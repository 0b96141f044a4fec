import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { goodClaims } from '../../http/testing/application.js';
import { Sessions } from './session.js';
import { Person } from './testing/person.js';
import { openWorkplace, type Workplace } from './testing/workplace.js';

describe('signing in', () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await openWorkplace();
  });
  afterAll(() => place.app.close());

  const token = (more: object = {}) => place.app.sign({ ...goodClaims, ...more });

  it('leads from any page to the page to sign in, and back', async () => {
    const person = new Person(place.app.application);
    expect((await person.get('/workspace/p/p?lang=ru')).headers['location']).toBe(
      `/workspace/sign-in?${new URLSearchParams({ next: '/workspace/p/p?lang=ru', lang: 'ru' }).toString()}`,
    );
    expect((await person.follow()).text).toContain('<h1 class="ds-heading" data-size="lg">Вход</h1>');
    await person.send('/workspace/sign-in?lang=ru', { token: await token() });
    expect(person.seen.headers['location']).toBe('/workspace/p/p?lang=ru');
    expect((await person.follow()).status).toBe(200);
  });

  it.each([
    'https://elsewhere.example/',
    '//elsewhere.example/workspace',
    '/workspace/../docs',
    '/workspace//elsewhere.example',
    '/docs',
    '/programmes/p',
    '/p//elsewhere.example',
    '/workspace/sign-out',
    'javascript:alert(1)',
    '/workspace\\elsewhere.example',
  ])('goes on to pages of the ledger alone, not to %s', async (next) => {
    const person = new Person(place.app.application);
    await person.get(`/workspace/sign-in?next=${encodeURIComponent(next)}`);
    await person.send('/workspace/sign-in', { token: await token(), next });
    expect(person.seen.headers['location']).toBe('/workspace');
  });

  it('keeps the token in a sealed cookie, out of reach of scripts and other sites, until it expires', async () => {
    const person = new Person(place.app.application);
    const exp = Math.floor(Date.now() / 1_000) + 300;
    const sent = await token({ exp });
    await person.get('/workspace/sign-in');
    await person.send('/workspace/sign-in', { token: ` ${sent.slice(0, 40)}\n${sent.slice(40)} ` });
    const cookie = String(person.seen.headers['set-cookie']);
    const [, sealed = ''] = /^ledger-session=([^;]+);/.exec(cookie) ?? [];
    expect(cookie.slice(cookie.indexOf(';'))).toBe(`; Path=/; Expires=${new Date(exp * 1_000).toUTCString()}; HttpOnly; SameSite=Strict`);
    for (const part of sent.split('.')) expect(sealed).not.toContain(part);
    expect((await person.get('/workspace/p/p')).text).toContain('Signed in as');
    person.cookie = `ledger-session=${sealed.slice(0, -2)}AA`;
    expect((await person.get('/workspace/p/p')).status).toBe(303);
  });

  it('binds the cookie to the host and to TLS if the page came by HTTPS', async () => {
    const sessions = new Sessions({ actorOf: () => ({ id: 'u', organisation: 'o', role: 'ministry' }) }, '');
    const set: string[] = [];
    const reply = { header: (_name: string, value: string) => set.push(value) };
    for (const request of [
      { protocol: 'https', headers: {} },
      { protocol: 'http', headers: { origin: 'https://ledger.test' } },
      { protocol: 'http', headers: { origin: 'http://ledger.test' } },
    ])
      await sessions.begin(await token(), request as never, reply as never);
    const attributes = set.map((cookie) => cookie.replace(/=[^;]*/, '').replace(/ Expires=[^;]*;/, ''));
    const secure = '__Host-ledger-session; Path=/; HttpOnly; Secure; SameSite=Strict';
    expect(attributes).toEqual([secure, secure, 'ledger-session; Path=/; HttpOnly; SameSite=Strict']);
    const cookie = (set[0] ?? '').split(';', 1)[0];
    expect(await sessions.of({ headers: { cookie } } as never)).toMatchObject({ actor: { id: 'u' } });
  });

  it.each([
    ['an expired token', { exp: Math.floor(Date.now() / 1_000) - 3_600 }, 'The token has expired. Ask for a new one.'],
    ['a token for another audience', { aud: 'another' }, 'The token is not accepted.'],
    ['a token of no role', { role: 'minister' }, 'The token is not accepted.'],
  ])('says what is wrong with %s', async (_what, claims, says) => {
    const person = new Person(place.app.application);
    await person.get('/workspace/sign-in');
    await person.send('/workspace/sign-in', { token: await token(claims) });
    expect([person.seen.status, person.cookie]).toEqual([401, '']);
    expect(person.seen.text).toContain(`<a href="#token">${says}</a>`);
    expect(person.seen.text).toContain('role="alert"');
    expect(person.seen.text).toContain('aria-invalid="true" aria-describedby="token-hint token-fault"');
  });

  it('asks for a token if there is none, and refuses one that no cookie can hold', async () => {
    const person = new Person(place.app.application);
    await person.get('/workspace/sign-in');
    await person.send('/workspace/sign-in', { token: '' });
    expect([person.seen.status, person.seen.text.includes('Fill this in.')]).toEqual([400, true]);
    await person.get('/workspace/sign-in');
    await person.send('/workspace/sign-in', { token: await token({ groups: 'x'.repeat(4_000) }) });
    expect([person.seen.status, person.cookie, person.seen.text.includes('too long to be kept')]).toEqual([401, '', true]);
  });

  it('ends with signing out, and with the token', async () => {
    const person = await Person.signedIn(place.app.application, await token());
    await person.get('/workspace/p/p');
    await person.send('/workspace/sign-out');
    expect([person.seen.headers['location'], person.cookie]).toEqual(['/workspace/sign-in', '']);
    const gone = 'Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly;';
    expect(person.seen.headers['set-cookie']).toEqual([
      `__Host-ledger-session=; Path=/; ${gone} Secure; SameSite=Strict`,
      `ledger-session=; Path=/; ${gone} SameSite=Strict`,
    ]);
    expect((await person.get('/workspace/p/p')).status).toBe(303);
  });

  it('stores no page, and allows no script, style or form but its own', async () => {
    const { headers, text } = await place.clerk.get('/workspace/p/p');
    expect([headers['cache-control'], headers['x-content-type-options']]).toEqual(['no-store', 'nosniff']);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(text).not.toMatch(/ style="| on[a-z]+="/);
  });
});

describe('a form', () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await openWorkplace();
  });
  afterAll(() => place.app.close());
  const path = '/workspace/p/p/send/proposal';
  const filled = { initiative: 'i', 'title.en': 'I', step: 'check' };

  it.each([
    ['of another site', { host: 'ledger.test', origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' }],
    ['of another site of the same domain', { host: 'ledger.test', origin: 'http://other.ledger.test', 'sec-fetch-site': 'same-site' }],
    ['of another site, by an old browser', { host: 'ledger.test', origin: 'https://elsewhere.example' }],
    ['of a sandbox', { host: 'ledger.test', origin: 'null' }],
    ['that the browser does not tell', { host: 'ledger.test' }],
  ])('sent from a page %s is refused', async (_what, headers) => {
    await place.clerk.get(path);
    expect((await place.clerk.send(path, filled, headers)).status).toBe(403);
  });

  it('with the secret of another session, or without one, is refused', async () => {
    await place.clerk.get(path);
    const other = await Person.signedIn(place.app.application, await place.app.token('ministry', 'ministry-of-justice', 'u-2'));
    expect((await other.post(path, place.clerk.formTo(path, filled))).status).toBe(403);
    expect((await place.clerk.post(path, new URLSearchParams(filled).toString())).status).toBe(403);
  });

  it('is accepted from the page itself, over plain HTTP too', async () => {
    for (const headers of [
      { host: 'ledger.test', origin: 'http://ledger.test' },
      { host: 'ledger.test', 'sec-fetch-site': 'same-origin' },
    ]) {
      await place.clerk.get(path);
      expect((await place.clerk.send(path, filled, headers)).status).toBe(200);
    }
  });

  it('that would sign a person in from another site is refused', async () => {
    const person = new Person(place.app.application);
    await person.get('/workspace/sign-in');
    await person.send(
      '/workspace/sign-in',
      { token: await place.app.token('ministry', 'x') },
      { host: 'ledger.test', origin: 'https://elsewhere.example' },
    );
    expect([person.seen.status, person.cookie]).toEqual([403, '']);
  });

  it('is accepted only in the encoding of forms, and no larger than a command', async () => {
    const headers = { host: 'ledger.test', 'sec-fetch-site': 'same-origin', cookie: place.clerk.cookie };
    const inject = (type: string, payload: string) =>
      place.app.application.inject({ method: 'POST', url: path, headers: { ...headers, 'content-type': type }, payload });
    expect((await inject('application/json', '{}')).statusCode).toBe(415);
    expect((await inject('application/x-www-form-urlencoded', `a=${'x'.repeat(70_000)}`)).statusCode).toBe(413);
  });
});
