/** Compares the ledger with the same journey on Emmett and its SQLite event store: commands over HTTP, bytes on disk, and losses after `kill -9`. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, prepare, tokensOf, type Tokens } from './http.js';
import { startEmmett, startLedger, type Server } from './processes.js';
import { compare, type Comparison } from './rounds.js';

const rounds = 3;
const kills = 20;
const senders = 64;

/** Counts after several `kill -9` under load, with senders that repeat unanswered commands. */
export type Killed = { acknowledged: number; lost: number; doubled: number };
export type EmmettFigures = {
  comparison: Comparison;
  bytesPerEvent: { ours: number; emmett: number };
  killed: { ours: Killed; emmett: Killed };
};

export async function measureEmmett(): Promise<EmmettFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-bench-'));
  const folders = { ours: await mkdtemp(join(folder, 'ours-')), emmett: await mkdtemp(join(folder, 'emmett-')) };
  const tokens = await tokensOf(folders.ours);
  try {
    const ours = await startLedger(folders.ours);
    const emmett = await startEmmett(folders.emmett);
    const events = { ours: 2_001, emmett: 2_000 };
    let comparison: Comparison;
    try {
      await prepare(ours.url, tokens);
      await prepare(emmett.url, tokens);
      let sent = 0;
      const post =
        (name: keyof typeof events, { url }: Server) =>
        async () => {
          const { perSecond, succeeded, next } = await load(url, tokens.ministry, sent);
          sent = next;
          events[name] += succeeded;
          return perSecond;
        };
      const what = 'durable commands over HTTP, beside Emmett on SQLite';
      comparison = await compare(what, 'commands/s', undefined, rounds, post('ours', ours), post('emmett', emmett));
    } finally {
      await ours.stop();
      await emmett.stop();
    }
    const bytesPerEvent = {
      ours: (await bytesIn(folders.ours, (name) => name.startsWith('ledger.sqlite') && !name.includes('states'))) / events.ours,
      emmett: (await bytesIn(folders.emmett, () => true)) / events.emmett,
    };
    const killed = {
      ours: await kill(() => startLedger(folders.ours), tokens, ourTransactions),
      emmett: await kill(() => startEmmett(folders.emmett), tokens, emmettTransactions),
    };
    return { comparison, bytesPerEvent, killed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

class Refused extends Error {}

async function bytesIn(folder: string, counts: (name: string) => boolean): Promise<number> {
  const sizes = (await readdir(folder)).filter(counts).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Kills the server repeatedly under 64 senders, and counts which acknowledged commands were recorded. */
async function kill(
  start: () => Promise<Server>,
  tokens: Tokens,
  transactions: (url: string, tokens: Tokens) => Promise<string[]>,
): Promise<Killed> {
  const acknowledged = new Set<string>();
  let server = await start();
  let sent = 0;
  let stopping = false;
  const send = async (number: number) => {
    const id = `K-${number}`;
    const answer = await fetch(`${server.url}/programmes/p/initiatives/i-${number % 1_000}/spending`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.ministry}`, 'content-type': 'application/json', 'idempotency-key': id },
      body: JSON.stringify({ transactionId: id, amount: '1' }),
    });
    const text = await answer.text();
    if (answer.status >= 400 && answer.status < 500) throw new Refused(`${id} was answered ${answer.status}: ${text}`);
    if (!answer.ok) return;
    acknowledged.add(id);
  };
  const sender = async () => {
    while (!stopping) {
      const number = sent++;
      while (!acknowledged.has(`K-${number}`)) {
        await send(number).catch((error: unknown) => {
          if (error instanceof Refused) throw error;
        });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  };
  const sending = Promise.all(Array.from({ length: senders }, sender));
  for (let number = 0; number < kills; number++) {
    const enough = acknowledged.size + 30 + Math.floor(Math.random() * 60);
    while (acknowledged.size < enough) await Promise.race([new Promise((resolve) => setImmediate(resolve)), sending]);
    await server.stop('SIGKILL');
    server = await start();
  }
  stopping = true;
  await sending;
  const counts = new Map<string, number>();
  for (const id of await transactions(server.url, tokens)) counts.set(id, (counts.get(id) ?? 0) + 1);
  await server.stop();
  return {
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter((id) => !counts.has(id)).length,
    doubled: [...counts].filter(([id, count]) => id.startsWith('K-') && count > 1).length,
  };
}

async function emmettTransactions(url: string): Promise<string[]> {
  const known: unknown = await (await fetch(`${url}/transactions`)).json();
  return Array.isArray(known) ? known.map(String) : [];
}
async function ourTransactions(url: string, { auditor }: Tokens): Promise<string[]> {
  while (!(await fetch(`${url}/health/ready`)).ok) await new Promise((resolve) => setTimeout(resolve, 20));
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  while (!/^ledger_projection_lag_records 0$/m.test(await metrics())) await new Promise((resolve) => setTimeout(resolve, 20));
  const answer = await fetch(`${url}/programmes/p/records`, { headers: { authorization: `Bearer ${auditor}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the records were answered ${answer.status}: ${text}`);
  return [...text.matchAll(/"transactionId":"([^"]+)"/g)].map(([, id = '']) => id);
}
