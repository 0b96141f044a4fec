/**
 * `npm run scale -- --initiatives 1000000 --events 10000000`: makes a ledger of that size with the real processor, serves it with the real process, and
 * measures the cost of its size: deciding, building the read models meanwhile, reads over 64 connections, past totals, restarts after a clean stop and
 * after `kill -9`, the chain, and memory. Writes reports/scale.json.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command as Cli } from 'commander';
import { table } from '../apps/cli/output.js';
import type { Command } from '../libs/domain/commands.js';
import { Chain, isFault } from '../libs/event-log/chain.js';
import { start } from '../libs/event-log/ports.js';
import { readSqliteEventLog } from '../libs/event-log/sqlite/sqlite-event-log.js';
import { commandsOf } from './commands.js';
import { tokensOf } from './http.js';
import { makeLoad, type Loaded } from './load.js';
import { startLedger, type Server } from './processes.js';
import { Figures, writeReport } from './report.js';
import { rate } from './rounds.js';
import { openDirectLedger, type DirectLedger } from './direct-ledger.js';

const program = new Cli('scale')
  .option('--initiatives <count>', 'number of initiatives', Number, 100_000)
  .option('--events <count>', 'number of events', Number, 1_000_000)
  .option('--folder <path>', 'folder for the files, which stay there')
  .parse();
const { initiatives, events, folder: given } = program.opts<{ initiatives: number; events: number; folder?: string }>();
const folder = given ?? mkdtempSync(join(tmpdir(), 'ledger-scale-'));
const measured = 40_000;
const connections = 64;
/** The step from one initiative to the next: accesses spread over all initiatives, so that little of the data is in memory. */
const stride = 7_919;
const figures = new Figures();
const whole = (value: number) => Math.round(value).toLocaleString('en');
const sayMemory = (what: string, bytes: number) => {
  const megabytes = bytes / 2 ** 20;
  figures.say(what, `${whole(megabytes)} MB`, { megabytes });
};
const fail = (error: unknown): never => {
  throw error;
};

const folderOf = (name: string) => join(folder, name);
const logFileOf = (name: string) => join(folderOf(name), 'ledger.sqlite');

/** A ledger in a folder of that name, ready for `ledger serve`. */
async function open(name: string) {
  mkdirSync(folderOf(name), { recursive: true });
  return openDirectLedger(logFileOf(name), fail);
}
type Ledger = DirectLedger;

let extra = 0;
const spendings = (many: number, among: number): Command[] =>
  Array.from({ length: many }, () => {
    const id = `X-${extra++}`;
    const actor = { id: 'm', organisation: 'm', role: 'ministry' as const };
    const initiative = `i-${(extra * stride) % among}`;
    return { type: 'RecordSpending', programme: 'p', initiative, commandId: id, actor, data: { transactionId: id, amount: 1n } };
  });

async function fill(ledger: Ledger, all: Iterable<Command>): Promise<void> {
  let some: Command[] = [];
  for (const command of all) {
    some.push(command);
    if (some.length < 20_000) continue;
    await ledger.submit(some);
    some = [];
  }
  await ledger.submit(some);
}
const secondsSince = (began: number) => (performance.now() - began) / 1_000;

/** The ledger's process, with the requests to it. */
class Served {
  private constructor(
    private readonly server: Server,
    private readonly token: string,
  ) {}

  static async start(name: string): Promise<Served> {
    const { ministry } = await tokensOf(folderOf(name));
    return new Served(await startLedger(folderOf(name)), ministry);
  }
  stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    return this.server.stop(signal);
  }

  async accept(): Promise<void> {
    const id = `X-${extra++}`;
    const answer = await fetch(`${this.server.url}/programmes/p/initiatives/i-7/spending`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ transactionId: id, amount: '1' }),
    });
    if (answer.status !== 201) throw new Error(`a command was answered ${answer.status}: ${await answer.text()}`);
  }
  async isReady(): Promise<boolean> {
    return (await fetch(`${this.server.url}/health/ready`)).ok;
  }
  async ready(): Promise<void> {
    while (!(await this.isReady())) await pause(50);
  }
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.server.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
  }
  /** In bytes. */
  memory(): Promise<number> {
    return this.metric('process_resident_memory_bytes');
  }
  async caughtUp(): Promise<void> {
    while ((await this.metric('ledger_projection_lag_records')) > 0) await pause(50);
  }

  /** Commands per second over 64 connections. */
  async commands(duration = 10, among = initiatives): Promise<number> {
    const { perSecond, next } = await makeLoad({
      url: this.server.url,
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      path: '/programmes/p/initiatives/{initiative}/spending',
      body: '{"transactionId":"X-{number}","amount":"1"}',
      connections,
      seconds: duration,
      first: extra,
      initiatives: among,
      stride,
    });
    extra = next;
    return perSecond;
  }
  /** Measures after a warm-up of two seconds, in which code is compiled and the counts that choose an index are made. */
  async reads(path: string, among: number): Promise<Loaded> {
    const load = { url: this.server.url, method: 'GET', path, connections, initiatives: among, stride } as const;
    await makeLoad({ ...load, seconds: 2 });
    return makeLoad({ ...load, seconds: 6 });
  }
  async get(path: string): Promise<void> {
    const answer = await fetch(this.server.url + path);
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  }
}

