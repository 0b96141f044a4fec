/** Every attack that was ever found to stop a ledger, repeated, each from an address of its own. */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Tokens } from '../../test/support/long-history.js';

type Attack = { name: string; text: string; connections: number; reads: boolean };

const mebibyte = 2 ** 20;
/** Milliseconds for which an attacker keeps its connections before it reconnects. */
const round = 2_000;

/** Attacks until told to stop, with the named attacks or all of them. @returns the number of connections of each attack */
export async function attacks(url: string, tokens: Tokens, only: readonly string[], signal: AbortSignal): Promise<Map<string, number>> {
  const { port } = new URL(url);
  const counts = new Map<string, number>();
  await Promise.all(
    kinds(tokens).map(async ({ name, text, connections, reads }, index) => {
      if (only.length > 0 && !only.includes(name)) return;
      while (!signal.aborted) {
        const sockets = Array.from({ length: connections }, () => attack(Number(port), `127.0.1.${index + 1}`, text, reads));
        counts.set(name, (counts.get(name) ?? 0) + connections);
        await pause(round);
        for (const socket of sockets) socket.destroy();
      }
    }),
  );
  return counts;
}

function attack(port: number, localAddress: string, text: string, reads: boolean): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  socket.write(text, 'latin1');
  if (reads) socket.resume();
  else socket.pause();
  return socket;
}

function kinds({ stranger }: Tokens): Attack[] {
  const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nhost: ledger\r\n${more}\r\n`;
  const post = (path: string, type: string, length: number, more = '') =>
    `POST ${path} HTTP/1.1\r\nhost: ledger\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n${more}\r\n`;
  const ndjson = 'application/x-ndjson';
  const token = `authorization: Bearer ${stranger}\r\n`;
  const body = (text: string) => post('/programmes/p/commands', ndjson, text.length, token) + text;
  const junk = `{"commandId":"j","type":"AmendInitiative","initiative":"i-1","data":{${'"jjjjjjjjjjjjjjjj":1,'.repeat(100_000)}"a":1}}\n`;
  const forbidden = Array.from({ length: 200 }, (_, index) =>
    JSON.stringify({
      commandId: `x-${index}`,
      type: 'RecordSpending',
      initiative: 'i-1',
      data: { transactionId: `X-${index}`, amount: '1', description: 'x'.repeat(900) },
    }),
  ).join('\n');
  const reading = [
    get('/programmes/p/initiatives/i-0/history?limit=1&occurredBy=1990-01-01'),
    get('/programmes/p/initiatives/i-0?knownBy=1990-01-01T00:00:00Z'),
    get('/programmes/p/initiatives?q=zz&limit=1000'),
    get('/programmes/p/initiatives?limit=1000', 'accept: text/csv\r\n'),
    get('/programmes/p?occurredBy=2020-01-01'),
  ].join('');
  return [
    { name: 'pipelined lists never read', text: get('/programmes/p/initiatives?limit=1000').repeat(1_200), connections: 10, reads: false },
    { name: 'the most expensive reads', text: reading, connections: 64, reads: true },
    { name: 'bodies without a token', text: post('/programmes/p/commands', ndjson, 15 * mebibyte), connections: 100, reads: true },
    { name: 'bodies that stall', text: post('/programmes/p/commands', ndjson, 15 * mebibyte, token), connections: 20, reads: true },
    { name: 'junk fields', text: body(junk), connections: 2, reads: true },
    { name: 'forbidden batches', text: body(forbidden), connections: 4, reads: true },
    { name: 'records never read', text: get('/programmes/p/records', token), connections: 20, reads: false },
    { name: 'waits for a position', text: get('/programmes/p', 'ledger-position: 999999999\r\n'), connections: 1_020, reads: true },
    // Beside the waits above: a follower that asked as readers do once kept the whole process busy.
    { name: 'streams of changes', text: get('/programmes/p/changes?after=0'), connections: 60, reads: false },
    { name: 'headers that stall', text: 'GET /programmes HTTP/1.1\r\nhost: ledger\r\n', connections: 200, reads: true },
    { name: 'not HTTP', text: `\u0016\u0003\u0001${'x'.repeat(2_000)}`, connections: 20, reads: true },
  ];
}
