import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { fundedInitiative, openTestLedger, spend } from '../../command-processing/testing/ledger.js';
import { eventLogContract } from '../event-log.contract.js';
import { LedgerLocked, start, type Entry } from '../ports.js';
import { stateStoreContract } from '../state-store.contract.js';
import { checkSqliteVersion, LedgerDamaged } from '../../sqlite/database.js';
import { startLogThread } from './log-thread.js';
import { openSqliteEventLog, readSqliteEventLog } from './sqlite-event-log.js';
import { openSqliteStateStore } from './sqlite-state-store.js';

const folder = () => mkdtemp(join(tmpdir(), 'initiative-ledger-log-'));
const workerUrl = pathToFileURL(resolve('dist/libs/event-log/sqlite/log-worker.js'));
const clock = () => Date.parse('2024-06-10T00:00:00.000Z');
const unexpected = (error: Error): never => {
  throw error;
};

eventLogContract('SQLite', async () => {
  const path = await folder();
  return { log: openSqliteEventLog(join(path, 'ledger.sqlite')), remove: () => rm(path, { recursive: true }) };
});
eventLogContract('SQLite in a thread of its own', async () => {
  const path = await folder();
  const { log, states } = await startLogThread({
    logFile: join(path, 'ledger.sqlite'),
    stateFile: join(path, 'state.sqlite'),
    codeVersion: '1',
    onLost: unexpected,
    workerUrl,
  });
  return {
    log,
    remove: () => {
      states.close();
      return rm(path, { recursive: true });
    },
  };
});
stateStoreContract('SQLite', async () => {
  const path = await folder();
  const states = openSqliteStateStore({ file: join(path, 'state.sqlite'), codeVersion: '1', now: clock });
  return { states, remove: () => rm(path, { recursive: true }) };
});

