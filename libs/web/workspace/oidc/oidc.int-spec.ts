import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from '../../../http/testing/application.js';
import { keysAt } from '../../../http/keys-at.js';
import { TokenVerifier } from '../../../http/tokens.js';
import { publicPages } from '../../public-pages.js';
import { workspaceControllers, workspaceProviders } from '../workspace.js';
import type { OidcOptions } from './issuer.js';
import { Browser, ledger } from './testing/browser.js';
import { openProvider, resource, type TestProvider } from './testing/provider.js';
import { openStubIssuer, type StubIssuer } from './testing/stub-issuer.js';

const callback = `${ledger}/workspace/oidc/callback`;
const start = `${ledger}/workspace/oidc/start`;
const accounts = {
  clerk: { org: 'ministry-of-justice', role: 'ministry' },
  visitor: { org: 'ministry-of-justice' },
};

/** A ledger whose people sign in at an issuer. */
async function openLedger(more: Partial<OidcOptions> & Pick<OidcOptions, 'issuer'>): Promise<TestApplication> {
  const oidc = { clientId: 'ledger', clientSecret: '', scope: 'openid', resource, publicUrl: ledger, ...more };
  return openTestApplication({
    tokens: new TokenVerifier({
      key: keysAt(`${oidc.issuer}/jwks`),
      issuer: oidc.issuer,
      audience: 'ledger',
      type: 'at+jwt',
      now: () => Date.now(),
    }),
    pages: [...publicPages, ...workspaceControllers],
    pageProviders: workspaceProviders({ sessionSecret: '', commandsUrl: '', oidc }),
  });
}

/** Signs in at the provider, up to an address of the ledger if `until` says so. */
async function signIn(browser: Browser, account: string, { from = start, until }: { from?: string; until?: string } = {}): Promise<string> {
  await browser.open(from);
  await browser.send({ login: account, password: 'any' });
  return browser.send({}, until);
}
const attemptOf = ({ kept }: Browser) => kept.filter(({ name }) => name === '__Secure-ledger-sign-in');
const sessionOf = ({ kept }: Browser) => kept.filter(({ name }) => name === '__Host-ledger-session');

