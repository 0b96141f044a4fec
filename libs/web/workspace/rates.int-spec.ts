import { afterEach, describe, expect, it } from '@jest/globals';
import { openTestApplication, testLimits, type TestApplication } from '../../http/testing/application.js';
import { Person } from './testing/person.js';
import { secret } from './testing/workplace.js';
import { workspaceControllers, workspaceProviders } from './workspace.js';

let app: TestApplication;
afterEach(() => app.close());

async function open(withoutToken: number, withToken: number): Promise<void> {
  app = await openTestApplication({
    limits: { ...testLimits, rate: { withoutToken, withToken } },
    pages: workspaceControllers,
    pageProviders: workspaceProviders({ sessionSecret: secret, commandsUrl: '' }),
  });
  const admin = await app.token('admin', 'cabinet');
  const body = { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'none', years: 'annual', occurredOn: '2024-01-01' };
  expect((await app.send('PUT', '/programmes/p', { token: admin, body })).status).toBe(201);
}
const clerkOf = async (sub?: string) => {
  const token = await app.token('ministry', 'ministry-of-justice', sub);
  return { token, clerk: await Person.signedIn(app.application, token) };
};
/** The number of requests that are served before one is refused for its rate. */
async function servedOf(ask: () => Promise<{ status: number }>): Promise<number> {
  for (let served = 0; ; served++) if ((await ask()).status === 429) return served;
}

describe('the minute of a workspace session', () => {
  it('is that of its token, whichever way it is used, and separate from those of others', async () => {
    await open(1_000, 40);
    const [{ token, clerk }, { clerk: other }] = [await clerkOf('u-1'), await clerkOf('u-2')];
    expect((await clerk.get('/workspace/p/p')).status).toBe(200);
    expect(await servedOf(() => app.send('GET', '/programmes', { token }))).toBeLessThan(40);
    const { status, headers } = await clerk.get('/workspace/p/p');
    expect([status, Number(headers['retry-after']) <= 60]).toEqual([429, true]);
    expect((await other.get('/workspace/p/p')).status).toBe(200);
  });

  it('is separate from that of the network it is used from', async () => {
    await open(100, 1_000);
    const { clerk } = await clerkOf();
    await servedOf(() => app.send('GET', '/workspace/sign-in'));
    expect((await clerk.get('/workspace/p/p')).status).toBe(200);
  });

  it('pays for a file by its size before anything of it is read', async () => {
    await open(1_000, 150);
    const { clerk } = await clerkOf();
    const path = '/workspace/p/p/upload';
    expect((await clerk.get(path)).status).toBe(200);
    const form = clerk.seen;
    expect((await clerk.upload(path, Buffer.alloc(100 * 1_024, 'x'))).status).toBe(303);
    clerk.seen = form;
    expect((await clerk.upload(path, Buffer.alloc(100 * 1_024, 'x'))).status).toBe(429);
  });

  it('pays for a form by its size', async () => {
    await open(1_000, 40);
    const { clerk } = await clerkOf();
    const sent = [await clerk.post('/workspace/p/p/send/proposal', `title=${'x'.repeat(30 * 1_024)}`)];
    sent.push(await clerk.post('/workspace/p/p/send/proposal', `title=${'x'.repeat(30 * 1_024)}`));
    expect(sent.map(({ status }) => status)).toEqual([403, 429]);
  });

  it('is that of the network once the session is over', async () => {
    await open(100, 1_000);
    const { clerk } = await clerkOf();
    clerk.cookie = `${clerk.cookie.slice(0, -4)}AAAA`;
    const { status, headers } = await clerk.get('/workspace/p/p');
    expect([status, headers['location']]).toEqual([303, '/workspace/sign-in?next=%2Fworkspace%2Fp%2Fp']);
    expect(await servedOf(() => clerk.get('/workspace/p/p'))).toBeLessThan(100);
    expect((await app.send('GET', '/workspace/sign-in')).status).toBe(429);
  });
});
