import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { establish, grant, openTestLedger, propose, type TestLedger } from '../../command-processing/testing/ledger.js';
import { LogFenced, type EventLog } from '../ports.js';
import { openSqliteEventLog } from './sqlite-event-log.js';

describe('a ledger’s file that something else touches while it is served', () => {
  let folder: string;
  let file: string;
  let log: EventLog;
  let ledger: TestLedger;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ledger-replaced-'));
    file = join(folder, 'ledger.sqlite');
    log = openSqliteEventLog(file);
    ledger = await openTestLedger({ log });
    await ledger.commands.submitAll([establish(), grant(1_000n)]);
  });
  afterEach(async () => {
    await log.close();
    rmSync(folder, { recursive: true });
  });

  /** The next command is not acknowledged; the process learns why, and takes no more commands. */
  async function expectStopped(says: RegExp): Promise<void> {
    await expect(ledger.commands.submit(propose())).rejects.toThrow('this process may no longer write the ledger');
    await expect(ledger.commands.submit(propose())).rejects.toThrow('this process may no longer write the ledger');
    expect(ledger.lost).toEqual([expect.any(LogFenced)]);
    expect(String(ledger.lost[0])).toMatch(says);
  }

  it('is noticed if it is replaced by rename: nothing is acknowledged into the file that nobody finds any more', async () => {
    copyFileSync(file, join(folder, 'older'));
    renameSync(join(folder, 'older'), file);
    await expectStopped(/ledger\.sqlite was replaced or removed while the ledger was open/);
  });

  it('is noticed if it is removed: nothing is acknowledged', async () => {
    rmSync(file);
    await expectStopped(/ledger\.sqlite was replaced or removed while the ledger was open/);
  });

  it('is noticed if the write-ahead file with the last commits is removed: nothing is acknowledged', async () => {
    rmSync(`${file}-wal`);
    await expectStopped(/ledger\.sqlite-wal was replaced or removed/);
  });

  it('is noticed if another process appends to it: nothing is decided without the new records', async () => {
    const other = new DatabaseSync(file);
    other.exec("INSERT INTO entries (place, kind, bytes) VALUES (2, 1, x'00')");
    other.close();
    await expectStopped(/ledger\.sqlite was changed by another process: the next offset was 2, and it is 3/);
  });
});
