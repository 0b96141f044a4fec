/** Every error that a person can meet, as a page in each language, and as problem details for programs. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, testLimits, type TestApplication } from '../http/testing/application.js';
import { ReadModelsUnavailable } from '../read-models/ports.js';
import { MemoryReadModels } from '../read-models/memory/memory-read-models.js';
import { pageOfProblem } from './problem-pages.js';
import { publicPages } from './public-pages.js';
import { languages, Speech } from './speech.js';
import { Person } from './workspace/testing/person.js';
import { secret } from './workspace/testing/workplace.js';
import { workspaceControllers, workspaceProviders } from './workspace/workspace.js';

/** What a browser accepts of a page (Firefox). */
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
/** Read models that can be away. */
class Absent extends MemoryReadModels {
  isAway = false;
  override serving(): Promise<string | undefined> {
    return this.isAway ? Promise.reject(new ReadModelsUnavailable('away')) : super.serving();
  }
}

let app: TestApplication;
const models = new Absent();
const pages = { pages: [...publicPages, ...workspaceControllers], pageOfProblem };
const providers = () => workspaceProviders({ sessionSecret: secret, commandsUrl: '' });
beforeAll(async () => {
  app = await openTestApplication({ ...pages, pageProviders: providers() }, models);
  const body = { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'none', years: 'annual', occurredOn: '2024-01-01' };
  const { status, json } = await app.send('PUT', '/programmes/p', { token: await app.token('admin', 'cabinet'), body });
  expect(status).toBe(201);
  expect((await app.send('GET', '/programmes/p', { headers: { 'ledger-position': String(json['position']) } })).status).toBe(200);
});
afterAll(() => app.close());

/** Requests of people that are answered with an error, its status and the title of its page. */
const errors: [
  string,
  number,
  'requestRefused' | 'malformed' | 'signInNeeded' | 'notFound' | 'notThisForm' | 'tooLarge',
  Parameters<TestApplication['send']>,
][] = [
  ['an address that is written in another way', 404, 'notFound', ['GET', '/p//p']],
  ['an address that no page has', 404, 'notFound', ['GET', '/nowhere']],
  ['a programme that is not there', 404, 'notFound', ['GET', '/p/x']],
  ['a sort that no list has', 400, 'malformed', ['GET', '/p/p/initiatives?sort=colour']],
  ['a method that a page does not take', 405, 'requestRefused', ['DELETE', '/p/p']],
  ['a code that is longer than any', 414, 'requestRefused', ['GET', `/p/${'x'.repeat(200)}`]],
  ['a token that is not accepted', 401, 'signInNeeded', ['GET', '/p/p', { headers: { authorization: 'Bearer x' } }]],
  ['a form of another kind', 415, 'requestRefused', ['POST', '/workspace/sign-in', { body: {} }]],
  [
    'a form that is too large',
    413,
    'tooLarge',
    ['POST', '/workspace/sign-in', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'x'.repeat(70_000) }],
  ],
];

describe.each(languages)('a person who reads %s', (language) => {
  const speech = new Speech(language);
  const asBrowser = { accept: browser, 'accept-language': language };

  it.each(errors)('gets a page for %s (%i)', async (_what, expected, title, [method, path, { headers, ...sending } = {}]) => {
    const answer = await app.send(method, path, { ...sending, headers: { ...headers, ...asBrowser } });
    expect([answer.status, answer.headers['content-type']]).toEqual([expected, 'text/html; charset=utf-8']);
    expect(answer.text).toContain(`<html lang="${language}"`);
    expect(answer.text).toContain(`${speech.say(title)}</h1>`);
    expect(String(answer.headers['content-security-policy'])).toContain("default-src 'none'");
    expect(answer.headers['cache-control'] ?? 'no-store').toBe('no-store');
  });

  it('gets links to this ledger alone, also for an address that begins as one of another host', async () => {
    const { status, text } = await app.send('GET', '//evil.example/x', { headers: asBrowser });
    expect(status).toBe(404);
    expect(text).toContain('href="/evil.example/x?lang=');
    expect(text).not.toContain('"//');
  });

  it('gets a page while the ledger cannot answer (503)', async () => {
    models.isAway = true;
    try {
      for (const path of ['/p/p', '/p/p/entries.csv', '/embed/p/p']) {
        const { status, text } = await app.send('GET', path, { headers: asBrowser });
        expect([path, status, text.includes(speech.say('unavailableText'))]).toEqual([path, 503, true]);
      }
    } finally {
      models.isAway = false;
    }
  });

  it('gets a page for an action of another role (403)', async () => {
    const clerk = await Person.signedIn(app.application, await app.token('ministry', 'ministry-of-justice'));
    const { status, text } = await clerk.get(`/workspace/p/p/funding?lang=${language}`);
    expect([status, text.includes(speech.say('notAllowedText')), text.includes(speech.say('notYours'))]).toEqual([403, true, true]);
  });
});

describe('a person who asks too often (429)', () => {
  it('is told when to go on, on a page', async () => {
    const limited = await openTestApplication({
      ...pages,
      pageProviders: providers(),
      limits: { ...testLimits, rate: { withoutToken: 20, withToken: 20 } },
    });
    try {
      for (const path of ['/workspace/sign-in', '/', '/embed/p/p'])
        for (const language of languages) {
          const ask = () => limited.send('GET', path, { headers: { accept: browser, 'accept-language': language } });
          let answer = await ask();
          while (answer.status !== 429) answer = await ask();
          const seconds = Number(answer.headers['retry-after']);
          expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
          expect(answer.text).toContain(new Speech(language).say('tooManyText', { seconds }));
        }
    } finally {
      await limited.close();
    }
  });
});

describe('a program', () => {
  it.each([
    ['which names no form', '/nowhere', 404, {}],
    ['which accepts anything', '/nowhere', 404, { accept: '*/*' }],
    ['which asks at an address of programs', '/programmes/x', 404, { accept: browser }],
    ['which prefers JSON', '/nowhere', 404, { accept: 'application/json, text/html;q=0.1' }],
    ['which asks for a form that a list does not have', '/programmes', 406, { accept: 'text/html' }],
  ])('%s gets problem details', async (_what, path, expected, headers) => {
    const { status, headers: answered } = await app.send('GET', path, { headers });
    expect([status, String(answered['content-type']).split(';')[0]]).toEqual([expected, 'application/problem+json']);
  });
});
