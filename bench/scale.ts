/**
 * `npm run scale -- --initiatives 1000000 --events 10000000`: makes a ledger of that size with the real processor and says what its size costs:
 * deciding, restarting after a clean stop and after a crash, the chain, building the read models, reading them, and memory.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command as Cli } from 'commander';
import { table } from '../apps/cli/output.js';
import { EmbeddedCommands } from '../libs/command-processing/embedded-commands.js';
import { Processor } from '../libs/command-processing/processor.js';
import type { Command } from '../libs/domain/commands.js';
import { Chain, isFault } from '../libs/event-log/chain.js';
import { start } from '../libs/event-log/ports.js';
import { startLogThread } from '../libs/event-log/sqlite/log-thread.js';
import { readSqliteEventLog } from '../libs/event-log/sqlite/sqlite-event-log.js';
import { Queries } from '../libs/projections/queries.js';
import { build } from '../libs/projections/runner.js';
import { openSqliteReadModels } from '../libs/read-models/sqlite/sqlite-read-models.js';
import { commandsOf } from './commands.js';
import { rate } from './rounds.js';

const program = new Cli('scale')
  .option('--initiatives <count>', 'how many initiatives', Number, 100_000)
  .option('--events <count>', 'how many events', Number, 1_000_000)
  .option('--folder <path>', 'where the files go, and stay')
  .parse();
const { initiatives, events, folder: given } = program.opts<{ initiatives: number; events: number; folder?: string }>();
const folder = given ?? mkdtempSync(join(tmpdir(), 'ledger-scale-'));
const measured = 40_000;
const rows: [string, string][] = [];
const say = (what: string, figure: string) => {
  rows.push([what, figure]);
  process.stderr.write(`${what}: ${figure}\n`);
};
const whole = (value: number) => Math.round(value).toLocaleString('en');
const megabytes = () => `${whole(process.memoryUsage().rss / 2 ** 20)} MB`;
const fail = (error: unknown) => {
  throw error;
};

/** A ledger on files of that name. */
async function open(name: string) {
  const { log, states } = await startLogThread({
    logFile: join(folder, `${name}.sqlite`),
    stateFile: join(folder, `${name}.states`),
    codeVersion: '1',
    onLost: fail,
  });
  const processor = await Processor.open({
    log,
    partition: 0,
    states,
    now: () => Date.now(),
    alarm: (message) => fail(new Error(message)),
  });
  const commands = new EmbeddedCommands(processor, fail);
  return {
    async submit(some: readonly Command[]) {
      for (const outcome of await commands.submitAll(some)) if (outcome.kind !== 'accepted') throw new Error(outcome.detail);
    },
    async close() {
      await commands.close();
      states.close();
      await log.close();
    },
  };
}
type Ledger = Awaited<ReturnType<typeof open>>;

let extra = 0;
const spendings = (many: number, among: number): Command[] =>
  Array.from({ length: many }, () => {
    const id = `X-${extra++}`;
    const actor = { id: 'm', organisation: 'm', role: 'ministry' as const };
    // Spread over all of them, so that little of what is needed is in memory.
    const initiative = `i-${(extra * 7_919) % among}`;
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
async function seconds(work: () => Promise<unknown>): Promise<string> {
  const started = performance.now();
  await work();
  return `${((performance.now() - started) / 1_000).toFixed(2)} s`;
}

try {
  const small = await open('small');
  await fill(small, commandsOf({ initiatives: 1_000, count: 10_000 }));
  const large = await open('large');
  say(`making ${whole(events)} events`, await seconds(() => fill(large, commandsOf({ initiatives, count: events }))));
  for (const round of [1, 2, 3]) {
    const few = await rate(measured, () => small.submit(spendings(measured, 1_000)));
    const many = await rate(measured, () => large.submit(spendings(measured, initiatives)));
    say(
      `commands a second, of 1,000 initiatives and of ${whole(initiatives)} (round ${round})`,
      `${whole(few)}, ${whole(many)}: ${(many / few).toFixed(2)}`,
    );
  }
  await small.close();
  say('memory of the process', megabytes());
  for (const suffix of ['.sqlite', '.sqlite-wal', '.states', '.states-wal'])
    cpSync(join(folder, `large${suffix}`), join(folder, `crashed${suffix}`), { force: true });
  await large.close();
  const firstCommand = async (name: string) => {
    let ledger: Ledger | undefined;
    const took = await seconds(async () => {
      ledger = await open(name);
      await ledger.submit(spendings(1, initiatives));
    });
    await ledger?.close();
    return took;
  };
  say('restart after a clean stop, to the first accepted command', await firstCommand('large'));
  say('restart after a crash, to the first accepted command', await firstCommand('crashed'));

  const log = readSqliteEventLog(join(folder, 'large.sqlite'));
  let records = 0;
  const chain = await rate(1, async () => {
    const follower = new Chain();
    for await (const entries of log.read(0, start))
      for (const entry of entries) {
        const record = follower.follow(entry);
        if (isFault(record)) throw new Error(record.found);
        records++;
      }
  });
  say('the chain', `${whole(chain * records)} records/s, memory ${megabytes()}`);
  const models = openSqliteReadModels(join(folder, 'models.sqlite'));
  say('building the read models', await seconds(() => build({ log, partition: 0, models, generation: 'g' }, new AbortController().signal)));
  const queries = new Queries(models, log, () => performance.now());
  const reading: [string, (number: number) => Promise<unknown>][] = [
    ['one initiative', (number) => queries.initiative('p', `i-${(number * 7_919) % initiatives}`, {})],
    ['the first page by spending', () => queries.initiatives('p', {}, '-spent', { limit: 100 })],
    ['a page by status', () => queries.initiatives('p', { status: 'spending' }, 'initiative', { limit: 100 })],
    ['a search', (number) => queries.initiatives('p', { q: `i-${number}` }, 'initiative', { limit: 20 })],
  ];
  for (const [what, read] of reading) {
    const took: number[] = [];
    for (let number = 0; number < 300; number++) {
      const started = performance.now();
      await read(number);
      took.push(performance.now() - started);
    }
    took.sort((one, other) => one - other);
    say(`reading ${what}`, `p50 ${(took[150] ?? 0).toFixed(2)} ms, p99 ${(took[297] ?? 0).toFixed(2)} ms`);
  }
  const today = new Date().toISOString().slice(0, 10);
  say('the programme as of a day', await seconds(() => queries.programme('p', { occurredBy: today })));
  say(
    'the programme as known at an instant',
    await seconds(() => queries.programme('p', { knownBy: new Date(Date.now() - 1_000).toISOString() })),
  );
  await models.close();
  await log.close();
  process.stdout.write(`${table(['what', 'figure'], rows)}\n`);
} finally {
  if (given === undefined) rmSync(folder, { recursive: true, force: true });
}
