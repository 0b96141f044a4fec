/** The tokens that are not accepted. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportSPKI, generateKeyPair, exportJWK } from 'jose';
import { goodClaims, type TestApplication } from './testing/application.js';
import { i, openFundedInitiative, p, spending, type FundedInitiative } from './testing/funded-initiative.js';

let app: TestApplication;
let justice = '';
let recorded: FundedInitiative['recorded'];

beforeAll(async () => {
  ({ app, justice, recorded } = await openFundedInitiative());
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
