/**
 * `npm run lists -- --initiatives 200000`: makes a ledger of that many initiatives, serves it, and measures every filter of its lists with every sort, both ways:
 * the first answer alone, then p50 and p99 over 64 readers; and the programme's page over 16 readers, alone and beside commands. Writes reports/lists.json.
 * `--seconds` is the time for each combination; it lowers itself so that the whole takes about six minutes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command as Cli } from 'commander';
import { table } from '../apps/cli/output.js';
import type { Command } from '../libs/domain/commands.js';
import { statuses } from '../libs/domain/vocabulary.js';
import { filterNames, type FilterName } from '../libs/projections/initiatives/filters.js';
import { initiativeSorts } from '../libs/projections/initiatives/list.js';
import { initiativeNotices } from '../libs/projections/notices/kinds.js';
import { firstYear, variedCommandsOf } from './varied-commands.js';
import { tokensOf } from './http.js';
import { makeLoad } from './load.js';
import { startLedger, type Server } from './processes.js';
import { Figures, writeReport } from './report.js';
import { openDirectLedger } from './direct-ledger.js';

const program = new Cli('lists')
  .option('--initiatives <count>', 'number of initiatives', Number, 200_000)
  .option('--seconds <number>', 'seconds for each combination', Number, 0.6)
  .option('--folder <path>', 'folder for the files, which stay there')
  .parse();
const { initiatives, seconds, folder: given } = program.opts<{ initiatives: number; seconds: number; folder?: string }>();
const folder = given ?? mkdtempSync(join(tmpdir(), 'ledger-lists-'));
const [readers, pageReaders] = [64, 16];
const [listTarget, pageTarget] = [20, 50];
/** Milliseconds of all combinations together, so that the whole takes about six minutes. */
const measuringTime = 210_000;
const figures = new Figures();
const fail = (error: unknown): never => {
  throw error;
};

/** The values of each filter to ask for: frequent ones and rare ones. */
const values: { readonly [N in FilterName]: readonly string[] } = {
  status: statuses,
  authority: ['m', 'm-1', 'm-40'],
  region: ['r-1'],
  sector: ['04'],
  suspended: ['true', 'false'],
  fiscalYear: [String(firstYear), String(firstYear + 4)],
  openFunds: [String(firstYear + 1), String(firstYear + 4)],
  absorptionAtLeast: ['0.85'],
  plannedEndBefore: [`${firstYear + 2}-07-01`],
  silentSince: [new Date().toISOString().slice(0, 10)],
  notice: initiativeNotices,
};
/** One filter each, and a search. */
const asked = [...filterNames.flatMap((name) => values[name].map((value) => `${name}=${value}`)), 'q=i-77', ''];
const orders = initiativeSorts.flatMap((sort) => [sort, `-${sort}`]);

async function fill(commands: Iterable<Command>): Promise<void> {
  const ledger = await openDirectLedger(join(folder, 'ledger.sqlite'), fail);
  const some: Command[] = [];
  for (const command of commands) if (some.push(command) === 20_000) await ledger.submit(some.splice(0));
  await ledger.submit(some);
  await ledger.close();
}

async function caughtUp(server: Server): Promise<void> {
  const lag = async () => /^ledger_projection_lag_records (\S+)/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1];
  while (!(await fetch(`${server.url}/health/ready`)).ok || Number(await lag()) > 0) await pause(100);
}

type Measured = {
  list: string;
  items: number;
  firstMilliseconds: number;
  p50Milliseconds: number;
  p99Milliseconds: number;
  perSecond: number;
};

async function measured(server: Server, list: string, duration: number): Promise<Measured> {
  const path = `/programmes/p/initiatives?${list}&limit=20`;
  const began = performance.now();
  const answer = await fetch(server.url + path);
  const body: unknown = await answer.json();
  const firstMilliseconds = performance.now() - began;
  const items = typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items) ? body.items.length : 0;
  const { p50, p99, perSecond } = await makeLoad({ url: server.url, method: 'GET', path, connections: readers, seconds: duration });
  return { list, items, firstMilliseconds, p50Milliseconds: p50, p99Milliseconds: p99, perSecond };
}

