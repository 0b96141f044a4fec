import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestApplication, testLimits, type TestApplication } from '../testing/application.js';
import { answerIn, askRaw, portOf, received, sendOn } from '../testing/raw.js';

let app: TestApplication;
let port: number;
let token: string;
beforeAll(async () => {
  app = await openTestApplication({ limits: { ...testLimits, requestTimeout: 1_500 } });
  port = await portOf(app.application);
  token = await app.token('ministry', 'ministry-of-justice');
});
afterAll(() => app.close());

const end = 'host: ledger\r\nconnection: close\r\n\r\n';
const commands = (headers: string, body = '') =>
  `POST /programmes/p/commands HTTP/1.1\r\nauthorization: Bearer ${token}\r\n${headers}host: ledger\r\n\r\n${body}`;

describe('every answer that is no success is a problem, whichever part of the server gives it', () => {
  const requests: [string, () => string, number, string][] = [
    ['a route that is not there', () => `GET /nowhere HTTP/1.1\r\n${end}`, 404, 'no-such-route'],
    [
      'a route that is not there, with a body',
      () => `POST /nowhere HTTP/1.1\r\ncontent-type: application/x-ndjson\r\ncontent-length: 9999999\r\n${end}`,
      404,
      'no-such-route',
    ],
    ['a method that no route takes', () => `BREW /programmes HTTP/1.1\r\n${end}`, 400, 'malformed'],
    ['an address with a part that is too long', () => `GET /programmes/${'x'.repeat(200)} HTTP/1.1\r\n${end}`, 414, 'address-too-long'],
    ['an address that is too long', () => `GET /programmes/p?q=${'x'.repeat(20_000)} HTTP/1.1\r\n${end}`, 431, 'headers-too-large'],
    ['headers that are too large', () => `GET /programmes HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n${end}`, 431, 'headers-too-large'],
    ['bad encoding in the address', () => `GET /programmes/%zz HTTP/1.1\r\n${end}`, 400, 'malformed'],
    ['half a character in the address', () => `GET /programmes/%c3 HTTP/1.1\r\n${end}`, 400, 'malformed'],
    ['an address that is none', () => `GET programmes HTTP/1.1\r\n${end}`, 400, 'malformed'],
    ['an asterisk', () => `OPTIONS * HTTP/1.1\r\n${end}`, 404, 'no-such-route'],
    ['a proxy’s method', () => `CONNECT ledger:80 HTTP/1.1\r\n${end}`, 405, 'method-not-allowed'],
    ['no host', () => 'GET /programmes HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'malformed'],
    ['no HTTP', () => 'HELO ledger\r\n\r\n', 400, 'malformed'],
    ['another version of HTTP', () => `GET /programmes HTTP/9.9\r\n${end}`, 400, 'malformed'],
    ['a header without a name', () => `GET /programmes HTTP/1.1\r\n: x\r\n${end}`, 400, 'malformed'],
    ['two lengths', () => `POST /programmes HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n${end}`, 400, 'malformed'],
    [
      'a length and chunks',
      () => `POST /programmes HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n${end}`,
      400,
      'malformed',
    ],
    [
      'a chunk that is none',
      () => commands('content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n', 'zz\r\n'),
      400,
      'malformed',
    ],
    ['an expectation that can’t be met', () => `GET /programmes HTTP/1.1\r\nexpect: tea\r\n${end}`, 417, 'expectation-failed'],
    ['no token', () => `POST /programmes/p/commands HTTP/1.1\r\ncontent-length: 16000000\r\n${end}`, 401, 'token-missing'],
    ['another content type', () => commands('content-type: application/json\r\ncontent-length: 9\r\n'), 415, 'unsupported-media-type'],
    ['no content type', () => commands('content-length: 9\r\n'), 415, 'unsupported-media-type'],
    ['a content type that is none', () => commands('content-type: ;;\r\ncontent-length: 9\r\n'), 415, 'unsupported-media-type'],
    [
      'a body that is too large',
      () => commands('content-type: application/x-ndjson\r\ncontent-length: 99999999\r\n'),
      413,
      'body-too-large',
    ],
    ['a body that never comes', () => commands('content-type: application/x-ndjson\r\ncontent-length: 9\r\n'), 408, 'request-timeout'],
    ['headers that never end', () => 'GET /programmes HTTP/1.1\r\nhost: ledger\r\n', 408, 'request-timeout'],
  ];
  it.each(requests)('%s', async (_what, request, status, code) => {
    const { status: got, headers, body } = await askRaw(port, request());
    expect([got, headers['content-type']]).toEqual([status, expect.stringMatching(/^application\/problem\+json(?:; charset=utf-8)?$/)]);
    expect(JSON.parse(body)).toEqual({
      type: `urn:initiative-ledger:problem:${code}`,
      title: expect.stringMatching(/^(?!Error)/),
      status,
      detail: expect.any(String),
      code,
    });
  });

  it('a body is asked for with 100-continue, once its sender may send it', async () => {
    const head = 'content-type: application/x-ndjson\r\ncontent-length: 3\r\nexpect: 100-continue\r\nconnection: close\r\n';
    const socket = sendOn(port, commands(head));
    expect(answerIn(await received(socket, (text) => text.includes('\r\n\r\n'))).status).toBe(100);
    socket.write('{}\n');
    expect(answerIn(await received(socket)).status).toBe(200);
    const { status } = await askRaw(port, `POST /programmes/p/commands HTTP/1.1\r\n${head}host: ledger\r\n\r\n`);
    expect(status).toBe(401);
  });
});