describe('signing in at an issuer', () => {
  let provider: TestProvider;
  let app: TestApplication;
  beforeAll(async () => {
    provider = await openProvider(accounts);
    app = await openLedger({ issuer: provider.issuer });
  });
  afterAll(async () => {
    await app.close();
    await provider.close();
  });

  it('leads from a page to the issuer and back to that page, signed in', async () => {
    const browser = new Browser(app.application);
    await browser.open(`${ledger}/workspace?lang=ru`);
    const [, link = ''] = /<a class="ds-button" href="([^"]*)">Войти с учётной записью организации</.exec(browser.shown.text) ?? [];
    await signIn(browser, 'clerk', { from: link.replaceAll('&amp;', '&') });
    const { status, headers, text, url } = browser.shown;
    expect([url.href.split('?')[0], status]).toEqual([callback, 200]);
    expect(text).toContain('<h1 class="ds-heading" data-size="lg">Вы вошли</h1>');
    expect(headers.get('refresh')).toBe('0; url=/workspace?lang=ru');
    expect(text).toContain('href="/workspace?lang=ru">Продолжить</a>');
    await browser.open(`${ledger}/workspace?lang=ru`);
    expect([browser.shown.status, browser.shown.url.href]).toEqual([200, `${ledger}/workspace?lang=ru`]);
    expect(browser.shown.text).toContain('Вы вошли как');
    expect(browser.shown.text).toContain('clerk');
  });

  it('begins a session whose cookie no other site can send, and ends the attempt', async () => {
    const browser = new Browser(app.application);
    await signIn(browser, 'clerk');
    const [session] = sessionOf(browser);
    expect(session).toMatchObject({ sameSite: 'strict', path: '/' });
    expect(attemptOf(browser)).toEqual([]);
  });

  it('sends a challenge, a state and a nonce, and keeps their secrets sealed in the browser for ten minutes', async () => {
    const browser = new Browser(app.application);
    const address = new URL(await browser.open(start, { until: provider.issuer }));
    const { state, nonce, code_challenge: challenge, ...rest } = Object.fromEntries(address.searchParams);
    expect(rest).toEqual({
      client_id: 'ledger',
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid',
      resource,
      code_challenge_method: 'S256',
    });
    for (const one of [state, nonce, challenge]) expect(one).toMatch(/^[\w-]{43}$/);
    const cookie = browser.shown.headers.get('set-cookie') ?? '';
    expect(cookie.replace(/=[^;]*/, '')).toBe('__Secure-ledger-sign-in; Max-Age=600; Path=/workspace/oidc; HttpOnly; Secure; SameSite=Lax');
    expect(cookie).not.toContain(state);
  });

  it('refuses an answer with another state', async () => {
    const browser = new Browser(app.application);
    const answer = new URL(await signIn(browser, 'clerk', { until: callback }));
    answer.searchParams.set('state', 'x'.repeat(43));
    await browser.open(answer.href);
    expectOver(browser);
  });

  it('refuses an answer in a browser that did not begin', async () => {
    const answer = await signIn(new Browser(app.application), 'clerk', { until: callback });
    const other = new Browser(app.application);
    await other.open(answer);
    expectOver(other);
  });

  it('takes an answer once: not again from the same browser, and not with the same secrets', async () => {
    const browser = new Browser(app.application);
    const answer = await signIn(browser, 'clerk', { until: callback });
    const [attempt] = attemptOf(browser);
    await browser.open(answer);
    expect(sessionOf(browser)).toHaveLength(1);
    browser.kept = browser.kept.filter((one) => !sessionOf(browser).includes(one));
    await browser.open(answer);
    expectOver(browser);
    if (attempt) browser.kept.push(attempt);
    expect(attemptOf(browser)).toHaveLength(1);
    await browser.open(answer);
    expectOver(browser);
  });

  it('says what a token lacks for this ledger', async () => {
    const browser = new Browser(app.application);
    await signIn(browser, 'visitor');
    expect([browser.shown.status, sessionOf(browser)]).toEqual([403, []]);
    expect(browser.shown.text).toContain('this ledger does not accept the token');
    expect(browser.shown.text).toContain('<span lang="en">the token’s role must be one of ');
  });

  it('says that the sign-in was cancelled', async () => {
    const browser = new Browser(app.application);
    await browser.open(start);
    const [, cancel = ''] = /href="([^"]*\/abort)"/.exec(browser.shown.text) ?? [];
    await browser.open(new URL(cancel, provider.issuer).href);
    expect([browser.shown.status, browser.shown.url.href.split('?')[0], sessionOf(browser)]).toEqual([403, callback, []]);
    expect(browser.shown.text).toContain('The sign-in was cancelled or not allowed.');
  });

  it.each(['https://elsewhere.example/', '//elsewhere.example', '/workspace/oidc/start', '/docs'])(
    'goes on to pages of the ledger alone, not to %s',
    async (next) => {
      const browser = new Browser(app.application);
      await signIn(browser, 'clerk', { from: `${start}?next=${encodeURIComponent(next)}` });
      expect(browser.shown.headers.get('refresh')).toBe('0; url=/workspace');
    },
  );

  it('repeats no code, state or token in pages or logs', async () => {
    const browser = new Browser(app.application);
    for (const account of ['clerk', 'visitor']) await signIn(browser, account);
    const answers = browser.answers.filter(({ url }) => url.href.startsWith(callback));
    expect(answers.map(({ status }) => status)).toContain(200);
    for (const { url, text, headers } of answers) {
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      for (const secret of [url.searchParams.get('code'), url.searchParams.get('state')]) {
        expect(secret).toMatch(/^[\w-]{43}$/);
        expect(text + app.logged.join('')).not.toContain(secret);
      }
    }
    expect(app.logged.join('')).not.toMatch(/eyJ/);
  });
});

function expectOver(browser: Browser): void {
  expect([browser.shown.status, sessionOf(browser)]).toEqual([400, []]);
  expect(browser.shown.text).toContain('This sign-in has expired, was already used, or began in another browser.');
}