/** The programme's page over 16 readers, alone and beside commands, and what it costs the commands. */
async function sayPage(server: Server, ministry: string): Promise<void> {
  let sent = 0;
  const read = (duration: number) =>
    makeLoad({
      url: server.url,
      method: 'GET',
      path: '/p/p',
      headers: { accept: 'text/html', 'accept-language': 'ky' },
      connections: pageReaders,
      seconds: duration,
    });
  const write = async (duration: number) => {
    const { perSecond, next } = await makeLoad({
      url: server.url,
      method: 'POST',
      headers: { authorization: `Bearer ${ministry}`, 'content-type': 'application/json' },
      path: `/programmes/p/initiatives/{initiative}/spending`,
      body: '{"transactionId":"L-{number}","amount":"1"}',
      connections: readers,
      seconds: duration,
      first: sent,
      // The newest initiatives run, and have money left.
      initiatives: Math.ceil(initiatives / 100),
    });
    sent = next;
    return perSecond;
  };
  const page = await (await fetch(`${server.url}/p/p`)).arrayBuffer();
  figures.say('the programme’s page, target at most 100 KB', `${(page.byteLength / 1_000).toFixed(0)} KB`, { bytes: page.byteLength });
  await read(1);
  const alone = await read(6);
  const [p50, p99] = [alone.p50, alone.p99];
  figures.say(
    `the programme’s page, ${pageReaders} readers, target p99 ${pageTarget} ms`,
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    {
      p50Milliseconds: p50,
      p99Milliseconds: p99,
    },
  );
  await write(2);
  const before = await write(6);
  const [beside, meanwhile] = await Promise.all([read(8), write(8)]);
  figures.say(
    'the same beside commands, and the commands that remain, target 0.9',
    `p50 ${beside.p50.toFixed(1)} ms, p99 ${beside.p99.toFixed(1)} ms; ${Math.round(meanwhile)} of ${Math.round(before)} commands/s: ${(meanwhile / before).toFixed(2)}`,
    {
      p50Milliseconds: beside.p50,
      p99Milliseconds: beside.p99,
      commandsAlone: before,
      commandsBeside: meanwhile,
      ratio: meanwhile / before,
    },
  );
}

try {
  const filling = performance.now();
  await fill(variedCommandsOf(initiatives));
  const { ministry } = await tokensOf(folder);
  const server = await startLedger(folder);
  await caughtUp(server);
  const filled = (performance.now() - filling) / 1_000;
  figures.say(`a ledger of ${initiatives} initiatives, made and folded`, `${filled.toFixed(0)} s`, { seconds: filled });
  try {
    await sayPage(server, ministry);
    await caughtUp(server);
    const lists = asked.flatMap((filter) => orders.map((sort) => `${filter}${filter === '' ? '' : '&'}sort=${sort}`));
    const duration = Math.min(seconds, measuringTime / 1_000 / lists.length);
    const all: Measured[] = [];
    for (const list of lists) all.push(await measured(server, list, duration));
    const slowest = all.toSorted((one, other) => other.p99Milliseconds - one.p99Milliseconds);
    const missed = slowest.filter(({ p99Milliseconds }) => p99Milliseconds > listTarget).length;
    figures.say(`lists over ${readers} readers with p99 above ${listTarget} ms`, `${missed} of ${all.length}`, {
      missed,
      lists: all.length,
    });
    const late = all.filter(({ firstMilliseconds }) => firstMilliseconds > listTarget).length;
    figures.say(`lists whose first answer took longer than ${listTarget} ms`, `${late} of ${all.length}`, { late, lists: all.length });
    process.stdout.write(`${table(['what', 'figure'], figures.rows)}\n`);
    const rows = slowest
      .slice(0, 40)
      .map((one) => [
        one.list,
        String(one.items),
        ...[one.firstMilliseconds, one.p50Milliseconds, one.p99Milliseconds].map((time) => time.toFixed(1)),
      ]);
    process.stdout.write(`${table(['the slowest lists', 'items', 'first, ms', 'p50, ms', 'p99, ms'], rows)}\n`);
    await writeReport('lists', { initiatives, seconds: duration, figures: figures.all, lists: slowest });
  } finally {
    await server.stop();
  }
} finally {
  if (given === undefined) rmSync(folder, { recursive: true, force: true });
}
