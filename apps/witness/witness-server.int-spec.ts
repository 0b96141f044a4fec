import { createHash, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { MemorySignedHeads } from '../../libs/proof/memory/memory-signed-heads.js';
import { signCheckpoint } from '../../libs/proof/notes/checkpoint.js';
import { cosignaturesIn } from '../../libs/proof/notes/cosignature.js';
import { publicKeyOf, readNote, verifierLine, verifierOf, type Signer } from '../../libs/proof/notes/signed-note.js';
import { nameOfKey } from '../../libs/proof/ports.js';
import { leafHash } from '../../libs/proof/tree/hashing.js';
import { longestRequest, writeAddCheckpoint } from '../../libs/proof/witness/add-checkpoint.js';
import { Witness, type Vouched } from '../../libs/proof/witness/witness.js';
import { witnessServer } from './witness-server.js';

const keyNamed = (name: string): Signer => ({ name, key: generateKeyPairSync('ed25519').privateKey });
const origin = 'ledger.example/p';
const [ledger, chamber, replayer] = [keyNamed(origin), keyNamed('chamber.example/w'), keyNamed('chamber.example/w/replay')];
const leaf = leafHash(Buffer.from('one'));
const note = signCheckpoint({ origin, size: 1, root: leaf }, ledger);
const first = writeAddCheckpoint({ old: 0, proof: [], checkpoint: note });
const hash = createHash('sha256').update(origin).digest('hex');

let server: FastifyInstance;
let vouched: Vouched = { as: 'later', why: 'records are being folded' };
beforeAll(async () => {
  const heads = new MemorySignedHeads();
  for (const { key } of [chamber, replayer]) await heads.begin(nameOfKey(publicKeyOf(key)));
  const options = { heads, logs: [verifierOf(ledger)], now: () => 1_700_000_000_000 };
  const witnesses = [
    { path: '', verifier: verifierOf(chamber), witness: new Witness({ ...options, signer: chamber }) },
    {
      path: '/replay',
      verifier: verifierOf(replayer),
      witness: new Witness({ ...options, signer: replayer, vouch: () => Promise.resolve(vouched) }),
    },
  ];
  server = witnessServer(witnesses, [origin], pino({ level: 'silent' }));
  await server.ready();
});
afterAll(() => server.close());

const post = async (path: string, payload: string, headers = {}) => {
  const { statusCode, body, headers: answered } = await server.inject({ method: 'POST', url: path, payload, headers });
  return { status: statusCode, text: body, type: answered['content-type'], retryAfter: answered['retry-after'] };
};
const get = async (path: string) => {
  const { statusCode, body, headers } = await server.inject({ url: path });
  return { status: statusCode, text: body, type: headers['content-type'] };
};
const asText = 'text/plain; charset=utf-8';

describe('a witness over HTTP', () => {
  it('has no checkpoint before it cosigned one', async () => {
    expect(await get(`/${hash}/checkpoint`)).toEqual({
      status: 404,
      text: 'no checkpoint of a log with this SHA-256 of its origin is cosigned here\n',
      type: asText,
    });
    expect((await get('/')).text).toBe(
      `${verifierLine(verifierOf(chamber), 'witness')}\n  ${origin}: nothing is cosigned yet\n  /${hash}/checkpoint\n\n` +
        `${verifierLine(verifierOf(replayer), 'witness')}\n  ${origin}: nothing is cosigned yet\n  /replay/${hash}/checkpoint\n`,
    );
  });

  it.each([{}, { 'content-type': 'application/octet-stream' }, { 'content-type': 'application/json' }])(
    'answers with its cosignature, whatever the type of the request: %j',
    async (headers) => {
      const size = Number((await post('/add-checkpoint', first, headers)).text);
      const old = Number.isNaN(size) ? 1 : size;
      const answer = await post('/add-checkpoint', writeAddCheckpoint({ old, proof: [], checkpoint: note }), headers);
      expect([answer.status, answer.type]).toEqual([200, asText]);
      expect(cosignaturesIn(answer.text, readNote(note).text, [verifierOf(chamber)])).toEqual([answer.text]);
    },
  );

  it('names the size that it cosigned in the type of the protocol', async () => {
    expect(await post('/add-checkpoint', first)).toEqual({ status: 409, text: '1\n', type: 'text/x.tlog.size', retryAfter: undefined });
  });

  it('shows what it cosigned, with the log’s signature', async () => {
    const { status, text } = await get(`/${hash}/checkpoint`);
    expect([status, text.startsWith(note), readNote(text).signatures.map(({ name }) => name)]).toEqual([
      200,
      true,
      [origin, 'chamber.example/w'],
    ]);
    expect((await get('/')).text).toContain(`  ${origin}: 1 records, cosigned 2023-11-14T22:13:20.000Z\n`);
  });

  it('keeps what it cosigns after a replay apart, and says when to ask again', async () => {
    expect(await post('/replay/add-checkpoint', first)).toEqual({
      status: 503,
      text: 'records are being folded\n',
      type: asText,
      retryAfter: '5',
    });
    vouched = { as: 'yes' };
    const { status, text } = await post('/replay/add-checkpoint', first);
    expect([status, cosignaturesIn(text, readNote(note).text, [verifierOf(replayer)])]).toEqual([200, [text]]);
  });

  it.each([
    ['', 400, 'the request must have an empty line before the checkpoint\n'],
    [
      writeAddCheckpoint({ old: 0, proof: [], checkpoint: signCheckpoint({ origin: 'x/y', size: 1, root: leaf }, keyNamed('x/y')) }),
      404,
      'no key of x/y is known here\n',
    ],
    ['old 0\n\n'.padEnd(longestRequest + 1, 'x'), 413, 'Request body is too large\n'],
  ])('says why it refuses %j', async (body, status, text) => {
    const answer = await post('/add-checkpoint', body);
    expect(answer).toMatchObject({ status, text });
  });

  it('describes itself to a client that asks for something else', async () => {
    expect(await get('/metrics')).toEqual({
      status: 404,
      text: 'this is a witness: POST add-checkpoint, or GET <SHA-256 of an origin>/checkpoint\n',
      type: asText,
    });
  });
});