describe('an issuer', () => {
  it('that knows the ledger by a secret signs people in too', async () => {
    const provider = await openProvider(accounts, { secret: 'a secret: with /+% signs' });
    const app = await openLedger({ issuer: provider.issuer, clientSecret: 'a secret: with /+% signs' });
    const browser = new Browser(app.application);
    await signIn(browser, 'clerk');
    expect([browser.shown.status, sessionOf(browser).length]).toEqual([200, 1]);
    await app.close();
    await provider.close();
  });

  it('that issues an opaque token is recognised', async () => {
    const provider = await openProvider(accounts);
    const app = await openLedger({ issuer: provider.issuer, resource: '' });
    const browser = new Browser(app.application);
    await signIn(browser, 'clerk');
    expect([browser.shown.status, sessionOf(browser)]).toEqual([403, []]);
    expect(browser.shown.text).toContain('the access token is opaque; it must be a JWT (RFC 9068).');
    await app.close();
    await provider.close();
  });

  it('that is not configured is not offered', async () => {
    const app = await openTestApplication({
      pages: [...publicPages, ...workspaceControllers],
      pageProviders: workspaceProviders({ sessionSecret: '', commandsUrl: '' }),
    });
    const browser = new Browser(app.application);
    await browser.open(`${ledger}/workspace/sign-in`);
    expect(browser.shown.text).not.toContain('/workspace/oidc');
    await browser.open(start);
    expect(browser.shown.status).toBe(404);
    await app.close();
  });
});

describe('an issuer that fails', () => {
  let stub: StubIssuer;
  let app: TestApplication;
  let browser: Browser;
  beforeEach(async () => {
    stub = await openStubIssuer();
    app = await openLedger({ issuer: stub.issuer });
    browser = new Browser(app.application);
  });
  afterEach(async () => {
    await app.close();
    await stub.close();
  });

  /** Begins, as a browser that the issuer does not send back yet. Gives what the issuer was sent. */
  async function begin(): Promise<{ state: string; nonce: string }> {
    const { state = '', nonce = '' } = Object.fromEntries(new URL(await browser.open(start, { until: stub.issuer })).searchParams);
    return { state, nonce };
  }

  it('is reported while it is down, and asked again', async () => {
    stub.isUp = false;
    await browser.open(start);
    expect([browser.shown.status, browser.shown.headers.get('retry-after')]).toEqual([503, '5']);
    expect(browser.shown.text).toContain('The sign-in service does not answer now.');
    expect(app.logged.join('')).toContain('signing in by OpenID Connect failed');
    for (const fail of [() => Promise.resolve(), () => stub.close()]) {
      stub.isUp = true;
      const { state } = await begin();
      stub.isUp = false;
      await fail();
      await browser.open(`${callback}?code=c&state=${state}`);
      expect([browser.shown.status, sessionOf(browser)]).toEqual([503, []]);
    }
  });

  it('is asked for nothing if it claims to be another', async () => {
    stub.metadata = { issuer: 'https://elsewhere.example' };
    await browser.open(start);
    expect(browser.shown.status).toBe(503);
  });

  it.each([
    ['with another nonce', { nonce: 'another' }, 403],
    ['for another client', { aud: 'another' }, 403],
    ['of another issuer', { iss: 'https://elsewhere.example' }, 403],
    ['that has expired', { exp: 1 }, 403],
    ['that is right, up to the access token', {}, 'the access token is opaque'],
  ])('is refused for an ID token %s', async (_what, wrong, expected) => {
    const { state, nonce } = await begin();
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: stub.issuer, aud: 'ledger', sub: 'clerk', iat: now, exp: now + 60, nonce, ...wrong };
    stub.tokens = { access_token: 'opaque', token_type: 'Bearer', id_token: await app.sign(claims, { typ: 'JWT' }) };
    await browser.open(`${callback}?code=c&state=${state}`);
    const { status, text } = browser.shown;
    if (expected !== 403) expect(text).toContain(expected);
    else expect(text).toContain('The sign-in service did not complete the sign-in.');
    expect([status, sessionOf(browser)]).toEqual([403, []]);
  });
});
