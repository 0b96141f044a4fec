/** A ledger that only people who are signed in may read. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair } from 'jose';
import { goodClaims, openTestApplication, type TestApplication } from '../../http/testing/application.js';
import { TokenVerifier } from '../../http/tokens.js';
import { publicPages } from '../public-pages.js';
import { Person } from './testing/person.js';
import { secret } from './testing/workplace.js';
import { workspaceControllers, workspaceProviders } from './workspace.js';

describe('a ledger whose reading is not public', () => {
  let app: TestApplication;
  let token: string;
  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA');
    const tokens = new TokenVerifier({ key: publicKey, issuer: 'issuer', audience: 'ledger', type: 'at+jwt', now: () => Date.now() });
    app = await openTestApplication({
      tokens,
      pages: [...publicPages, ...workspaceControllers],
      pageProviders: workspaceProviders({ sessionSecret: secret, commandsUrl: '' }),
      publicReading: false,
    });
    const sign = (role: string) => app.sign({ ...goodClaims, role }, { alg: 'EdDSA' }, privateKey);
    token = await sign('ministry');
    const established = await app.send('PUT', '/programmes/p', {
      token: await sign('admin'),
      body: { title: { en: 'Closed' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' },
    });
    expect(established.status).toBe(201);
  });
  afterAll(() => app.close());

  it('leads a browser from every page to the page to sign in, and back', async () => {
    const person = new Person(app.application);
    await person.get('/p/p/initiatives?status=funded&lang=en');
    expect([person.seen.status, person.seen.headers['cache-control']]).toEqual([303, 'no-store']);
    await person.follow();
    await person.send('/workspace/sign-in?lang=en', { token });
    expect(person.seen.headers['location']).toBe('/p/p/initiatives?status=funded&lang=en');
    const { status, text, headers } = await person.follow();
    expect([status, text.includes('<h1'), headers['cache-control']]).toEqual([200, true, 'no-store']);
  });

  it('opens every page, list and stream to a session, and nothing that needs a token', async () => {
    const person = await Person.signedIn(app.application, token);
    for (const path of ['/', '/p/p', '/p/p/notices', '/embed/p/p', '/programmes/p', '/programmes/p/initiatives'])
      expect([path, (await person.get(path)).status]).toEqual([path, 200]);
    expect((await person.get('/programmes/p/records?after=0')).status).toBe(401);
    const sent = await app.application.inject({
      method: 'POST',
      url: '/programmes/p/initiatives',
      headers: { cookie: person.cookie, 'content-type': 'application/json' },
      payload: '{}',
    });
    expect(sent.statusCode).toBe(401);
  });

  it('answers programs without a token as before', async () => {
    const answer = await app.send('GET', '/programmes/p');
    expect([answer.status, answer.json['code']]).toEqual([401, 'token-missing']);
    expect((await app.send('GET', '/p/p', { token })).status).toBe(200);
  });

  it('is closed again when the session ends', async () => {
    const person = await Person.signedIn(app.application, token);
    await person.get('/workspace/p/p');
    await person.send('/workspace/sign-out');
    expect((await person.get('/p/p')).status).toBe(303);
  });
});
