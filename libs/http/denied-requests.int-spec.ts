/** Requests that are denied: the tokens that are not accepted, and what the log says. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportSPKI, generateKeyPair, exportJWK } from 'jose';
import { goodClaims, openTestApplication, testLimits, type TestApplication } from './testing/application.js';
import { openFundedInitiative, spending } from './testing/funded-initiative.js';

let app: TestApplication;
let [justice, health] = ['', ''];
const p = '/programmes/p';
const i = `${p}/initiatives/i`;
const recorded = async () => (await app.ledger.records()).length;

beforeAll(async () => {
  ({ app, justice, health } = await openFundedInitiative());
});
afterAll(() => app.close());

describe('a token', () => {
  const refused = async (token: string, says: RegExp) => {
    const before = await recorded();
    const { status, json, headers } = await app.send('POST', `${i}/spending`, { token, body: spending() });
    expect([status, json['code']]).toEqual([401, 'token-refused']);
    expect(json['detail']).toMatch(says);
    expect(headers['www-authenticate']).toMatch(/^Bearer/);
    expect(await recorded()).toBe(before);
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('is needed', async () => {
    const { status, json, headers } = await app.send('POST', `${i}/spending`, { body: spending() });
    expect([status, json['code'], headers['www-authenticate']]).toEqual([401, 'token-missing', 'Bearer']);
  });
  it('is refused if it has expired', async () => refused(await app.sign({ ...goodClaims, exp: 1_000_000_000 }), /expired/));
  it('is refused if it is not yet valid', async () => refused(await app.sign({ ...goodClaims, nbf: 9_000_000_000 }), /nbf/));
  it('is refused without an expiry', async () => {
    const { exp: _, ...claims } = { ...goodClaims, exp: undefined };
    await refused(await app.sign({ ...claims, exp: undefined } as never), /exp/);
  });
  it('is refused from another issuer', async () => refused(await app.sign({ ...goodClaims, iss: 'somebody' }), /iss/));
  it('is refused for another audience', async () => refused(await app.sign({ ...goodClaims, aud: 'another' }), /aud/));
  it('is refused if it is of another type', async () => refused(await app.sign(goodClaims, { typ: 'JWT' }), /typ/));
  it('is refused if another key signed it', async () =>
    refused(await app.sign(goodClaims, {}, (await generateKeyPair('RS256')).privateKey), /not valid/));
  it('is refused if it was changed', async () => {
    const [header, , signature] = justice.split('.');
    await refused(`${header ?? ''}.${part({ ...goodClaims, role: 'finance', exp: 9_000_000_000 })}.${signature ?? ''}`, /not valid/);
  });
  it('is refused with alg none', async () =>
    refused(`${part({ alg: 'none', typ: 'at+jwt' })}.${part({ ...goodClaims, exp: 9_000_000_000 })}.`, /header must be|not valid/));
  it('is refused if HS256 signed it with the public key', async () => {
    const signed = `${part({ alg: 'HS256', typ: 'at+jwt' })}.${part({ ...goodClaims, exp: 9_000_000_000 })}`;
    const secret = await exportSPKI(app.publicKey);
    await refused(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`, /not valid/);
  });
  it('is refused with a key of its own in jwk, or an address of one in jku', async () => {
    const own = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(own.publicKey);
    await refused(await app.sign(goodClaims, { jwk }, own.privateKey), /not valid/);
    await refused(await app.sign(goodClaims, { jku: 'http://127.0.0.1:9/keys' }, own.privateKey), /not valid/);
    await refused(await app.sign(goodClaims, { x5u: 'http://127.0.0.1:9/cert' }, own.privateKey), /not valid/);
  });
  it.each([
    ['no organisation', { org: undefined }],
    ['no role', { role: undefined }],
    ['an unknown role', { role: 'root' }],
    ['no subject', { sub: undefined }],
    ['an organisation that is no code', { org: 'Ministry!' }],
    ['a list of roles', { role: ['finance'] }],
  ])('is refused with %s', async (_what, claims) => refused(await app.sign({ ...goodClaims, ...claims } as never), /the token’s/));
  it.each(['Basic dTpw', 'Bearer', 'Bearer a b', 'bearer', ''])('is not read from a malformed header: %s', async (authorization) => {
    expect((await app.send('POST', `${i}/spending`, { body: spending(), headers: { authorization } })).status).toBe(401);
  });
  it('is refused if it is wrong even if the route needs none', async () => {
    expect((await app.send('GET', p, { token: 'x.y.z' })).status).toBe(401);
  });
});

describe('the log', () => {
  const linesOf = (application: TestApplication) => application.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  const last = () => linesOf(app).at(-1);

  it('names route and code of a request without a token', async () => {
    await app.send('POST', `${i}/spending`, { body: spending() });
    expect(last()).toMatchObject({
      level: 30,
      method: 'POST',
      route: '/programmes/:programme/initiatives/:initiative/spending',
      status: 401,
      code: 'token-missing',
      client: '127.0.0.1',
    });
  });
  it('says why a token is not accepted', async () => {
    await app.send('GET', `${p}/records`, { token: await app.sign({ ...goodClaims, exp: 1_000_000_000 }) });
    expect(last()).toMatchObject({ level: 30, route: '/programmes/:programme/records', status: 401, code: 'token-refused' });
    expect(last()).toMatchObject({ msg: 'the token has expired' });
  });
  it('names the holder of a role that may not', async () => {
    await app.send('GET', `${p}/records`, { token: justice });
    expect(last()).toMatchObject({
      level: 30,
      route: '/programmes/:programme/records',
      status: 403,
      code: 'forbidden',
      subject: 'ministry-of-justice.ministry',
      organisation: 'ministry-of-justice',
    });
  });
  it('has one line for a denied request, whatever the subject contains', async () => {
    const before = app.logged.length;
    await app.send('GET', `${p}/records`, { token: await app.token('ministry', 'ministry-of-justice', 'x\\n{"level":60}') });
    expect(app.logged.slice(before).map((line) => line.trimEnd().split('\n').length)).toEqual([1]);
    expect(last()).toMatchObject({ subject: 'x\\n{"level":60}' });
  });
  it('has one line for a refused command', async () => {
    const before = app.logged.length;
    expect((await app.send('POST', `${i}/spending`, { token: health, body: spending() })).status).toBe(403);
    expect(linesOf(app).slice(before)).toEqual([
      expect.objectContaining({ msg: 'refused', code: 'forbidden', organisation: 'ministry-of-health' }),
    ]);
  });
  it('names the organisation that sends malformed data', async () => {
    await app.send('POST', `${i}/spending`, { token: justice, body: { ...spending(), __proto__x: 1 } });
    expect(last()).toMatchObject({ level: 30, status: 400, code: 'malformed', organisation: 'ministry-of-justice' });
  });
  it('names the client that sends too many requests', async () => {
    const narrow = await openTestApplication({ limits: { ...testLimits, rate: { withoutToken: 3, withToken: 3 } } });
    for (let request = 0; request < 4; request++) await narrow.send('GET', '/programmes');
    expect(linesOf(narrow)).toEqual([
      expect.objectContaining({ level: 30, route: '/programmes', status: 429, code: 'too-many-requests', client: '127.0.0.1' }),
    ]);
    await narrow.close();
  });
  it('has no part of a token, accepted or refused', () => {
    expect(app.tokens.size).toBeGreaterThan(25);
    const logged = app.logged.join('');
    // A short part may be found in other words, too.
    const parts = [...app.tokens].flatMap((token) => [token, ...token.split('.')]).filter((part) => part.length > 3);
    expect(parts.filter((part) => logged.includes(part))).toEqual([]);
  });
});
