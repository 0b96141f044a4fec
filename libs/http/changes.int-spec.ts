/** A programme's changes reach those who follow it, over a real connection. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
let url = '';
let [admin, finance] = ['', ''];
beforeAll(async () => {
  app = await openTestApplication();
  await app.application.listen(0, '127.0.0.1');
  const { port } = app.application.getHttpServer().address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
  [admin, finance] = await Promise.all([app.token('admin', 'cabinet'), app.token('finance', 'ministry-of-finance')]);
  await establish('followed');
});
afterAll(() => app.close());

const establish = (programme: string) =>
  app.send('PUT', `/programmes/${programme}`, {
    token: admin,
    body: { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'none', years: 'annual' },
  });
const grant = (programme: string, fiscalYear: number, amount = '100') =>
  app.send('POST', `/programmes/${programme}/appropriations`, { token: finance, body: { fiscalYear, amount, legalBasis: 'law' } });

type Change = { id: string; data: unknown };
/** The changes that a follower is told, as they come. */
async function* follow(path: string, headers: Record<string, string> = {}): AsyncGenerator<Change> {
  const left = new AbortController();
  const response = await fetch(url + path, { headers, signal: left.signal });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  try {
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [, id = '', data = ''] = /^id: (.*)\nevent: record\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
        text = text.slice(end + 2);
        if (id !== '') yield { id, data: JSON.parse(data) };
      }
    }
  } finally {
    left.abort();
  }
}
async function taken(changes: AsyncGenerator<Change>, count: number): Promise<Change[]> {
  const all: Change[] = [];
  while (all.length < count) {
    const next = await changes.next();
    if (next.done) break;
    all.push(next.value);
  }
  return all;
}
const granted = (position: number) => ({ id: String(position), data: { position, type: 'AppropriationGranted' } });

describe('a follower of a programme', () => {
  it('is told what was recorded after a position, then everything that is recorded, of a refusal its position alone', async () => {
    const changes = follow('/programmes/followed/changes?after=0');
    expect(await taken(changes, 1)).toEqual([{ id: '1', data: { position: 1, type: 'ProgrammeEstablished' } }]);
    await grant('followed', 2024);
    expect(await taken(changes, 1)).toEqual([granted(2)]);
    await grant('followed', 2024, '200');
    await grant('followed', 2025);
    expect(await taken(changes, 2)).toEqual([{ id: '3', data: { position: 3 } }, granted(4)]);
    await changes.return(undefined);
  });

  it.each([
    ['auditor', { position: 3, type: 'CommandRefused' }],
    ['admin', { position: 3, type: 'CommandRefused' }],
    ['finance', { position: 3 }],
  ] as const)('is told of a refusal, as %s, %j', async (role, data) => {
    const changes = follow('/programmes/followed/changes?after=2', { authorization: `Bearer ${await app.token(role, 'cabinet')}` });
    expect(await taken(changes, 2)).toEqual([{ id: '3', data }, granted(4)]);
    await changes.return(undefined);
  });

  it('goes on after the last event that it received', async () => {
    const changes = follow('/programmes/followed/changes', { 'last-event-id': '3' });
    expect(await taken(changes, 1)).toEqual([granted(4)]);
    await changes.return(undefined);
  });

  it('is told only what is new if it names no position, and nothing of other programmes', async () => {
    await establish('other');
    const response = await fetch(`${url}/programmes/followed/changes`);
    expect(response.headers.get('ledger-position')).toBe('4');
    await response.body?.cancel();
    const changes = follow('/programmes/followed/changes');
    const next = taken(changes, 1);
    await grant('other', 2024);
    for (let year = 2026; year < 2030; year++) await grant('followed', year);
    const [first] = await next;
    expect(Number(first?.id)).toBeGreaterThan(4);
    await changes.return(undefined);
  });

  it.each([
    ['/programmes/none/changes', {}, 404, 'unknown-programme'],
    ['/programmes/followed/changes?after=x', {}, 400, 'malformed'],
    ['/programmes/followed/changes', { 'last-event-id': 'x' }, 400, 'malformed'],
    ['/programmes/followed/changes', { accept: 'application/json' }, 406, 'not-acceptable'],
  ])('is told what is wrong with %s %j', async (path, headers, status, code) => {
    const response = await fetch(url + path, { headers: headers as Record<string, string> });
    const { code: told } = (await response.json()) as { code: string };
    expect([response.status, told]).toEqual([status, code]);
  });

  it('has at most 20 streams open, and may open another when one is closed', async () => {
    const open = () => {
      const left = new AbortController();
      return fetch(`${url}/programmes/followed/changes`, { signal: left.signal }).then((response) => ({ response, left }));
    };
    const streams = await Promise.all(Array.from({ length: 20 }, open));
    expect(streams.map(({ response }) => response.status)).toEqual(Array(20).fill(200));
    const { response: refused } = await open();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    await refused.body?.cancel();
    streams[0]?.left.abort();
    let status = 503;
    while (status === 503) {
      const again = await open();
      ({ status } = again.response);
      again.left.abort();
    }
    expect(status).toBe(200);
    for (const { left } of streams) left.abort();
  });
});

it('clients that leave before their streams begin take up no streams', async () => {
  for (let round = 0; round < 40; round++) {
    const left = new AbortController();
    const asked = fetch(`${url}/programmes/followed/changes`, { signal: left.signal }).catch(() => undefined);
    for (let turn = 0; turn < round % 8; turn++) await new Promise((next) => setImmediate(next));
    left.abort();
    await asked;
  }
  let status = 503;
  while (status === 503) {
    const response = await fetch(`${url}/programmes/followed/changes`);
    ({ status } = response);
    await response.body?.cancel();
  }
  expect(status).toBe(200);
});

it('streams end when the ledger is closed', async () => {
  const closing = await openTestApplication();
  await closing.send('PUT', '/programmes/p', {
    token: await closing.token('admin', 'cabinet'),
    body: { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'none', years: 'annual' },
  });
  await closing.application.listen(0, '127.0.0.1');
  const server = closing.application.getHttpServer();
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/programmes/p/changes`);
  expect(response.status).toBe(200);
  const closed = once(server, 'close');
  await closing.close();
  await closed;
  expect(Buffer.from(await response.arrayBuffer()).toString()).toMatch(/^retry: \d+\n\n$/);
});
