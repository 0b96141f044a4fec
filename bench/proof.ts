/**
 * `npm run bench:proof -- --initiatives 1000000`: what proof costs. Commands over HTTP with and without it, in turns; then a statement of that many
 * initiatives beside a ledger under load. Prints ratios, and writes reports/proof.json.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command as Cli } from 'commander';
import { table } from '../apps/cli/output.js';
import { commandsOf } from './commands.js';
import { openDirectLedger } from './direct-ledger.js';
import { tokensOf } from './http.js';
import { makeLoad, type Loaded } from './load.js';
import { startLedger, startWithoutProof, type Server } from './processes.js';
import { Figures, writeReport } from './report.js';
import { compare, median } from './rounds.js';

const { initiatives, rounds } = new Cli('proof')
  .option('--initiatives <count>', 'number of initiatives of the statements; 0 makes none', Number, 1_000_000)
  .option('--rounds <count>', 'number of comparisons', Number, 5)
  .parse()
  .opts<{ initiatives: number; rounds: number }>();
const folder = mkdtempSync(join(tmpdir(), 'ledger-proof-'));
const figures = new Figures();
const whole = (value: number) => Math.round(value).toLocaleString('en');
const fewInitiatives = 1_000;
let sent = 0;

/** Makes a ledger of that many funded initiatives in a folder. */
async function make(name: string, many: number): Promise<string> {
  const made = join(folder, name);
  mkdirSync(made, { recursive: true });
  const ledger = await openDirectLedger(join(made, 'ledger.sqlite'), (error) => {
    throw error;
  });
  let some = [];
  for (const command of commandsOf({ initiatives: many, count: 2 * many + 1 })) {
    some.push(command);
    if (some.length < 20_000) continue;
    await ledger.submit(some);
    some = [];
  }
  await ledger.submit(some);
  await ledger.close();
  return made;
}

/** Commands per second over 64 connections, spread over all initiatives. */
const commands = async (...load: Parameters<typeof loaded>) => (await loaded(...load)).perSecond;
async function loaded({ url }: Server, token: string, many: number, seconds: number): Promise<Loaded> {
  const load = await makeLoad({
    url,
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    path: '/programmes/p/initiatives/{initiative}/spending',
    body: '{"transactionId":"X-{number}","amount":"1"}',
    connections: 64,
    seconds,
    first: sent,
    initiatives: many,
    stride: 7_919,
  });
  sent = load.next;
  return load;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(100);
}
async function metric({ url }: Server, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
}
async function caughtUp(server: Server): Promise<void> {
  await until(async () => (await fetch(`${server.url}/health/ready`)).ok && (await metric(server, 'ledger_projection_lag_records')) === 0);
}

/** Waits until every record is in a checkpoint. */
async function proven({ url }: Server): Promise<void> {
  const records = async () =>
    (await ((await fetch(`${url}/heads`)).json() as Promise<{ items: { position: number }[] }>)).items[0]?.position;
  const size = async () => Number((await (await fetch(`${url}/programmes/p/checkpoint`)).text()).split('\n')[1]);
  await until(async () => (await size()) === (await records()));
}

/**
 * Commands over HTTP with proof and without it, in turns: their rate, and the processor time that each takes. Each ledger has a process of its own, which
 * is warm, and has caught up with everything before the other is measured.
 */
