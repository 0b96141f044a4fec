import { createHmac } from 'node:crypto';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportSPKI, generateKeyPair, exportJWK } from 'jose';
import { goodClaims, openTestApplication, testLimits, type TestApplication } from './testing/application.js';

let app: TestApplication;
let [admin, finance, justice, health, auditor] = ['', '', '', '', ''];
const p = '/programmes/p';
const i = `${p}/initiatives/i`;
const spending = (more: object = {}) => ({ transactionId: 'T-1', amount: '100', ...more });
const year = 2024;

async function establish(): Promise<void> {
  const answers = [
    await app.send('PUT', p, {
      token: admin,
      body: { title: { en: 'P' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' },
    }),
    await app.send('POST', `${p}/appropriations`, { token: finance, body: { fiscalYear: year, amount: '100000', legalBasis: 'law' } }),
    await app.send('POST', `${p}/initiatives`, {
      token: justice,
      body: { initiative: 'i', title: { en: 'I', ky: 'И' }, authority: 'ministry-of-justice', requestedAmount: '80000' },
    }),
    await app.send('POST', `${i}/funding`, { token: finance, body: { fundingId: 'F-1', fiscalYear: year, amount: '80000' } }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
}

beforeAll(async () => {
  app = await openTestApplication();
  [admin, finance, justice, health, auditor] = await Promise.all([
    app.token('admin', 'cabinet'),
    app.token('finance', 'ministry-of-finance'),
    app.token('ministry', 'ministry-of-justice'),
    app.token('ministry', 'ministry-of-health'),
    app.token('auditor', 'chamber-of-accounts'),
  ]);
  await establish();
});
afterAll(() => app.close());

const narrowLimits = { ...testLimits, rate: { withoutToken: 3, withToken: 3 } };
const positionOfP = async () => (await app.ledger.records()).filter(({ programme }) => programme === 'p').length;
const recorded = async () => (await app.ledger.records()).length;

describe('malformed commands are answered 400, say what would be right, and reach no log', () => {
  const bodies: [string, unknown, RegExp][] = [
    ['no JSON', '{"transactionId":', /not valid JSON/],
    ['nothing that is JSON', 'amount=100', /not valid JSON/],
    ['a key twice', '{"transactionId":"T-1","amount":"1","amount":"2"}', /names a key twice/],
    ['a key twice, once escaped', '{"transactionId":"T-1","amount":"1","\\u0061mount":"2"}', /names a key twice/],
    ['__proto__', '{"transactionId":"T-1","amount":"1","__proto__":{"role":"admin"}}', /forbidden prototype/i],
    ['constructor.prototype', '{"transactionId":"T-1","amount":"1","constructor":{"prototype":{"x":1}}}', /forbidden prototype/i],
    ['an array', [spending()], /must be a JSON object/],
    ['nested arrays', [[[spending()]]], /must be a JSON object/],
    ['text', '"spend"', /must be a JSON object/],
    ['null', 'null', /must be a JSON object/],
    ['an array for an amount', spending({ amount: ['100'] }), /amount must be an amount above zero/],
    ['an object for an amount', spending({ amount: { value: '100' } }), /amount must be an amount above zero/],
    ['too deep', JSON.stringify(spending({ payee: [[[[[[[[['x']]]]]]]]] })), /nested more than 8 levels/],
    ['a number for an amount', spending({ amount: 100 }), /a string of 1 to 18 digits/],
    ['a negative amount', spending({ amount: '-100' }), /above zero/],
    ['zero', spending({ amount: '0' }), /above zero/],
    ['a fraction', spending({ amount: '1.50' }), /without sign, point or exponent/],
    ['an exponent', spending({ amount: '1e5' }), /without sign, point or exponent/],
    ['19 digits', spending({ amount: '1000000000000000000' }), /1 to 18 digits/],
    ['no number', spending({ amount: 'a lot' }), /minor units/],
    ['an amount with blanks', spending({ amount: ' 100 ' }), /minor units/],
    ['an amount in other digits', spending({ amount: '١٠٠' }), /minor units/],
    ['no amount', { transactionId: 'T-1' }, /amount must be/],
    ['null for an amount', spending({ amount: null }), /must not be null/],
    ['an unknown field', spending({ colour: 'red' }), /colour is no field of RecordSpending; there are transactionId, amount/],
    ['a field named toString', spending({ toString: 'x' }), /toString is no field/],
    ['a day that does not exist', spending({ occurredOn: '2024-02-30' }), /a day that exists/],
    ['a day of another calendar', spending({ occurredOn: '30.02.2024' }), /YYYY-MM-DD/],
    ['a moment for a day', spending({ occurredOn: '2024-02-03T00:00:00Z' }), /YYYY-MM-DD/],
    ['an id with a slash', spending({ transactionId: 'a/b' }), /an id of 1 to 64/],
    ['an empty id', spending({ transactionId: '' }), /an id of 1 to 64/],
    ['a control character', spending({ payee: 'a\u0000b' }), /readable text/],
    ['half a surrogate pair', '{"transactionId":"T-1","amount":"1","payee":"\\ud800"}', /readable text/],
    ['onBehalfOf by a ministry', spending({ onBehalfOf: { organisation: 'ministry-of-finance', role: 'finance' } }), /for admins alone/],
    ['what the address says', spending({ initiative: 'j' }), /stands in the address/],
  ];
  it.each(bodies)('%s', async (_what, body, says) => {
    const before = await recorded();
    const answer = await app.send('POST', `${i}/spending`, { token: justice, body });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json).toMatchObject({ code: 'malformed', status: 400, type: 'urn:initiative-ledger:problem:malformed' });
    expect(answer.json['detail']).toMatch(says);
    expect(await recorded()).toBe(before);
  });

  it('bytes that are no UTF-8', async () => {
    const body = Buffer.from('{"transactionId":"T-1","amount":"1","payee":"\xff"}', 'latin1');
    const { status, json } = await app.send('POST', `${i}/spending`, { token: justice, body });
    expect([status, json['detail']]).toEqual([400, 'the body must be UTF-8']);
  });
  it.each([
    ['idempotency-key', 'a key', /an id of 1 to 64/],
    ['idempotency-key', '', /an id of 1 to 64/],
    ['if-match', '7', /one version in quotes/],
    ['if-match', '"0"', /one version in quotes/],
    ['if-match', '"7", "8"', /one version in quotes/],
    ['if-match', '*', /one version in quotes/],
  ])('the header %s: %s', async (name, value, says) => {
    const { status, json } = await app.send('POST', `${i}/spending`, { token: justice, body: spending(), headers: { [name]: value } });
    expect([status, json['detail']]).toEqual([400, expect.stringMatching(says)]);
  });
  it('parameters that a route does not know, or twice', async () => {
    for (const query of ['?dryrun=true', '?dryRun=yes', '?dryRun=true&dryRun=true'])
      expect((await app.send('POST', `${i}/spending${query}`, { token: justice, body: spending() })).status).toBe(400);
    for (const query of [
      '?limit=0',
      '?limit=1001',
      '?limit=ten',
      '?sort=colour',
      '?status=dead',
      '?suspended=maybe',
      '?cursor=x',
      '?colour=red',
    ])
      expect((await app.send('GET', `${p}/initiatives${query}`)).status).toBe(400);
    for (const query of [
      '?occurredBy=2024-02-30',
      '?occurredBy=yesterday',
      '?knownBy=2024-02-03',
      '?knownBy=2024-02-03T00:00:00',
      '?knownBy=2024-02-30T00:00:00Z',
    ])
      expect((await app.send('GET', `${i}${query}`)).status).toBe(400);
  });
  it('a body of another content type', async () => {
    const { status, json } = await app.send('POST', `${i}/spending`, {
      token: justice,
      body: 'a=b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([status, json['code']]).toEqual([415, 'unsupported-media-type']);
  });
  it('a huge body', async () => {
    const { status, json } = await app.send('POST', `${i}/spending`, {
      token: justice,
      body: spending({ description: 'x'.repeat(70_000) }),
    });
    expect([status, json['code']]).toEqual([413, 'body-too-large']);
  });
});

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

describe('who may do what', () => {
  it('no ministry spends from another ministry’s initiative', async () => {
    const { status, json } = await app.send('POST', `${i}/spending`, { token: health, body: spending() });
    expect([status, json['code']]).toEqual([403, 'forbidden']);
    expect(json['detail']).toMatch(/run by ministry-of-justice/);
  });
  it('records are for auditors and admins', async () => {
    expect((await app.send('GET', `${p}/records`)).status).toBe(401);
    for (const token of [justice, finance]) expect((await app.send('GET', `${p}/records`, { token })).status).toBe(403);
    for (const token of [auditor, admin]) expect((await app.send('GET', `${p}/records`, { token })).status).toBe(200);
  });
  it('the sender of an event is shown to auditors and admins only', async () => {
    const events = async (token?: string) =>
      (await app.send('GET', `${i}/history`, token === undefined ? {} : { token })).json['items'] as object[];
    for (const event of [...(await events()), ...(await events(justice))]) {
      expect(event).not.toHaveProperty('actor');
      expect(event).not.toHaveProperty('hash');
    }
    for (const event of await events(auditor))
      expect(event).toMatchObject({ actor: { id: expect.any(String) }, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
  it('a command of another organisation is shown to auditors alone', async () => {
    await app.send('POST', `${i}/spending`, {
      token: justice,
      body: spending({ transactionId: 'T-seen' }),
      headers: { 'idempotency-key': 'seen' },
    });
    const ask = (token: string, query = '') => app.send('GET', `${p}/commands/seen${query}`, { token });
    expect((await ask(justice)).json).toMatchObject({ commandId: 'seen', status: 201, events: ['SpendingRecorded'] });
    expect((await ask(health)).status).toBe(404);
    expect((await ask(health, '?organisation=ministry-of-justice')).status).toBe(403);
    expect((await ask(auditor, '?organisation=ministry-of-justice')).json).toMatchObject({ status: 201 });
  });
  it('reading can be closed', async () => {
    const closed = await openTestApplication({ publicReading: false });
    expect((await closed.send('GET', '/programmes')).status).toBe(401);
    expect((await closed.send('GET', '/programmes', { token: await closed.token('ministry', 'm') })).status).toBe(200);
    expect((await closed.send('GET', '/health/live')).status).toBe(200);
    await closed.close();
  });
});

describe('an address has one spelling only', () => {
  const variants = (path: string) => [
    `${path}/`,
    `/${path}`,
    path.replace('/programmes', '//programmes'),
    path.replace('/programmes', '/./programmes'),
    path.replace('/programmes', '/x/../programmes'),
    path.replace('/programmes', '/%70rogrammes'),
    path.replace('/programmes/', '/programmes%2f'),
    path.replace('/programmes', '/PROGRAMMES'),
    `${path};x=1`,
    path.replace('/programmes', '/programmes;'),
    `${path}%00`,
    `${path}%2e`,
    `${path}\\`,
  ];
  it('any other spelling of a route does not exist, with or without a token', async () => {
    const document = (await app.send('GET', '/openapi.json')).json as { paths: Record<string, Record<string, unknown>> };
    const routes = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ path, method })));
    expect(routes.length).toBeGreaterThan(28);
    const before = await recorded();
    for (const { path, method } of routes) {
      const real = path
        .replaceAll('{programme}', 'p')
        .replaceAll('{initiative}', 'i')
        .replace(/\{\w+\}/g, '2024');
      for (const variant of variants(real).filter((one) => one !== real))
        for (const token of [undefined, admin])
          expect({ variant, status: await app.sendRaw(method.toUpperCase(), variant, token) }).toEqual({ variant, status: 404 });
    }
    expect(await recorded()).toBe(before);
  });
  it('HEAD is allowed exactly where GET is', async () => {
    expect((await app.send('HEAD', p)).status).toBe(200);
    expect((await app.send('HEAD', `${p}/records`)).status).toBe(401);
    expect((await app.send('HEAD', `${p}/records`, { token: justice })).status).toBe(403);
    expect((await app.send('HEAD', `${i}/spending`, { token: justice })).status).toBe(405);
  });
  it.each(['DELETE', 'PATCH', 'OPTIONS'] as const)('%s does nothing anywhere', async (method) => {
    for (const path of ['/programmes', p, i, `${i}/spending`, `${p}/records`])
      expect((await app.send(method, path, { token: admin })).status).toBe(405);
  });
});

describe('an improper request', () => {
  it('with TRACE is answered nowhere', async () => {
    for (const path of ['/', p, i, '/docs']) expect(await app.sendRaw('TRACE', path)).toBeGreaterThanOrEqual(400);
  });
  it('whose end is given in two ways is not read', async () => {
    await app.sendRaw('GET', p);
    const { port } = app.application.getHttpServer().address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST ${i}/spending HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET ${p} HTTP/1.1\r\nhost: x\r\n\r\n`,
    );
    let text = '';
    for await (const part of socket) text += String(part);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400']);
  });
});

describe('commands', () => {
  it('a receipt names version, position and hash', async () => {
    const { status, json, headers } = await app.send('POST', `${i}/spending`, {
      token: justice,
      body: spending({ transactionId: 'T-receipt' }),
      headers: { 'idempotency-key': 'receipt' },
    });
    expect(status).toBe(201);
    expect(json).toEqual({
      commandId: 'receipt',
      programme: 'p',
      initiative: 'i',
      version: expect.any(Number),
      position: expect.any(Number),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      events: ['SpendingRecorded'],
    });
    expect(headers).toMatchObject({ etag: `"${String(json['version'])}"`, 'ledger-position': String(json['position']) });
  });
  it('the same key again has the same answer; with another body it is refused', async () => {
    const send = (amount: string) =>
      app.send('POST', `${i}/spending`, {
        token: justice,
        body: spending({ transactionId: 'T-key', amount }),
        headers: { 'idempotency-key': 'key' },
      });
    const [first, again, other] = [await send('5'), await send('5'), await send('6')];
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([201, first.text, 'true']);
    expect([other.status, other.json['code']]).toEqual([409, 'command-id-reused']);
  });
  it('a refusal gives the rule and the figures, and again the same with its key', async () => {
    const send = () =>
      app.send('POST', `${i}/spending`, {
        token: justice,
        body: spending({ transactionId: 'T-much', amount: '99999999' }),
        headers: { 'idempotency-key': 'much' },
      });
    const [first, again] = [await send(), await send()];
    expect(first.status).toBe(409);
    expect(first.json).toMatchObject({
      code: 'funding-exceeded',
      requested: '99999999',
      available: expect.stringMatching(/^\d+$/),
      position: expect.any(Number),
    });
    expect(first.json['detail']).toContain(String(first.json['available']));
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([409, first.text, 'true']);
  });
  it('a dry run records nothing and uses up no key', async () => {
    const send = (query: string) =>
      app.send('POST', `${i}/spending${query}`, {
        token: justice,
        body: spending({ transactionId: 'T-dry' }),
        headers: { 'idempotency-key': 'dry' },
      });
    const before = await recorded();
    const dry = await send('?dryRun=true');
    expect(dry.status).toBe(200);
    expect(dry.json).not.toHaveProperty('position');
    expect(dry.json).not.toHaveProperty('hash');
    expect(await recorded()).toBe(before);
    expect((await send('')).status).toBe(201);
  });
  it('an expected version', async () => {
    const current = (await app.send('GET', i, { headers: { 'ledger-position': String(await positionOfP()) } })).headers['etag'];
    const send = (match: string, transactionId: string) =>
      app.send('POST', `${i}/spending`, { token: justice, body: spending({ transactionId }), headers: { 'if-match': match } });
    const stale = await send('"1"', 'T-stale');
    expect([stale.status, stale.json['code']]).toEqual([412, 'version-mismatch']);
    expect((await send(String(current), 'T-fresh')).status).toBe(201);
  });
  it.each([
    ['/programmes/nowhere/initiatives/i/spending', 'unknown-programme'],
    [`${p}/initiatives/nothing/spending`, 'unknown-initiative'],
  ])('%s is answered 404', async (path, code) => {
    const { status, json } = await app.send('POST', path, { token: justice, body: spending() });
    expect([status, json['code']]).toEqual([404, code]);
  });
  it('a reversal of spending that is not there is answered 404, and so is an adjustment of no appropriation', async () => {
    const reversal = await app.send('POST', `${i}/spending/T-none/reversals`, {
      token: justice,
      body: { reversalId: 'R-1', amount: '1', reason: 'x' },
    });
    expect([reversal.status, reversal.json['code']]).toEqual([404, 'unknown-spending']);
    const adjustment = await app.send('POST', `${p}/appropriations/1999/adjustments`, {
      token: finance,
      body: { adjustmentId: 'B-1', change: '1', legalBasis: 'x' },
    });
    expect([adjustment.status, adjustment.json['code']]).toEqual([404, 'unknown-appropriation']);
  });
  it('a year in the address that is none', async () => {
    expect((await app.send('POST', `${p}/fiscal-years/last/closing`, { token: finance })).status).toBe(400);
  });
  it('the same programme again is answered 200 with the first receipt', async () => {
    const body = { title: { en: 'Q' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'none', years: 'multi-year' };
    const [first, again] = [
      await app.send('PUT', '/programmes/q', { token: admin, body }),
      await app.send('PUT', '/programmes/q', { token: admin, body }),
    ];
    expect([first.status, again.status, again.text]).toEqual([201, 200, first.text]);
  });
});

describe('a batch', () => {
  const post = async (lines: readonly (string | object)[], query = '', token = justice) => {
    const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    const answer = await app.send('POST', `${p}/commands${query}`, { token, body, headers: { 'content-type': 'application/x-ndjson' } });
    return {
      ...answer,
      lines:
        answer.status === 200
          ? answer.text
              .trimEnd()
              .split('\n')
              .map((line) => JSON.parse(line) as Record<string, unknown>)
          : [],
    };
  };
  const line = (commandId: string, data: object, more: object = {}) => ({
    commandId,
    type: 'RecordSpending',
    initiative: 'i',
    data,
    ...more,
  });

  it('answers every line in order; a bad line does not stop the others', async () => {
    const { lines } = await post([
      line('b-1', { transactionId: 'B-1', amount: '1' }),
      '{"commandId":"b-2"',
      line('b-3', { transactionId: 'B-3', amount: '-1' }),
      line('b-4', { transactionId: 'B-4', amount: '999999999' }),
      { commandId: 'b-5', type: 'Steal', data: {} },
      '{"commandId":"b-6","type":"RecordSpending","initiative":"i","data":{"transactionId":"B-6","amount":"1","__proto__":{}}}',
      line('b-7', { transactionId: 'B-7', amount: '1' }, { programme: 'q' }),
      line('b-8', { transactionId: 'B-8', amount: '1' }),
      '',
      line('b-1', { transactionId: 'B-1', amount: '1' }),
    ]);
    expect(lines.map(({ commandId, status, code }) => [commandId, status, code])).toEqual([
      ['b-1', 201, undefined],
      ['', 400, 'malformed'],
      ['b-3', 400, 'malformed'],
      ['b-4', 409, 'funding-exceeded'],
      ['b-5', 400, 'malformed'],
      ['b-6', 400, 'malformed'],
      ['b-7', 400, 'malformed'],
      ['b-8', 201, undefined],
      ['', 400, 'malformed'],
      ['b-1', 201, undefined],
    ]);
    expect(lines[9]).toMatchObject({ replayed: true, position: lines[0]!['position'] });
  });
  it('decides each command of a dry run after those before it', async () => {
    const before = await recorded();
    const left = Number((await app.send('GET', i, { headers: { 'ledger-position': String(await positionOfP()) } })).json['available']);
    const { lines } = await post(
      [line('d-1', { transactionId: 'D-1', amount: String(left) }), line('d-2', { transactionId: 'D-2', amount: '1' })],
      '?dryRun=true',
    );
    expect(lines.map(({ status, available }) => [status, available])).toEqual([
      [200, undefined],
      [409, '0'],
    ]);
    expect(await recorded()).toBe(before);
  });
  it('of 10,001 lines is too long', async () => {
    const { status, json } = await post(Array.from({ length: 10_001 }, () => '{}'));
    expect([status, json['code']]).toEqual([413, 'batch-too-long']);
  });
  it('a line too large is answered 413', async () => {
    const { lines } = await post([
      line('large', { transactionId: 'L', amount: '1', description: 'x'.repeat(70_000) }),
      line('small', { transactionId: 'S', amount: '1' }),
    ]);
    expect(lines.map(({ commandId, status }) => [commandId, status])).toEqual([
      ['large', 413],
      ['small', 201],
    ]);
  });
});

describe('reading', () => {
  it('one’s own writes', async () => {
    const { json } = await app.send('POST', `${i}/spending`, { token: justice, body: spending({ transactionId: 'T-own' }) });
    const seen = await app.send('GET', i, { headers: { 'ledger-position': String(json['position']) } });
    expect(seen.json['version']).toBe(json['version']);
    expect(Number(seen.headers['ledger-position'])).toBeGreaterThanOrEqual(Number(json['position']));
  });
  it('a position that is not there yet is answered 503 after a while', async () => {
    const { status, json, headers } = await app.send('GET', i, { headers: { 'ledger-position': '999999' } });
    expect([status, json['code'], headers['retry-after']]).toEqual([503, 'read-models-behind', '1']);
  });
  it('an answer that the reader has already is not sent again', async () => {
    const first = await app.send('GET', i);
    const again = await app.send('GET', i, { headers: { 'if-none-match': String(first.headers['etag']) } });
    expect([again.status, again.text]).toEqual([304, '']);
  });
  it('lists page by page', async () => {
    for (const code of ['a-1', 'a-2', 'a-3'])
      await app.send('POST', '/programmes/q/initiatives', {
        token: justice,
        body: { initiative: code, title: { en: `=cmd ${code}` }, authority: 'ministry-of-justice' },
      });
    const first = await app.send('GET', '/programmes/q/initiatives?limit=2&q=a-', { headers: { 'ledger-position': '4' } });
    expect((first.json['items'] as { initiative: string }[]).map(({ initiative }) => initiative)).toEqual(['a-1', 'a-2']);
    const [, next] = /<([^>]+)>; rel="next"/.exec(String(first.headers['link'])) ?? [];
    const second = await app.send('GET', next ?? '');
    expect((second.json['items'] as { initiative: string }[]).map(({ initiative }) => initiative)).toEqual(['a-3']);
    expect(second.json).not.toHaveProperty('cursor');
  });
  it('lists as CSV, formulas escaped', async () => {
    const { text, headers } = await app.send('GET', '/programmes/q/initiatives?q=a-1', {
      headers: { accept: 'text/csv', 'ledger-position': '4' },
    });
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    const [head, row] = text.split('\n');
    expect(head).toContain('initiative,version');
    expect(row).toContain(",'=cmd a-1,");
  });
  it('as of a past day, and as known then', async () => {
    expect((await app.send('GET', `${i}?occurredBy=2000-01-01`)).status).toBe(404);
    expect((await app.send('GET', `${i}?knownBy=2000-01-01T00:00:00Z`)).status).toBe(404);
    expect((await app.send('GET', `${p}?occurredBy=2024-06-01`)).json).toMatchObject({ appropriated: '100000' });
    const lists = ['fiscal-years', 'authorities'];
    for (const list of lists) expect((await app.send('GET', `${p}/${list}?occurredBy=2024-06-01`)).status).toBe(200);
  });
  it.each([
    '/programmes/nowhere',
    '/programmes/nowhere/fiscal-years',
    '/programmes/nowhere/authorities',
    '/programmes/nowhere/initiatives',
    `${p}/initiatives/none`,
    `${p}/initiatives/none/history`,
  ])('%s is answered 404', async (path) => {
    expect((await app.send('GET', path)).status).toBe(404);
  });
  it('the exact bytes of every record', async () => {
    const { text, headers } = await app.send('GET', `${p}/records?after=2`, { token: auditor });
    expect(headers['content-type']).toMatch(/ndjson/);
    const [entry] = (await app.ledger.entries()).filter(({ programme, position }) => programme === 'p' && position === 3);
    expect(text.split('\n')[0]).toBe(Buffer.from(entry!.bytes).toString());
    expect((await app.send('GET', '/programmes/nowhere/records', { token: auditor })).status).toBe(404);
  });
  it('heads', async () => {
    const { json } = await app.send('GET', '/heads');
    expect(json['items']).toEqual(
      expect.arrayContaining([expect.objectContaining({ programme: 'p', hash: expect.stringMatching(/^[0-9a-f]{64}$/) })]),
    );
  });
});

describe('operating', () => {
  it('health, metrics and documentation are open', async () => {
    for (const path of ['/health/live', '/health/ready', '/openapi.json', '/docs']) expect((await app.send('GET', path)).status).toBe(200);
    const { text } = await app.send('GET', '/metrics');
    for (const metric of [
      'ledger_commands_total{outcome="accepted"}',
      'ledger_refusals_total{code="funding-exceeded"}',
      'ledger_projection_lag_records',
      'ledger_projection_lag_seconds',
      'ledger_commit_seconds_bucket',
      '# HELP ledger_open_notices ',
    ])
      expect(text).toContain(metric);
  });
  it('commands are logged with their id, refusals with their code', () => {
    const lines = app.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'accepted', commandId: 'receipt', organisation: 'ministry-of-justice' }));
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'refused', commandId: 'much', code: 'funding-exceeded' }));
  });
  it('more requests than allowed are answered 429', async () => {
    const narrow = await openTestApplication({ limits: narrowLimits });
    const statuses = [];
    for (let request = 0; request < 4; request++) statuses.push(await narrow.send('GET', '/programmes'));
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(statuses[3]!.json['code']).toBe('too-many-requests');
    expect(statuses[3]!.headers['retry-after']).toBeDefined();
    await narrow.close();
  });
  it('a client behind a trusted proxy is counted by itself, and one that only claims a proxy is not', async () => {
    const ask = async (trustedProxies: string[]) => {
      const behind = await openTestApplication({ limits: { ...narrowLimits, trustedProxies } });
      const statuses = [];
      for (let client = 1; client <= 5; client++)
        statuses.push((await behind.send('GET', '/programmes', { headers: { 'x-forwarded-for': `192.0.2.${client}` } })).status);
      await behind.close();
      return statuses;
    };
    expect(await ask(['127.0.0.0/8'])).toEqual([200, 200, 200, 200, 200]);
    expect(await ask(['10.0.0.0/8'])).toEqual([200, 200, 200, 429, 429]);
    expect(await ask([])).toEqual([200, 200, 200, 429, 429]);
  });
  it('no cache keeps an answer to a request with a token', async () => {
    const cached = async (path: string, sending: Parameters<TestApplication['send']>[2]) =>
      (await app.send('GET', path, sending)).headers['cache-control'];
    expect(await cached(i, { token: justice })).toBe('no-store');
    expect(await cached(`${p}/records`, { token: justice })).toBe('no-store');
    expect(await cached(i, { token: 'x.y.z' })).toBe('no-store');
    expect(await cached('/nowhere', { token: justice })).toBe('no-store');
    expect(await cached(i, {})).toBeUndefined();
    const sent = await app.send('POST', `${i}/spending`, { token: justice, body: spending({ transactionId: 'T-cached' }) });
    expect([sent.status, sent.headers['cache-control']]).toEqual([201, 'no-store']);
  });
});

describe('a denied request is logged', () => {
  const linesOf = (application: TestApplication) => application.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  const last = () => linesOf(app).at(-1);

  it('without a token, with route and code', async () => {
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
  it('with a token that is not accepted, and with the reason', async () => {
    await app.send('GET', `${p}/records`, { token: await app.sign({ ...goodClaims, exp: 1_000_000_000 }) });
    expect(last()).toMatchObject({ level: 30, route: '/programmes/:programme/records', status: 401, code: 'token-refused' });
    expect(last()).toMatchObject({ msg: 'the token has expired' });
  });
  it('with a role that may not, and with its holder', async () => {
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
  it('in one line, whatever the subject contains', async () => {
    const before = app.logged.length;
    await app.send('GET', `${p}/records`, { token: await app.token('ministry', 'ministry-of-justice', 'x\\n{"level":60}') });
    expect(app.logged.slice(before).map((line) => line.trimEnd().split('\n').length)).toEqual([1]);
    expect(last()).toMatchObject({ subject: 'x\\n{"level":60}' });
  });
  it('in one line if a command is refused', async () => {
    const before = app.logged.length;
    expect((await app.send('POST', `${i}/spending`, { token: health, body: spending() })).status).toBe(403);
    expect(linesOf(app).slice(before)).toEqual([
      expect.objectContaining({ msg: 'refused', code: 'forbidden', organisation: 'ministry-of-health' }),
    ]);
  });
  it('with malformed data', async () => {
    await app.send('POST', `${i}/spending`, { token: justice, body: { ...spending(), __proto__x: 1 } });
    expect(last()).toMatchObject({ level: 30, status: 400, code: 'malformed', organisation: 'ministry-of-justice' });
  });
  it('with too many requests', async () => {
    const narrow = await openTestApplication({ limits: narrowLimits });
    for (let request = 0; request < 4; request++) await narrow.send('GET', '/programmes');
    expect(linesOf(narrow)).toEqual([
      expect.objectContaining({ level: 30, route: '/programmes', status: 429, code: 'too-many-requests', client: '127.0.0.1' }),
    ]);
    await narrow.close();
  });
  it('without any part of a token, accepted or refused', () => {
    expect(app.tokens.size).toBeGreaterThan(25);
    const logged = app.logged.join('');
    // A short part may be found in other words, too.
    const parts = [...app.tokens].flatMap((token) => [token, ...token.split('.')]).filter((part) => part.length > 3);
    expect(parts.filter((part) => logged.includes(part))).toEqual([]);
  });
});
