/**
 * Loss of power while commands are recorded. strace records the system calls of the real process, and the test rebuilds its files as a disk could hold
 * them at a moment: everything that was synced, and any part of the rest. `kill -9` can't show a missing fsync, because the system's cache survives it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LogUnreadable, start, type EventLog } from '../libs/event-log/ports.js';
import { hashOf } from '../libs/event-log/record.js';
import { LedgerDamaged } from '../libs/sqlite/database.js';
import { openSqliteEventLog } from '../libs/event-log/sqlite/sqlite-event-log.js';
import { HistoryCheck } from '../libs/projections/verify-history.js';
import { Client, type Answer } from './support/client.js';
import { runLedger, startLedger, temporaryFolder, tokenFor, until } from './support/ledger-process.js';
import { LossyDisk, type Below } from './support/lossy-disk.js';
import { clientsFor, fundInitiative } from './support/programme.js';
import { callsIn, straceInto, type Call } from './support/system-calls.js';

const moments = 100;
/** One in this many moments also serves the ledger again. */
const servedEvery = 20;
const commands = 400;
const senders = 8;

/** The system calls of the process, and the receipts of its clients, by position. */
type Watched = { data: string; calls: Call[]; answers: Map<number, Acknowledged> };
type Acknowledged = { id: string; status: number; body: Answer['body'] };
/** The files a disk may hold after a power loss, and the hashes acknowledged by then, by position. */
type PowerLoss = { files: ReadonlyMap<string, Buffer>; acknowledged: ReadonlyMap<number, string> };

/** A repeatable sequence of numbers below `limit` (Lehmer, MINSTD). */
function numbersFrom(seed: number): Below {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}

async function filesIn(folder: string): Promise<Map<string, Buffer>> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('-shm') && name !== 'heads');
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}
async function writeFiles(folder: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await Promise.all([...files].map(([name, bytes]) => writeFile(join(folder, name), bytes)));
}

const spend = (client: Client, id: string) =>
  client.post('/programmes/p/initiatives/i/spending', { transactionId: id, amount: '1' }, { 'idempotency-key': id });

