/** Repeated requests, and content that an answer never repeats. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
let [admin, finance, justice, clerk, auditor] = ['', '', '', '', ''];
const p = '/programmes/p';
const i = `${p}/initiatives/i`;

beforeAll(async () => {
  app = await openTestApplication();
  [admin, finance, justice, clerk, auditor] = await Promise.all([
    app.token('admin', 'cabinet'),
    app.token('finance', 'ministry-of-finance'),
    app.token('ministry', 'ministry-of-justice'),
    app.token('finance', 'ministry-of-justice'),
    app.token('auditor', 'chamber-of-accounts'),
  ]);
  const sent = [
    await app.send('PUT', p, {
      token: admin,
      body: { title: { en: 'P' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'none', years: 'multi-year' },
    }),
    await app.send('POST', `${p}/initiatives`, {
      token: justice,
      body: { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice' },
    }),
    await app.send('POST', `${i}/funding`, { token: finance, body: { fundingId: 'F-1', fiscalYear: 2024, amount: '80000' } }),
  ];
  expect(sent.map(({ status }) => status)).toEqual([201, 201, 201]);
});
afterAll(() => app.close());

const spend = (key: string, { match, token = justice, amount = '1' }: { match?: string; token?: string; amount?: string } = {}) =>
  app.send('POST', `${i}/spending`, {
    token,
    body: { transactionId: `T-${key}`, amount },
    headers: { 'idempotency-key': key, ...(match !== undefined && { 'if-match': match }) },
  });
const versionNow = async () => {
  const { json } = await app.send('POST', `${i}/spending?dryRun=true`, { token: justice, body: { transactionId: 'T-dry', amount: '1' } });
  return Number(json['version']) - 1;
};

describe('the version that a sender saw', () => {
  it.each(['W/"V"', '"V-gzip"', '"V--gzip"', 'W/"V-br"'])('is taken as a compressing proxy hands it on: %s', async (tag) => {
    const match = tag.replace('V', String(await versionNow()));
    expect((await spend(`proxy-${encodeURIComponent(tag).replaceAll('%', '_')}`, { match })).status).toBe(201);
  });
  it('is no part of the command’s content: the same key with a newer version gets the first receipt', async () => {
    const version = await versionNow();
    const first = await spend('fresh', { match: `"${version}"` });
    expect(first.status).toBe(201);
    for (const match of [`"${version + 1}"`, `"${version}"`, undefined]) {
      const again = await spend('fresh', match === undefined ? {} : { match });
      expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([201, first.text, 'true']);
    }
    expect((await spend('fresh', { amount: '2' })).json['code']).toBe('command-id-reused');
  });
});

describe('the receipt of a command', () => {
  it('is for the role that sent it, auditors and admins; a repeat asks for the role as the command does', async () => {
    const first = await spend('role');
    expect(first.status).toBe(201);
    const asked = (token: string, query = '') => app.send('GET', `${p}/commands/role${query}`, { token });
    expect((await asked(justice)).status).toBe(200);
    const refused = await asked(clerk);
    expect([refused.status, refused.json['detail']]).toEqual([403, 'the command was sent by the role ministry; the token’s is finance']);
    for (const token of [auditor, admin]) expect((await asked(token, '?organisation=ministry-of-justice')).status).toBe(200);
    const repeated = await spend('role', { token: clerk });
    expect([repeated.status, repeated.json['code'], repeated.json['position']]).toEqual([403, 'forbidden', undefined]);
    expect((await spend('role')).text).toBe(first.text);
  });
});

describe('a token in the wrong place', () => {
  const offsets: [string, (token: string) => Promise<{ status: number; text: string }>][] = [
    ['a field’s name', (token) => app.send('POST', `${i}/spending`, { token, body: { transactionId: 'T', amount: '1', [token]: 1 } })],
    ['a field’s value', (token) => app.send('POST', `${i}/spending`, { token, body: { transactionId: 'T', amount: token } })],
    ['a title’s language', (token) => app.send('POST', `${i}/amendments`, { token, body: { title: { [token]: 'x' }, reason: 'why' } })],
    ['a parameter’s name', (token) => app.send('GET', `${i}?${token}=1`, { token })],
    ['a parameter', (token) => app.send('GET', `${p}/initiatives?status=${token}`, { token })],
    ['a cursor', (token) => app.send('GET', `${i}/history?cursor=${token}`, { token })],
    ['the key', (token) => app.send('POST', `${i}/spending`, { token, body: {}, headers: { 'idempotency-key': `Bearer ${token}` } })],
    ['a version', (token) => app.send('POST', `${i}/spending`, { token, body: {}, headers: { 'if-match': `"${token}"` } })],
    ['an address', (token) => app.send('GET', `/programmes/${token.slice(0, 127)}`, { token })],
    [
      'a line of a batch',
      (token) =>
        app.send('POST', `${p}/commands`, {
          token,
          body: `{"commandId":"b","type":"RecordSpending","initiative":"i","data":{"${token}":1}}\n{"${token}":1}\n${token}\n`,
          headers: { 'content-type': 'application/x-ndjson' },
        }),
    ],
  ];
  it.each(offsets)('such as %s is neither answered nor logged', async (_where, send) => {
    const token = await app.token('ministry', 'ministry-of-justice', 'u-1');
    const [header = '', claims = '', signature = ''] = token.split('.');
    const before = app.logged.length;
    const { text } = await send(token);
    const said = text + app.logged.slice(before).join('');
    for (const part of [claims, signature]) expect(said).not.toContain(part.slice(0, 40));
    expect(said).not.toContain(`${header}.`);
  });
});

describe('a moment', () => {
  it.each(['9999-12-31T23:59:59-23:59', '9999-12-31T23:59:59.999Z'])('of %s is after everything that is known', async (knownBy) => {
    expect((await app.send('GET', `${i}?knownBy=${knownBy}`)).status).toBe(200);
    expect((await app.send('GET', `${p}?knownBy=${knownBy}`)).status).toBe(200);
  });
  it('of 0000-01-01T00:00:00+23:59 is before everything', async () => {
    expect((await app.send('GET', `${i}?knownBy=0000-01-01T00:00:00%2B23:59`)).status).toBe(404);
    expect((await app.send('GET', `${p}?knownBy=0000-01-01T00:00:00%2B23:59`)).status).toBe(404);
  });
});

describe('the documentation', () => {
  it('has the files that its page asks for', async () => {
    for (const page of ['/docs', '/docs/swagger-ui-init.js']) expect((await app.send('GET', page)).status).toBe(200);
    const { text } = await app.send('GET', '/docs');
    const asked = [...text.matchAll(/(?:href|src)=["']\.\/([^"']+)["']/g)].map(([, file]) => `/${file ?? ''}`);
    expect(asked.length).toBeGreaterThan(4);
    for (const file of asked) expect([file, (await app.send('GET', file)).status]).toEqual([file, 200]);
  });
  it.each([
    'package.json',
    'absolute-path.js',
    'swagger-ui-bundle.js.map',
    'swagger-ui-es-bundle.js',
    'LICENSE',
    'index.html',
    'docs/swagger-ui-init.js',
    '',
  ])('has no file %j', async (file) => {
    const { status, json } = await app.send('GET', `/docs/${file}`);
    expect([status, json['code']]).toEqual([404, 'no-such-route']);
  });
});
