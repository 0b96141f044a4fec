/**
 * The power goes while commands are recorded. System calls of the real process are recorded (strace), and its files are made again as a disk could hold
 * them at a moment: everything that was synced, and of the rest any part. `kill -9` can't show a missing fsync: the system's cache survives it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LogUnreadable, start, type EventLog } from '../libs/event-log/ports.js';
import { hashOf } from '../libs/event-log/record.js';
import { LedgerDamaged } from '../libs/event-log/sqlite/database.js';
import { openSqliteEventLog } from '../libs/event-log/sqlite/sqlite-event-log.js';
import { HistoryCheck } from '../libs/projections/verify-history.js';
import { Client } from './support/client.js';
import { startLedger, temporaryFolder, tokenFor } from './support/ledger-process.js';
import { clientsFor, fundInitiative } from './support/programme.js';

const moments = 100;
const commands = 400;
const senders = 8;

/** What the process did, in order. */
type Call =
  | { did: 'write'; file: string; at: number; bytes: Buffer }
  | { did: 'truncate'; file: string; length: number }
  | { did: 'sync'; file: string; began: number }
  | { did: 'acknowledge'; position: number; hash: string };

/** A repeatable sequence of numbers below `limit` (Lehmer, MINSTD). */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}

/** Strings are escaped whole, byte by byte. */
const bytesOf = (escaped: string) => Buffer.from(escaped.replaceAll('\\x', ''), 'hex');

/** Reads what strace wrote. A call that another thread's came between is told in two lines; it has happened with the second. */
function callsIn(trace: string, folder: string): Call[] {
  const calls: Call[] = [];
  const unfinished = new Map<string, { line: string; began: number }>();
  for (const told of trace.split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+) +(.*)$/s.exec(told) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/s.exec(rest);
    const begun = resumed && unfinished.get(pid);
    if (rest.endsWith('<unfinished ...>')) {
      const line = rest.slice(0, -'<unfinished ...>'.length).trimEnd();
      unfinished.set(pid, { line, began: calls.length });
      // Whoever waits for an answer may have it from now on.
      acknowledgedIn(line).forEach((call) => calls.push(call));
      continue;
    }
    unfinished.delete(pid);
    const line = begun ? begun.line + (resumed[1] ?? '') : rest;
    const began = begun?.began ?? calls.length;
    const [, name = '', path = ''] = /^(\w+)\(\d+<([^>]*)>/.exec(line) ?? [];
    const file = Buffer.from(path.replaceAll('\\x', ''), path.startsWith('\\x') ? 'hex' : 'utf8').toString();
    if (file.startsWith(folder)) {
      if (name === 'pwrite64') {
        const [, escaped = '', length = '-1', at = '0'] = /, "((?:\\x[0-9a-f]{2})*)", (\d+), (\d+)\) += \d+/.exec(line) ?? [];
        expect(bytesOf(escaped)).toHaveLength(Number(length));
        calls.push({ did: 'write', file, at: Number(at), bytes: bytesOf(escaped) });
      } else if (name === 'ftruncate') calls.push({ did: 'truncate', file, length: Number(/, (\d+)\)/.exec(line)?.[1]) });
      else if (!line.includes('INJECTED')) calls.push({ did: 'sync', file, began });
    } else if (!begun) acknowledgedIn(line).forEach((call) => calls.push(call));
  }
  return calls;
}

/** The receipts in what is written to a socket. */
function acknowledgedIn(line: string): Call[] {
  if (!line.startsWith('write')) return [];
  const text = [...line.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, escaped]) => bytesOf(escaped ?? '').toString()).join('');
  return [...text.matchAll(/"position":(\d+),"hash":"([0-9a-f]{64})"/g)].map(([, position, hash]) => ({
    did: 'acknowledge',
    position: Number(position),
    hash: hash ?? '',
  }));
}

/** A file as the disk may hold it: what was synced, and what the system had not written down yet. */
class DiskFile {
  private pending: { index: number; apply: (bytes: Buffer) => Buffer }[] = [];
  constructor(private synced: Buffer) {}

  add(index: number, call: Call): void {
    if (call.did === 'sync') {
      const done = this.pending.filter((one) => one.index < call.began);
      this.synced = done.reduce<Buffer>((bytes, { apply }) => apply(bytes), this.synced);
      this.pending = this.pending.filter((one) => one.index >= call.began);
    } else if (call.did === 'truncate') this.pending.push({ index, apply: (bytes) => withLength(bytes, call.length) });
    else if (call.did === 'write')
      this.pending.push({
        index,
        apply: (bytes) => {
          const long = withLength(bytes, Math.max(bytes.length, call.at + call.bytes.length));
          call.bytes.copy(long, call.at);
          return long;
        },
      });
  }
  /** What is left when the power goes: of what was not synced any part. */
  afterPowerLoss(below: (limit: number) => number): Buffer {
    return this.pending.reduce<Buffer>((bytes, { apply }) => (below(2) === 0 ? apply(bytes) : bytes), this.synced);
  }
}
function withLength(bytes: Buffer, length: number): Buffer {
  const made = Buffer.alloc(length);
  bytes.copy(made);
  return made;
}

