/**
 * `npm run hostile -- --seconds 60`: a ledger with its default limits under honest load, while clients on other loopback addresses run every known
 * attack at once. Prints the times of honest requests, peak memory, losses and the result of `verify`. Exit status 1 if a promise is broken.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Command as Cli } from 'commander';
import { table } from '../apps/cli/output.js';
import { startAttacks } from './hostile/attackers.js';
import { honestLoad, kinds } from './hostile/honest.js';
import { prepareProgramme, tokensOf, usualSizes, type Sizes } from '../test/support/long-history.js';
import { Client } from '../test/support/client.js';
import { runLedger, startLedger, temporaryFolder } from '../test/support/ledger-process.js';

const { seconds, only, ...sizes } = new Cli('hostile')
  .option('--seconds <count>', 'duration of the attacks; 3600 is the hostile hour', Number, 60)
  .option('--only <attack...>', 'only these attacks', [])
  .option('--initiatives <count>', 'how many initiatives the programme has', Number, usualSizes.initiatives)
  .option('--events <count>', 'how many events one of them has', Number, usualSizes.events)
  .parse()
  .opts<{ seconds: number; only: string[] } & Sizes>();
/** The limit in milliseconds for 99 of 100 honest requests. */
const promised = 500;

const folder = await temporaryFolder();
const start = () => startLedger(folder.path, { RATE_LIMIT: '10000', TOKEN_RATE_LIMIT: '600000', LOG_LEVEL: 'fatal' });
let ledger = await start();
try {
  const tokens = await tokensOf(folder.path);
  await prepareProgramme(ledger.url, tokens, sizes);
  await folded();
  // The restart releases the memory that making the history took, so that it does not count.
  await ledger.stop();
  ledger = await start();
  const stop = new AbortController();
  const honest = honestLoad(ledger.url, tokens, stop.signal);
  const stopAttacks = startAttacks({ url: ledger.url, tokens, only });
  let megabytes = 0;
  for (const end = Date.now() + seconds * 1_000; Date.now() < end;) {
    megabytes = Math.max(megabytes, (await residentBytes()) / 2 ** 20);
    await pause(500);
  }
  stop.abort();
  const { took, acknowledged, busy, unanswered } = await honest;
  const attempts = await stopAttacks();
  const recorded = await transactionsIn(ledger.url, tokens.auditor);
  const lost = acknowledged.filter((id) => !recorded.has(id));
  await ledger.stop();
  const verified = await runLedger(['verify', '--data', folder.path]);
  const all = spreadOf(Object.values(took).flat());
  process.stdout.write(
    `${table(
      ['what', 'figure'],
      [
        ['honest requests: how many, p50, p99, slowest', inWords(all)],
        ...kinds.map((kind) => [`of these ${kind}`, inWords(spreadOf(took[kind]))]),
        ['answered 503, unanswered (both sent again)', `${busy.toLocaleString('en')}, ${unanswered.toLocaleString('en')}`],
        ['acknowledged, and lost', `${acknowledged.length.toLocaleString('en')}, ${lost.length}`],
        ['most memory', `${megabytes.toFixed(0)} MB`],
        ['attacks', [...attempts].map(([name, count]) => `${name} ${count.toLocaleString('en')}`).join(', ')],
        ['verify', verified.code === 0 ? 'sound' : `status ${String(verified.code)}: ${verified.stdout}${verified.stderr}`],
      ],
    )}\n`,
  );
  process.exitCode = all.p99 < promised && lost.length === 0 && verified.code === 0 ? 0 : 1;
} finally {
  await ledger.stop();
  await folder.remove();
}
process.exit();

type Spread = { count: number; p50: number; p99: number; slowest: number };
function spreadOf(milliseconds: readonly number[]): Spread {
  const sorted = milliseconds.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Infinity;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), slowest: at(1) };
}
function inWords({ count, ...spread }: Spread): string {
  return [count.toLocaleString('en'), ...Object.values(spread).map((milliseconds) => `${milliseconds.toFixed(0)} ms`)].join(', ');
}

/** Waits until all records are folded. */
async function folded(): Promise<void> {
  const { text } = await new Client(ledger.url).get('/metrics');
  if (/^ledger_projection_lag_records[^\n]* 0$/m.test(text)) return;
  await pause(200);
  await folded();
}

async function residentBytes(): Promise<number> {
  const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${ledger.pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1_024;
}

/** The ids of all recorded spending. */
async function transactionsIn(url: string, token: string): Promise<Set<string>> {
  const answer = await fetch(`${url}/programmes/p/records`, { headers: { authorization: `Bearer ${token}` } });
  return new Set([...(await answer.text()).matchAll(/"type":"SpendingRecorded".*?"transactionId":"([^"]+)"/g)].map(([, id]) => id ?? ''));
}
