/** What reading answers, by position, form and time. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestApplication } from './testing/application.js';
import { i, openFundedInitiative, p, spending } from './testing/funded-initiative.js';

let app: TestApplication;
let [admin, justice, auditor] = ['', '', ''];

beforeAll(async () => {
  ({ app, admin, justice, auditor } = await openFundedInitiative());
  const { status } = await app.send('PUT', '/programmes/q', {
    token: admin,
    body: { title: { en: 'Q' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'none', years: 'multi-year' },
  });
  expect(status).toBe(201);
});
afterAll(() => app.close());

describe('a read', () => {
  it('at the position of a receipt sees what was written', async () => {
    const { json } = await app.send('POST', `${i}/spending`, { token: justice, body: spending({ transactionId: 'T-own' }) });
    const seen = await app.send('GET', i, { headers: { 'ledger-position': String(json['position']) } });
    expect(seen.json['version']).toBe(json['version']);
    expect(Number(seen.headers['ledger-position'])).toBeGreaterThanOrEqual(Number(json['position']));
  });
  it('at a position that is not there yet is answered 503 after a while', async () => {
    const { status, json, headers } = await app.send('GET', i, { headers: { 'ledger-position': '999999' } });
    expect([status, json['code'], headers['retry-after']]).toEqual([503, 'read-models-behind', '1']);
  });
  it('is answered 304 if the reader has the answer already', async () => {
    const first = await app.send('GET', i);
    const again = await app.send('GET', i, { headers: { 'if-none-match': String(first.headers['etag']) } });
    expect([again.status, again.text]).toEqual([304, '']);
  });
  it('of a list is answered page by page', async () => {
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
  it('of a list as CSV has formulas escaped', async () => {
    const { text, headers } = await app.send('GET', '/programmes/q/initiatives?q=a-1', {
      headers: { accept: 'text/csv', 'ledger-position': '4' },
    });
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    const [head, row] = text.split('\n');
    expect(head).toContain('initiative,version');
    expect(row).toContain(",'=cmd a-1,");
  });
  it('is answered as of a past day, and as known then', async () => {
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
  ])('of %s is answered 404', async (path) => {
    expect((await app.send('GET', path)).status).toBe(404);
  });
  it('of records has the exact bytes of each', async () => {
    const { text, headers } = await app.send('GET', `${p}/records?after=2`, { token: auditor });
    expect(headers['content-type']).toMatch(/ndjson/);
    const [entry] = (await app.ledger.entries()).filter(({ programme, position }) => programme === 'p' && position === 3);
    expect(text.split('\n')[0]).toBe(Buffer.from(entry!.bytes).toString());
    expect((await app.send('GET', '/programmes/nowhere/records', { token: auditor })).status).toBe(404);
  });
  it('of heads has the hash of each programme’s last record', async () => {
    const { json } = await app.send('GET', '/heads');
    expect(json['items']).toEqual(
      expect.arrayContaining([expect.objectContaining({ programme: 'p', hash: expect.stringMatching(/^[0-9a-f]{64}$/) })]),
    );
  });
});