describe('power loss', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let before: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    before = join(folder.path, 'before');
    const ledger = await startLedger(before);
    await fundInitiative(await clientsFor(ledger.url, before), '999999999');
    await ledger.stop();
  });
  afterAll(() => folder.remove());

  /** Records commands while the process is watched. */
  async function watched(name: string, inject: readonly string[]): Promise<Call[]> {
    const data = join(folder.path, name);
    const trace = join(folder.path, `${name}.trace`);
    await cp(before, data, { recursive: true });
    const token = await tokenFor(data, 'ministry', 'ministry-of-justice');
    const calls = ['pwrite64', 'ftruncate', 'fsync', 'fdatasync', 'write', 'writev'];
    const strace = [
      '-f',
      '-qq',
      '-y',
      '-xx',
      '-s',
      '1000000',
      '-e',
      `trace=${calls.join(',')}`,
      '-e',
      'signal=none',
      ...inject,
      '-o',
      trace,
    ];
    const child = spawn('strace', [...strace, process.execPath, resolve('dist/apps/cli/main.js'), 'serve'], {
      env: { PATH: process.env['PATH'] ?? '', DATA_DIR: data, PORT: '0', LOG_LEVEL: 'warn' },
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
    });
    const client = new Client(url, token);
    let sent = 0;
    const sender = async () => {
      for (let number = sent++; number < commands; number = sent++) {
        const answer = await client.post('/programmes/p/initiatives/i/spending', { transactionId: `T-${number}`, amount: '1' });
        expect(answer.status).toBe(201);
      }
    };
    await Promise.all(Array.from({ length: senders }, sender));
    // What it does when it is asked to end is of no interest.
    const closed = once(child, 'close');
    const [ledger] = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim().split(' ');
    process.kill(Number(ledger), 'SIGKILL');
    await closed;
    const found = callsIn(await readFile(trace, 'utf8'), data);
    await rm(trace);
    expect(found.filter(({ did }) => did === 'acknowledge').length).toBeGreaterThanOrEqual(commands);
    return found;
  }

  /** How many acknowledged records are gone after the power went at each of so many moments. */
  async function lostAt(calls: readonly Call[], data: string, below: (limit: number) => number): Promise<number[]> {
    const lost: number[] = [];
    for (let round = 0; round < moments; round++) {
      const end = Math.floor(calls.length / 10) + below(Math.floor((calls.length * 9) / 10));
      const files = new Map<string, DiskFile>();
      const acknowledged = new Map<number, string>();
      for (const [index, call] of calls.slice(0, end).entries()) {
        if (call.did === 'acknowledge') acknowledged.set(call.position, call.hash);
        else {
          const known = files.get(call.file) ?? new DiskFile(await readFile(call.file.replace(data, before)).catch(() => Buffer.alloc(0)));
          files.set(call.file, known);
          known.add(index, call);
        }
      }
      const disk = join(folder.path, 'disk');
      await rm(disk, { recursive: true, force: true });
      await mkdir(disk);
      for (const name of await readdir(before))
        if (name.startsWith('ledger.sqlite') && !name.includes('states') && !name.endsWith('-shm'))
          await cp(join(before, name), join(disk, name));
      for (const [file, held] of files)
        if (/\/ledger\.sqlite(-wal)?$/.test(file)) await writeFile(file.replace(data, disk), held.afterPowerLoss(below));
      lost.push(await missing(join(disk, 'ledger.sqlite'), acknowledged));
    }
    return lost;
  }

  /** How many of these are not in a log; all there could be where the log is not even sound. */
  async function missing(file: string, acknowledged: ReadonlyMap<number, string>): Promise<number> {
    try {
      return await missingIn(openSqliteEventLog(file), acknowledged);
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

  it(`loses nothing acknowledged, at ${moments} moments under load`, async () => {
    const calls = await watched('synced', []);
    expect(calls.filter(({ did, ...call }) => did === 'sync' && 'file' in call && call.file.endsWith('-wal')).length).toBeGreaterThan(20);
    expect(await lostAt(calls, join(folder.path, 'synced'), numbersFrom(20_261_124))).toEqual(Array.from({ length: moments }, () => 0));
  }, 300_000);

  it('is found to lose what was acknowledged where nothing is synced', async () => {
    const calls = await watched('unsynced', ['-e', 'inject=fsync,fdatasync:retval=0']);
    const lost = await lostAt(calls, join(folder.path, 'unsynced'), numbersFrom(20_261_124));
    expect(Math.max(...lost)).toBeGreaterThan(0);
  }, 300_000);
});
