/** Compares commands and reads over HTTP with an endpoint that does nothing, and the batch endpoint with bare group commits. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownKey, signToken } from '../apps/standalone/own-key.js';
import type { Role } from '../libs/domain/vocabulary.js';
import { makeLoad, type Loaded } from './load.js';
import { compare, rate, type Comparison } from './rounds.js';
import { startLedger, startYardstick } from './processes.js';
import { bareGroupCommits } from './bare.js';

const connections = 64;
const seconds = 6;
const rounds = 3;
/** The number of commands in one request to the batch endpoint. */
export const linesOfBatch = 10_000;
const year = new Date().getUTCFullYear();
const claims = { issuer: 'initiative-ledger', audience: 'initiative-ledger', type: 'at+jwt' };

export type HttpFigures = { comparisons: Comparison[]; batched: Comparison; p50: number; p99: number; behindSeconds: number };

export async function measureHttp(): Promise<HttpFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-bench-'));
  const ledger = await startLedger(folder);
  const yardstick = await startYardstick(folder);
  try {
    const tokens = await tokensOf(folder);
    await prepare(ledger.url, tokens);

    let sent = 0;
    const latencies: { p50: number[]; p99: number[] } = { p50: [], p99: [] };
    const post = (url: string) => async () => {
      const { perSecond, next, p50, p99 } = await load(url, tokens.ministry, sent);
      sent = next;
      if (url === ledger.url) {
        latencies.p50.push(p50);
        latencies.p99.push(p99);
      }
      return perSecond;
    };
    await post(ledger.url)();
    const commands = await compare(
      'durable commands over HTTP, 64 connections',
      'commands/s',
      0.6,
      rounds,
      post(ledger.url),
      post(yardstick.url),
    );
    const metrics = await (await fetch(`${ledger.url}/metrics`)).text();
    const behindSeconds = Number(/^ledger_projection_lag_seconds (\S+)/m.exec(metrics)?.[1] ?? 0);

    const get = (url: string) => async () => {
      const headers = { authorization: `Bearer ${tokens.auditor}` };
      const { perSecond } = await makeLoad({ url, method: 'GET', headers, path: '/programmes/p/initiatives/i-7', connections, seconds });
      return perSecond;
    };
    await until(
      async () => Number(/^ledger_projection_lag_records (\S+)/m.exec(await (await fetch(`${ledger.url}/metrics`)).text())?.[1] ?? 1) === 0,
    );
    const reads = await compare('reading one initiative', 'reads/s', 0.8, rounds, get(ledger.url), get(yardstick.url));

    const batches = 5;
    const records: Uint8Array[] = [];
    const lines = () =>
      Array.from({ length: linesOfBatch }, (_, index) => {
        const id = `B-${sent++}`;
        return `{"commandId":"${id}","type":"RecordSpending","initiative":"i-${index % 1_000}","data":{"transactionId":"${id}","amount":"100"}}`;
      }).join('\n');
    const batch = async () => {
      const bodies = Array.from({ length: batches }, lines);
      return rate(linesOfBatch * batches, async () => {
        for (const body of bodies) {
          const response = await fetch(`${ledger.url}/programmes/p/commands`, {
            method: 'POST',
            headers: { authorization: `Bearer ${tokens.ministry}`, 'content-type': 'application/x-ndjson' },
            body,
          });
          const text = await response.text();
          if (!response.ok || text.includes('"status":4'))
            throw new Error(`a batch was answered ${response.status}: ${text.slice(0, 300)}`);
        }
      });
    };
    // Approximately the size of such a record.
    for (let index = 0; index < linesOfBatch * batches; index++) records.push(Buffer.alloc(620, 120));
    const batched = await compare('batch endpoint', 'commands/s', 0.4, rounds, batch, () => bareGroupCommits(records, folder));
    return {
      comparisons: [commands, reads, batched],
      batched,
      p50: Math.max(...latencies.p50),
      p99: Math.max(...latencies.p99),
      behindSeconds,
    };
  } finally {
    await yardstick.stop();
    await ledger.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

export type Tokens = { admin: string; finance: string; ministry: string; auditor: string };

/** A token for each role, signed with the key in a folder. */
export async function tokensOf(folder: string): Promise<Tokens> {
  const key = await ownKey(folder);
  const token = (role: Role, organisation: string) =>
    signToken(key, { role, organisation, subject: `${organisation}.${role}`, lifetime: '2h' }, claims);
  return {
    admin: await token('admin', 'cabinet'),
    finance: await token('finance', 'ministry-of-finance'),
    ministry: await token('ministry', 'm'),
    auditor: await token('auditor', 'chamber-of-accounts'),
  };
}

/** A programme with 1,000 funded initiatives. */
export async function prepare(url: string, tokens: Tokens): Promise<void> {
  const send = async (method: string, path: string, bearer: string, body: object) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  const title = { en: 'P' };
  await send('PUT', '/programmes/p', tokens.admin, { title, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'none', years: 'annual' });
  for (let index = 0; index < 1_000; index++) {
    const initiative = `i-${index}`;
    const of = { initiative, title: { en: `Initiative ${initiative}` }, authority: 'm' };
    await send('POST', '/programmes/p/initiatives', tokens.ministry, of);
    const funding = { fundingId: 'F', fiscalYear: year, amount: '99999999999' };
    await send('POST', `/programmes/p/initiatives/${initiative}/funding`, tokens.finance, funding);
  }
}

/** Records spending over many connections for some seconds. */
export function load(url: string, token: string, first: number): Promise<Loaded> {
  return makeLoad({
    url,
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    path: '/programmes/p/initiatives/{initiative}/spending',
    body: '{"transactionId":"T-{number}","amount":"100","payee":"Notary Systems","description":"Licences"}',
    connections,
    seconds,
    first,
  });
}