/** The measured reads, each with the number of initiatives it cycles through. */
const routes: [string, string, number][] = [
  ['one initiative', '/programmes/p/initiatives/{initiative}', 1_000],
  ['any one initiative', '/programmes/p/initiatives/{initiative}', initiatives],
  ['a list by spending, 20 a page', '/programmes/p/initiatives?sort=-spent&limit=20', 1],
  ['a list by status, 20 a page', '/programmes/p/initiatives?status=spending&limit=20', 1],
  ['a list by status, 100 a page', '/programmes/p/initiatives?status=spending&limit=100', 1],
  ['a search, 20 a page', '/programmes/p/initiatives?q={initiative}&limit=20', initiatives],
  ['the programme', '/programmes/p', 1],
];
async function sayReads(name: string, served: Served): Promise<void> {
  for (const [what, path, among] of routes) {
    if (name === 'small' && among === initiatives) continue;
    const { perSecond, p50, p99 } = await served.reads(path, among);
    figures.say(`${name}: ${what}, 64 readers`, `${whole(perSecond)}/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`, {
      perSecond,
      p50Milliseconds: p50,
      p99Milliseconds: p99,
    });
  }
}

try {
  const small = await open('small');
  await fill(small, commandsOf({ initiatives: 1_000, count: 10_000 }));
  const large = await open('large');
  const filling = performance.now();
  await fill(large, commandsOf({ initiatives, count: events }));
  const filled = secondsSince(filling);
  figures.say(`making ${whole(events)} events`, `${filled.toFixed(2)} s`, { seconds: filled });
  for (const round of [1, 2, 3]) {
    const few = await rate(measured, () => small.submit(spendings(measured, 1_000)));
    const many = await rate(measured, () => large.submit(spendings(measured, initiatives)));
    figures.say(
      `deciding, commands per second, with 1,000 initiatives and with ${whole(initiatives)} (round ${round})`,
      `${whole(few)}, ${whole(many)}: ${(many / few).toFixed(2)}`,
      { few, many, ratio: many / few },
    );
  }
  await small.close();
  await large.close();
  sayMemory('memory of the process that made the events', process.memoryUsage.rss());

  const log = readSqliteEventLog(logFileOf('large'));
  let records = 0;
  const chain = await rate(1, async () => {
    const follower = new Chain();
    for await (const entries of log.read(0, start))
      for (const entry of entries) {
        const link = follower.follow(entry);
        if (isFault(link)) throw new Error(link.found);
        records++;
      }
  });
  await log.close();
  const megabytes = process.memoryUsage.rss() / 2 ** 20;
  figures.say('the chain', `${whole(chain * records)} records/s, memory ${whole(megabytes)} MB`, {
    recordsPerSecond: chain * records,
    megabytes,
  });

  const restart = async (after: string) => {
    const began = performance.now();
    const restarted = await Served.start('large');
    await restarted.accept();
    const accepted = secondsSince(began);
    await restarted.ready();
    await restarted.caughtUp();
    const full = secondsSince(began);
    figures.say(
      `restart ${after}: to the first accepted command, and to full read models`,
      `${accepted.toFixed(2)} s, ${full.toFixed(2)} s`,
      { acceptedSeconds: accepted, fullSeconds: full },
    );
    return restarted;
  };

  const beside = await Served.start('small');
  await beside.ready();
  await beside.caughtUp();
  await sayReads('small', beside);
  const few = await beside.commands(10, 1_000);
  await beside.stop();

  let served = await Served.start('large');
  const building = performance.now();
  const meanwhileBuilt = await served.commands();
  figures.say('commands per second over HTTP while the read models are built', whole(meanwhileBuilt), { perSecond: meanwhileBuilt });
  sayMemory('memory while the read models are built', await served.memory());
  await served.ready();
  const built = secondsSince(building);
  figures.say(`building the read models of ${whole(records)} records`, `${built.toFixed(0)} s`, { seconds: built, records });
  await served.caughtUp();
  await sayReads('large', served);
  sayMemory('memory after the reads', await served.memory());

  const alone = await served.commands();
  figures.say(
    `commands per second over HTTP, with 1,000 initiatives and with ${whole(initiatives)}`,
    `${whole(few)}, ${whole(alone)}: ${(alone / few).toFixed(2)}`,
    { few, many: alone, ratio: alone / few },
  );
  await served.caughtUp();
  const today = new Date().toISOString().slice(0, 10);
  const asked: number[] = [];
  const stop = new AbortController();
  const past = (async () => {
    for (let number = 0; !stop.signal.aborted; number++) {
      const known = new Date(Date.now() - 60_000).toISOString();
      const began = performance.now();
      await served.get(`/programmes/p?${number % 2 === 0 ? `occurredBy=${today}` : `knownBy=${known}`}`);
      asked.push(performance.now() - began);
      await pause(100);
    }
  })();
  const meanwhile = await served.commands();
  stop.abort();
  await past;
  figures.say(
    'commands per second over HTTP alone, and with ten requests a second for past totals',
    `${whole(alone)}, ${whole(meanwhile)}: ${(meanwhile / alone).toFixed(2)}`,
    { alone, meanwhile, ratio: meanwhile / alone },
  );
  const slowest = Math.max(...asked);
  figures.say('the slowest answer with past totals meanwhile', `${slowest.toFixed(0)} ms of ${asked.length}`, {
    milliseconds: slowest,
    answers: asked.length,
  });
  await served.caughtUp();
  sayMemory('memory after the commands', await served.memory());

  await served.stop();
  served = await restart('after a clean stop');
  await served.commands(5);
  await served.stop('SIGKILL');
  served = await restart('after kill -9 under load');
  await served.stop();
  process.stdout.write(`${table(['what', 'figure'], figures.rows)}\n`);
  await writeReport('scale', { initiatives, events, figures: figures.all });
} finally {
  if (given === undefined) rmSync(folder, { recursive: true, force: true });
}
