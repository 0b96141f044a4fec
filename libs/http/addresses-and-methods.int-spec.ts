/** Addresses, methods and ends of requests in forms that the ledger does not allow. */
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestApplication } from './testing/application.js';
import { i, openFundedInitiative, p, type FundedInitiative } from './testing/funded-initiative.js';

let app: TestApplication;
let [admin, justice] = ['', ''];
let recorded: FundedInitiative['recorded'];

beforeAll(async () => {
  ({ app, admin, justice, recorded } = await openFundedInitiative());
});
afterAll(() => app.close());

describe('an address', () => {
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
  it('has one spelling: any other does not exist, with or without a token', async () => {
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
});

describe('the method', () => {
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
  it('TRACE is answered nowhere', async () => {
    for (const path of ['/', p, i, '/docs']) expect(await app.sendRaw('TRACE', path)).toBeGreaterThanOrEqual(400);
  });
});

describe('a request', () => {
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