async function measureCommands(): Promise<void> {
  const microseconds = { with: [] as number[], without: [] as number[] };
  const serving = async (serve: (folder: string) => Promise<Server>, which: keyof typeof microseconds) => {
    const name = await make(which, fewInitiatives);
    const { ministry } = await tokensOf(name);
    const server = await serve(name);
    const settled = async () => {
      await caughtUp(server);
      if (which === 'with') await proven(server);
    };
    await settled();
    await commands(server, ministry, fewInitiatives, 5);
    await settled();
    const measured = async () => {
      const before = await metric(server, 'process_cpu_seconds_total');
      const { perSecond, succeeded } = await loaded(server, ministry, fewInitiatives, 8);
      const seconds = (await metric(server, 'process_cpu_seconds_total')) - before;
      microseconds[which].push((seconds * 1e6) / succeeded);
      await settled();
      return perSecond;
    };
    return { server, measured };
  };
  const withProof = await serving(startLedger, 'with');
  const without = await serving(startWithoutProof, 'without');
  const { ours, yardstick, ratio, spread } = await compare(
    'durable commands over HTTP with proof, beside without',
    'commands/s',
    0.97,
    rounds,
    withProof.measured,
    without.measured,
  );
  const [low, high] = spread.map((one) => one.toFixed(2));
  figures.say(
    'durable commands per second over HTTP, without proof and with it',
    `${whole(median(yardstick))}, ${whole(median(ours))}: ${ratio.toFixed(2)} (${String(low)}–${String(high)})`,
    { without: median(yardstick), with: median(ours), ratio },
  );
  await withProof.server.stop();
  await without.server.stop();
  const times = { without: median(microseconds.without), with: median(microseconds.with) };
  figures.say(
    'processor time of the ledger a command, without proof and with it',
    `${times.without.toFixed(0)} µs, ${times.with.toFixed(0)} µs: ${(times.with / times.without).toFixed(3)}`,
    { microsecondsWithout: times.without, microsecondsWith: times.with, ratio: times.with / times.without },
  );
}

/** The positions of the statements that are published. */
async function published({ url }: Server): Promise<number> {
  const answer = await fetch(`${url}/programmes/p/statements`);
  if (answer.status === 404) return 0;
  return ((await answer.json()) as { items: unknown[] }).items.length;
}

/** Orders a statement. @returns the seconds until it is published, and the most memory that the ledger took meanwhile (bytes) */
async function statement(server: Server, token: string): Promise<{ seconds: number; memory: number }> {
  const before = await published(server);
  const ordered = performance.now();
  const answer = await fetch(`${server.url}/programmes/p/statement-orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
  });
  if (answer.status !== 201) throw new Error(`the order was answered ${answer.status}: ${await answer.text()}`);
  let memory = 0;
  await until(async () => {
    memory = Math.max(memory, await metric(server, 'process_resident_memory_bytes'));
    return (await published(server)) > before;
  });
  return { seconds: (performance.now() - ordered) / 1_000, memory };
}

/** Statements ordered under load, and the ledger's rate meanwhile beside its rate when none is made. */
async function measureStatements(): Promise<void> {
  const name = await make('many', initiatives);
  const { ministry, auditor } = await tokensOf(name);
  const server = await startLedger(name);
  try {
    await caughtUp(server);
    await commands(server, ministry, initiatives, 5);
    for (const round of [0, 1, 2, 3]) {
      const alone = await commands(server, ministry, initiatives, 10);
      const resting = await metric(server, 'process_resident_memory_bytes');
      const making = statement(server, auditor);
      const made = new AbortController();
      void making.finally(() => {
        made.abort();
      });
      const rates: number[] = [];
      while (!made.signal.aborted) rates.push(await commands(server, ministry, initiatives, 2));
      const { seconds, memory } = await making;
      const meanwhile = rates.reduce((sum, one) => sum + one, 0) / rates.length;
      const which = round === 0 ? 'the first statement' : `a statement (round ${round})`;
      figures.say(
        `${which} of ${whole(initiatives)} initiatives under load`,
        `${seconds.toFixed(1)} s; commands per second before and meanwhile ${whole(alone)}, ${whole(meanwhile)}: ${(meanwhile / alone).toFixed(2)}; memory ${whole(resting / 2 ** 20)} MB before, at most ${whole(memory / 2 ** 20)} MB`,
        { seconds, alone, meanwhile, ratio: meanwhile / alone, megabytesBefore: resting / 2 ** 20, megabytes: memory / 2 ** 20 },
      );
    }
  } finally {
    await server.stop();
  }
}

try {
  await measureCommands();
  if (initiatives > 0) await measureStatements();
  process.stdout.write(`${table(['what', 'figure'], figures.rows)}\n`);
  await writeReport('proof', { initiatives, figures: figures.all });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