describe('power loss', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let before: string;
  let token: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    before = join(folder.path, 'before');
    const ledger = await startLedger(before);
    await fundInitiative(await clientsFor(ledger.url, before), '999999999');
    await ledger.stop();
    token = await tokenFor(before, 'ministry', 'ministry-of-justice');
  });
  afterAll(() => folder.remove());

  /** Records commands while strace watches the process. */
  async function watched(name: string, pragmas: Readonly<Record<string, string | number>>): Promise<Watched> {
    const data = join(folder.path, name);
    const trace = join(folder.path, `${name}.trace`);
    await cp(before, data, { recursive: true });
    const child = spawn('strace', [...straceInto(trace), process.execPath, resolve('dist/apps/cli/main.js'), 'serve'], {
      env: {
        PATH: process.env['PATH'] ?? '',
        DATA_DIR: data,
        PORT: '0',
        LOG_LEVEL: 'warn',
        NODE_OPTIONS: `--import=${pathToFileURL(resolve('dist/test/support/changed-pragmas.js')).href}`,
        CHANGED_PRAGMAS: JSON.stringify(pragmas),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((found, failed) => {
      let output = '';
      child.stdout.on('data', (text: Buffer) => {
        output += text.toString();
        const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
        if (address !== undefined) found(address);
      });
      child.on('error', failed);
      child.on('close', () => {
        failed(new Error(`the ledger ended before it listened: ${output}`));
      });
    });
    const client = new Client(url, token);
    const answers: Watched['answers'] = new Map();
    let sent = 0;
    const sender = async () => {
      for (let number = sent++; number < commands; number = sent++) {
        const id = `T-${number}`;
        const { status, body } = await spend(client, id);
        expect(status).toBe(201);
        answers.set(Number(body['position']), { id, status, body });
      }
    };
    try {
      await Promise.all(Array.from({ length: senders }, sender));
    } finally {
      // Its calls during shutdown do not matter.
      const closed = once(child, 'close');
      const [ledger] = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim().split(' ');
      process.kill(Number(ledger), 'SIGKILL');
      await closed;
    }
    const calls = callsIn(await readFile(trace, 'utf8'), data);
    await rm(trace);
    expect(calls.filter(({ did }) => did === 'acknowledge').length).toBeGreaterThanOrEqual(commands);
    return { data, calls, answers };
  }

  /** The disk after a power loss at moments under load, in their order. */
  async function* powerLosses({ data, calls }: Watched, below: Below): AsyncIterable<PowerLoss> {
    const disk = new LossyDisk(data, await filesIn(before));
    const acknowledged = new Map<number, string>();
    const tenth = Math.floor(calls.length / 10);
    const ends = Array.from({ length: moments }, () => tenth + below(calls.length - tenth)).sort((one, other) => one - other);
    let done = 0;
    for (const end of ends) {
      for (const call of calls.slice(done, end)) {
        disk.add(call);
        if (call.did === 'acknowledge') acknowledged.set(call.position, call.hash);
      }
      done = end;
      yield { files: disk.afterPowerLoss(below), acknowledged };
    }
  }

  /** The number of acknowledged records that are not in the log; all of them if the log is not sound. */
  async function lost({ files, acknowledged }: PowerLoss): Promise<number> {
    const disk = join(folder.path, 'disk');
    await writeFiles(disk, files);
    try {
      return await missingIn(openSqliteEventLog(join(disk, 'ledger.sqlite')), acknowledged);
    } catch (error) {
      if (error instanceof LedgerDamaged || error instanceof LogUnreadable) return Infinity;
      throw error;
    }
  }
  async function missingIn(log: EventLog, acknowledged: ReadonlyMap<number, string>): Promise<number> {
    try {
      const check = new HistoryCheck();
      const found = new Map<number, string>();
      for await (const entries of log.read(0, start))
        for (const entry of entries) {
          if (check.add(entry)) return Infinity;
          found.set(entry.position ?? 0, hashOf(entry.bytes));
        }
      return [...acknowledged].filter(([position, hash]) => found.get(position) !== hash).length;
    } finally {
      await log.close();
    }
  }

  /** Serves the files of the disk: repeats of acknowledged commands get the same receipts, and everything agrees with the log. */
  async function serveAgain({ files, acknowledged }: PowerLoss, answers: Watched['answers']): Promise<void> {
    const disk = join(folder.path, 'served');
    await writeFiles(disk, files);
    const ledger = await startLedger(disk);
    const client = new Client(ledger.url, token);
    const first = [...acknowledged.keys()].map((position) => {
      const answer = answers.get(position);
      if (!answer) throw new Error(`nobody was told of position ${position}`);
      return answer;
    });
    const askAgain = async ({ id }: Acknowledged) => {
      const { status, body, headers } = await spend(client, id);
      return { id, status, body, replayed: headers.get('idempotency-replayed') };
    };
    try {
      await until('it is ready', async () => (await client.get('/health/ready')).status === 200);
      const again = await Promise.all(first.map(askAgain));
      expect(again).toEqual(first.map((answer) => ({ ...answer, replayed: 'true' })));
    } finally {
      await ledger.stop();
    }
    expect(await ledger.ended).toMatchObject({ code: 0, stderr: '' });
    const verified = await runLedger(['verify', '--json'], { DATA_DIR: disk });
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(verified.stdout)).toMatchObject({ sound: true });
  }

  it(`loses nothing acknowledged, at ${moments} moments under load`, async () => {
    // The log's write-ahead file is checkpointed more often than usual, so that some losses of power happen during a checkpoint.
    const served = await watched('synced', { wal_autocheckpoint: 25 });
    const syncsOf = (name: string) => served.calls.filter((call) => call.did === 'sync' && call.file === join(served.data, name)).length;
    expect(syncsOf('ledger.sqlite-wal')).toBeGreaterThan(20);
    expect(syncsOf('ledger.sqlite')).toBeGreaterThan(2);
    const found: number[] = [];
    for await (const left of powerLosses(served, numbersFrom(20_261_124))) {
      found.push(await lost(left));
      if (found.length % servedEvery === 0) await serveAgain(left, served.answers);
    }
    expect(found).toEqual(Array.from({ length: moments }, () => 0));
  });

  it('is found to lose acknowledged records if SQLite syncs nothing', async () => {
    const served = await watched('unsynced', { synchronous: 'OFF', wal_autocheckpoint: 25 });
    expect(served.calls.filter(({ did }) => did === 'sync')).toEqual([]);
    const found: number[] = [];
    for await (const left of powerLosses(served, numbersFrom(20_261_124))) found.push(await lost(left));
    expect(found.filter((count) => count > 0).length).toBeGreaterThan(moments / 2);
  });
});
