import { afterEach, describe, expect, it } from '@jest/globals';
import { openTestApplication, testLimits, type TestApplication } from '../testing/application.js';

let app: TestApplication;
afterEach(() => app.close());
const open = async (withoutToken: number, withToken = 1_000_000, trustedProxies: string[] = []) => {
  app = await openTestApplication({ limits: { ...testLimits, rate: { withoutToken, withToken }, trustedProxies } });
};
/** The statuses of a number of requests, one after another. */
async function statusesOf(times: number, ask: (time: number) => Promise<{ status: number }>): Promise<number[]> {
  const statuses: number[] = [];
  for (let time = 0; time < times; time++) statuses.push((await ask(time)).status);
  return statuses;
}
const ndjson = { 'content-type': 'application/x-ndjson' };

describe('a client’s minute', () => {
  it('is counted in units: a search or a question about the past costs ten, health nothing, and a refused request is charged too', async () => {
    await open(12);
    expect(await statusesOf(3, () => app.send('GET', '/health/live'))).toEqual([200, 200, 200]);
    expect((await app.send('GET', '/programmes/p/initiatives?q=x')).status).toBe(404);
    expect((await app.send('POST', '/programmes/p/commands')).status).toBe(401);
    expect(await statusesOf(2, () => app.send('GET', '/programmes'))).toEqual([200, 429]);
    const { status, json, headers } = await app.send('GET', '/nowhere');
    expect([status, json['code'], Number(headers['retry-after']) <= 60]).toEqual([429, 'too-many-requests', true]);
    expect(await statusesOf(2, () => app.send('GET', '/health/ready'))).toEqual([200, 200]);
  });

  it.each(['q=x', '%71=x', 'knownBy=x', 'known%42y=x', 'occurredBy=x', 'limit=1&occurred%42y=x', 'happened=x', 'known=x'])(
    'costs ten for ?%s, however it is written',
    async (query) => {
      await open(19);
      expect(await statusesOf(2, () => app.send('GET', `/programmes/p?${query}`))).toEqual([400, 429]);
    },
  );

  it('of a token’s holder is separate from those of others and of the address, and larger', async () => {
    await open(1, 5);
    const [justice, health] = [await app.token('ministry', 'ministry-of-justice'), await app.token('ministry', 'ministry-of-health')];
    expect(await statusesOf(6, () => app.send('GET', '/programmes', { token: justice }))).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await app.send('GET', '/programmes', { token: health })).status).toBe(200);
    expect(await statusesOf(2, () => app.send('GET', '/programmes'))).toEqual([200, 429]);
  });

  it('is checked before a token is verified: an address without units has no new token verified, and known ones are served', async () => {
    await open(2);
    const [known, fresh] = [await app.token('ministry', 'ministry-of-justice'), await app.token('ministry', 'ministry-of-health')];
    expect((await app.send('GET', '/programmes', { token: known })).status).toBe(200);
    expect(await statusesOf(3, () => app.send('GET', '/programmes', { token: `${fresh}x` }))).toEqual([401, 401, 429]);
    const { status, headers } = await app.send('GET', '/programmes', { token: fresh });
    expect([status, Number(headers['retry-after']) <= 60]).toEqual([429, true]);
    expect((await app.send('GET', '/programmes', { token: known })).status).toBe(200);
  });

  it('counts the bytes of bodies, the commands of batches and the bytes of answers', async () => {
    await open(1, 40);
    const token = await app.token('ministry', 'ministry-of-justice');
    const other = await app.token('ministry', 'ministry-of-health');
    const send = (body: string) => app.send('POST', '/programmes/p/commands', { token, body, headers: ndjson });
    const sendToo = (body: string) => app.send('POST', '/programmes/p/commands', { token: other, body, headers: ndjson });
    expect(await statusesOf(2, () => send(`${'x'.repeat(30_000)}\n`))).toEqual([200, 429]);
    expect(await statusesOf(3, () => sendToo('{}\n'.repeat(30)))).toEqual([200, 200, 429]);
    await app.close();
    await open(30);
    expect(await statusesOf(2, () => app.send('GET', '/openapi.json'))).toEqual([200, 429]);
  });

  it('is the client’s own behind a trusted proxy, and the proxy’s behind any other', async () => {
    const ask = (address: (time: number) => string) => (time: number) =>
      app.send('GET', '/programmes', { headers: { 'x-forwarded-for': address(time) } });
    const clients = (time: number) => `192.0.2.${time + 1}`;
    await open(2, 1, ['127.0.0.0/8']);
    expect(await statusesOf(5, ask(clients))).toEqual([200, 200, 200, 200, 200]);
    // An IPv6 client has a network of 2⁶⁴ addresses.
    expect(
      await statusesOf(
        3,
        ask((time) => `2001:db8::${time + 1}`),
      ),
    ).toEqual([200, 200, 429]);
    expect((await ask(() => '2001:db8:0:1::1')(0)).status).toBe(200);
    for (const others of [[], ['10.0.0.0/8']]) {
      await app.close();
      await open(2, 1, others);
      expect(await statusesOf(5, ask(clients))).toEqual([200, 200, 429, 429, 429]);
    }
  });
});