describe('a SQLite ledger', () => {
  let path: string;
  let file: string;
  beforeEach(async () => {
    path = await folder();
    file = join(path, 'ledger.sqlite');
  });
  afterEach(() => rm(path, { recursive: true }));

  /** A ledger of a few records, closed. */
  async function written(spendings = 20): Promise<void> {
    const log = openSqliteEventLog(file);
    const { commands } = await openTestLedger({ log });
    await commands.submitAll(fundedInitiative(1_000n));
    await commands.submitAll(Array.from({ length: spendings }, (_, index) => spend(1n, `T-${index}`)));
    await log.close();
  }
  async function recordsOf(from: string): Promise<Entry[]> {
    const log = readSqliteEventLog(from);
    try {
      const entries: Entry[] = [];
      for await (const batch of log.read(0, start)) entries.push(...batch);
      return entries;
    } finally {
      await log.close();
    }
  }

  it('flushes every commit to the disk', () => {
    const log = openSqliteEventLog(file);
    const settings = new DatabaseSync(file);
    expect(settings.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    settings.close();
    // `synchronous` belongs to a connection; the writer's own is FULL (2).
    expect(log.durability()).toBe(2);
    return log.close();
  });

  it('keeps everything when it is closed and opened again', async () => {
    await written();
    const before = await recordsOf(file);
    await openSqliteEventLog(file).close();
    expect(await recordsOf(file)).toEqual(before);
  });

  it('refuses a second writer in another process, and welcomes readers beside the first', async () => {
    await written(1);
    // Without a reference the garbage collector would close the log, and end its lock.
    const script = `
      const { openSqliteEventLog } = await import(${JSON.stringify(pathToFileURL(resolve('dist/libs/event-log/sqlite/sqlite-event-log.js')).href)});
      globalThis.held = openSqliteEventLog(${JSON.stringify(file)});
      process.stdout.write('open');
      setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(other.stdout, 'data');
      expect(() => openSqliteEventLog(file)).toThrow(LedgerLocked);
      expect(await recordsOf(file)).toHaveLength(5);
    } finally {
      other.kill('SIGKILL');
      await once(other, 'close');
    }
    // Nothing is left locked, although the other process was killed.
    await openSqliteEventLog(file).close();
  });

  it('reports another writer from its thread, too', async () => {
    const log = openSqliteEventLog(file);
    await expect(
      startLogThread({ logFile: file, stateFile: join(path, 'state.sqlite'), codeVersion: '1', onLost: unexpected, workerUrl }),
    ).rejects.toMatchObject({ name: 'LedgerLocked' });
    await log.close();
  });

  it('names a torn file, and leaves it as it is', async () => {
    await written();
    const { size } = await stat(file);
    await truncate(file, size - 1_000);
    const bytes = await readFile(file);
    expect(() => openSqliteEventLog(file)).toThrow(LedgerDamaged);
    expect(() => openSqliteEventLog(file)).toThrow(file);
    expect(await readFile(file)).toEqual(bytes);
  });

  it('is whole if its file was torn while it grew, as long as the write-ahead file holds what was written', async () => {
    await written();
    const copy = join(path, 'copy');
    /** Copies the ledger without the end of its last page. After one of the checkpoints the write-ahead file holds that page, after the other it does not. */
    const tornAfter = async (checkpoint: 'PASSIVE' | 'TRUNCATE') => {
      const log = openSqliteEventLog(file);
      const ledger = await openTestLedger({ log });
      for (let number = 0; number < 200; number++) await ledger.commands.submit(spend(1n, `${checkpoint}-${number}`));
      const beside = new DatabaseSync(file);
      beside.exec(`PRAGMA wal_checkpoint(${checkpoint})`);
      const records = await recordsOf(file);
      if (checkpoint === 'TRUNCATE') await log.acquire(0);
      expect((await stat(`${file}-wal`)).size).toBeGreaterThan(0);
      await copyFile(file, copy);
      await copyFile(`${file}-wal`, `${copy}-wal`);
      beside.close();
      await ledger.commands.close();
      await log.close();
      await truncate(copy, (await stat(copy)).size - 1_000);
      return records;
    };
    const records = await tornAfter('PASSIVE');
    await openSqliteEventLog(copy).close();
    expect(await recordsOf(copy)).toEqual(records);
    await tornAfter('TRUNCATE');
    expect(() => openSqliteEventLog(copy)).toThrow(LedgerDamaged);
  });

  it('names the record of an edited file, and leaves it as it is', async () => {
    await written();
    const edit = new DatabaseSync(file);
    edit.exec(`UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), '"amount":"1"', '"amount":"2"') AS BLOB) WHERE position = 9`);
    edit.close();
    const bytes = await readFile(file);
    expect(() => openSqliteEventLog(file)).toThrow(/position 10.*hash of the record before/);
    expect(await readFile(file)).toEqual(bytes);
  });

  it('does not touch a file of another application, or no database at all', async () => {
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE notes (text TEXT)');
    other.close();
    const bytes = await readFile(file);
    expect(() => openSqliteEventLog(file)).toThrow('is no ledger');
    expect(await readFile(file)).toEqual(bytes);
    const text = join(path, 'text');
    await writeFile(text, 'not a database, but longer than the header of one: '.repeat(10));
    expect(() => openSqliteEventLog(text)).toThrow(LedgerDamaged);
    expect(() => readSqliteEventLog(text)).toThrow(LedgerDamaged);
  });

  it('says that there is no ledger to read', () => {
    expect(() => readSqliteEventLog(file)).toThrow('there is no ledger');
  });

  it('reads a copy of its file', async () => {
    await written();
    await copyFile(file, join(path, 'copy'));
    expect(await recordsOf(join(path, 'copy'))).toEqual(await recordsOf(file));
  });

  it('refuses a SQLite version that could lose data', () => {
    expect(() => {
      checkSqliteVersion('3.51.2');
    }).toThrow('SQLite 3.51.3 or newer');
    for (const version of ['3.51.3', '3.52.0', '4.0.0'])
      expect(() => {
        checkSqliteVersion(version);
      }).not.toThrow();
  });
});

describe('a SQLite state store', () => {
  let path: string;
  beforeEach(async () => {
    path = await folder();
  });
  afterEach(() => rm(path, { recursive: true }));
  const open = (codeVersion: string, now = clock) => openSqliteStateStore({ file: join(path, 'state.sqlite'), codeVersion, now });
  const head = { position: 1, hash: 'a', recordedAt: '2024-06-01T06:00:00.000Z' };

  it('keeps what was saved over a restart, and forgets it when the code changed', async () => {
    const first = open('1');
    await first.save(4, new Map([['p', head]]), [{ key: 'a', value: 'one' }]);
    first.close();
    const second = open('1');
    expect(second.open(0)).toEqual({ offset: 4, heads: new Map([['p', head]]) });
    expect(second.read(['a'])).toEqual(['one']);
    second.close();
    const changed = open('2');
    expect(changed.open(0)).toBeUndefined();
    changed.close();
  });

  it('starts anew over a damaged file', async () => {
    await writeFile(join(path, 'state.sqlite'), 'no database');
    const states = open('1');
    expect(states.open(0)).toBeUndefined();
    states.close();
  });

  it('forgets what has expired', async () => {
    const states = open('1');
    await states.save(1, new Map(), [{ key: 'a', value: '1', expires: Date.parse('2024-06-09T00:00:00.000Z') }]);
    await states.save(2, new Map(), []);
    expect(states.read(['a'])).toEqual([undefined]);
    states.close();
  });
});

describe('the processor over SQLite', () => {
  it('goes on after a restart from the log and the state store', async () => {
    const path = await folder();
    const options = {
      logFile: join(path, 'ledger.sqlite'),
      stateFile: join(path, 'state.sqlite'),
      codeVersion: '1',
      onLost: unexpected,
      workerUrl,
    };
    const first = await startLogThread(options);
    const ledger = await openTestLedger(first);
    await ledger.commands.submitAll(fundedInitiative(100n));
    await ledger.commands.submit(spend(60n, 'T-1'));
    await ledger.commands.close();
    first.states.close();
    await first.log.close();

    const second = await startLogThread(options);
    expect(second.states.open(0)?.heads.get('p')?.position).toBe(5);
    const again = await openTestLedger(second);
    const [tooMuch, fitting] = await again.commands.submitAll([spend(41n, 'T-2'), spend(40n, 'T-3')]);
    expect(tooMuch).toMatchObject({
      kind: 'refused',
      code: 'funding-exceeded',
      figures: { available: '40', requested: '41' },
      position: 6,
    });
    expect(fitting).toMatchObject({ kind: 'accepted', receipt: { version: 4, position: 7 } });
    await again.commands.close();
    second.states.close();
    await second.log.close();
    await rm(path, { recursive: true });
  });
});
