/** What the log says about requests that are denied. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { goodClaims, openTestApplication, testLimits, type TestApplication } from './testing/application.js';
import { i, openFundedInitiative, p, spending } from './testing/funded-initiative.js';

let app: TestApplication;
let [justice, health] = ['', ''];

beforeAll(async () => {
  ({ app, justice, health } = await openFundedInitiative());
});
afterAll(() => app.close());

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
  it('names the holder of a role that is not allowed', async () => {
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
  it('has no part of a token, accepted or refused', async () => {
    const own = await openTestApplication();
    const [accepted, refused] = [await own.token('ministry', 'ministry-of-justice'), await own.sign({ ...goodClaims, exp: 1_000_000_000 })];
    const answers = [
      await own.send('GET', `${p}/records`, { token: accepted }),
      await own.send('GET', `${p}/records`, { token: refused }),
      await own.send('POST', `${i}/spending`, { token: accepted, body: { [accepted]: refused } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 401, 400]);
    expect(own.logged).toHaveLength(3);
    await expect(own.close()).resolves.toBeUndefined();
  });
  it.each([
    ['a whole token', (token: string) => token],
    ['the claims of a token', (token: string) => token.split('.')[1]],
    ['the signature of a token', (token: string) => token.split('.')[2]],
  ])('fails a spec at its end if it holds %s', async (_what, part) => {
    const own = await openTestApplication();
    own.logged.push(`{"msg":"${part(await own.token('admin', 'cabinet')) ?? ''}"}\n`);
    await expect(own.close()).rejects.toThrow('the log holds tokens or parts of them');
  });
});
