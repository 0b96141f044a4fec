import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCheckpoint } from '../proof/notes/checkpoint.js';
import { verifierIn } from '../proof/notes/signed-note.js';
import { leafOfRecord } from '../proof/tree/hashing.js';
import { TiledTree } from '../proof/tree/tiled-tree.js';
import { tilePath } from '../proof/tree/tiles.js';
import { openTestApplication, type TestApplication } from './testing/application.js';

let app: TestApplication;
/** The hashes of the programme's records, by position. */
let hashes: string[];

const checkpoint = async () => openCheckpoint((await app.send('GET', '/programmes/p/checkpoint')).text, verifierIn(app.checkpointKey('p')));

beforeAll(async () => {
  app = await openTestApplication();
  const send = async (role: 'admin' | 'finance' | 'ministry', method: 'PUT' | 'POST', path: string, body: object) =>
    app.send(method, path, { token: await app.token(role, role === 'ministry' ? 'ministry-of-justice' : 'o'), body });
  await send('admin', 'PUT', '/programmes/p', { title: { en: 'P' }, currency: 'KGS', timeZone: 'UTC', ceiling: 'none', years: 'annual' });
  await send('ministry', 'POST', '/programmes/p/initiatives', { initiative: 'i', title: { en: 'I' }, authority: 'ministry-of-justice' });
  await send('finance', 'POST', '/programmes/p/initiatives/i/funding', { fundingId: 'F-1', fiscalYear: 2024, amount: '5' });
  const lines = Array.from({ length: 270 }, (_, at) => ({
    commandId: `s-${at}`,
    type: 'RecordSpending',
    initiative: 'i',
    occurredOn: '2024-06-01',
    data: { transactionId: `T-${at}`, amount: '1', payee: 'Marked Payee' },
  }));
  await app.send('POST', '/programmes/p/commands', {
    token: await app.token('ministry', 'ministry-of-justice'),
    body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    headers: { 'content-type': 'application/x-ndjson' },
  });
  const { text } = await app.send('GET', '/programmes/p/records', { token: await app.token('auditor', 'chamber-of-accounts') });
  hashes = text
    .trimEnd()
    .split('\n')
    .map((line) => createHash('sha256').update(line).digest('hex'));
  expect(hashes.length).toBe(273);
  while ((await app.send('GET', '/programmes/p/checkpoint')).status !== 200 || (await checkpoint()).size < hashes.length)
    await new Promise((resolve) => setTimeout(resolve, 20));
});
afterAll(() => app.close());

describe('the checkpoint of a programme', () => {
  it('is a signed note of its tree, which caches keep for a second', async () => {
    const { headers, text } = await app.send('GET', '/programmes/p/checkpoint');
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=1' });
    expect(text.split('\n').slice(0, 2)).toEqual(['ledger.test/p', '273']);
  });

  it('has the root of the tiles, which are the hashes of the hashes of the records', async () => {
    const { size, root } = await checkpoint();
    const tree = new TiledTree(size, async (tile) => {
      const { statusCode, rawPayload } = await app.application.inject(`/programmes/p/tile/${tilePath(tile)}`);
      expect(statusCode).toBe(200);
      return rawPayload;
    });
    expect(Buffer.from(await tree.root())).toEqual(Buffer.from(root));
    for (const index of [0, 255, 256, 272]) expect(Buffer.from(await tree.leaf(index))).toEqual(Buffer.from(leafOfRecord(hashes[index]!)));
  });

  it('does not exist for a programme without a record', async () => {
    const { status, json } = await app.send('GET', '/programmes/q/checkpoint');
    expect({ status, code: json['code'], detail: json['detail'] }).toEqual({
      status: 404,
      code: 'no-checkpoint',
      detail: 'no checkpoint of q is signed: one is, within seconds of its first record',
    });
  });
});

describe('a tile', () => {
  it.each([
    ['0/000', 8_192, 'public, max-age=31536000, immutable'],
    ['0/000.p/255', 8_160, 'public, max-age=60'],
    ['0/001.p/17', 544, 'public, max-age=60'],
    ['1/000.p/1', 32, 'public, max-age=60'],
  ])('%s is %i bytes, and kept as %j', async (path, bytes, cache) => {
    const { status, headers } = await app.send('GET', `/programmes/p/tile/${path}`);
    expect({ status, ...headers }).toMatchObject({
      status: 200,
      'content-type': 'application/octet-stream',
      'content-length': String(bytes),
      'cache-control': cache,
    });
  });

  it('is kept by no cache if it was read with a token', async () => {
    const { headers } = await app.send('GET', '/programmes/p/tile/0/000', { token: await app.token('auditor', 'chamber-of-accounts') });
    expect(headers['cache-control']).toBe('no-store');
  });

  it.each(['0/001', '0/001.p/18', '0/002', '1/000', '2/000.p/1', '0/x001/000', '0/x001/x000/000', '0/x001/x000/x000/000', '1/001.p/1'])(
    '%s is none of a tree of 273 records',
    async (path) => {
      const { status, json } = await app.send('GET', `/programmes/p/tile/${path}`);
      expect([status, json['code']]).toEqual([404, 'no-such-tile']);
      expect(json['detail']).toMatch(/^the tree of p has no \d+ hashes there: its checkpoint says how many records it has$/);
    },
  );

  it.each(['0/0', '00/000', '64/000', '0/000.p/0', '0/000.p/256', '0/x000/001', '0/000/1', 'entries/000', '0/x000/x000/x000/001'])(
    '%s is no address of one',
    async (path) => {
      const { status, json } = await app.send('GET', `/programmes/p/tile/${path}`);
      expect([status, json['detail']]).toEqual([404, 'write a tile as level/number, such as 0/000, 0/x001/234 or 0/000.p/7']);
    },
  );

  it('is refused in another form', async () => {
    const { status } = await app.send('GET', '/programmes/p/tile/0/000', { headers: { accept: 'application/json' } });
    expect(status).toBe(406);
  });
});
