/** Copies of an embedded ledger: made while it is served, restored, and read in a read-only folder. */
import { spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ended, runLedger, startLedger, temporaryFolder, until, type Ended } from './support/ledger-process.js';
import { clientsFor, fundInitiative, type Clients } from './support/programme.js';

const spend = ({ ministry }: Clients, number: number) =>
  ministry.post('/programmes/p/initiatives/i/spending', { transactionId: `T-${number}`, amount: '1' });

describe('copies of a ledger', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let data: string;
  const ledger = (...args: string[]) => runLedger([...args, '--data', data]);
  beforeEach(async () => {
    folder = await temporaryFolder();
    data = join(folder.path, 'data');
  });
  afterEach(() => folder.remove());

  it('hold everything acknowledged before them, even if commands are recorded meanwhile, and are served with a key of their own', async () => {
    const served = await startLedger(data);
    const clients = await clientsFor(served.url, data);
    await fundInitiative(clients, '999999');
    let [sent, acknowledged, stopping] = [0, 0, false];
    const sender = async () => {
      while (!stopping) if ((await spend(clients, sent++)).status === 201) acknowledged++;
    };
    const senders = Array.from({ length: 4 }, sender);
    await until('some are recorded', () => acknowledged > 50);
    const before = acknowledged;
    const copy = join(folder.path, 'copy');
    const made = await runLedger(['backup', copy, '--data', data, '--json']);
    stopping = true;
    await Promise.all(senders);
    await served.stop();
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
    const { file, heads } = JSON.parse(made.stdout) as { file: string; heads: { position: number; hash: string }[] };
    expect(file).toBe(join(copy, 'ledger.sqlite'));
    expect(await readdir(copy)).toEqual(['ledger.sqlite']);
    expect((await stat(copy)).mode & 0o777).toBe(0o700);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const [head] = heads;
    expect(head?.position).toBeGreaterThanOrEqual(4 + before);
    // Exactly the records of the ledger up to the head.
    const whole = (await ledger('export')).stdout;
    const copied = (await runLedger(['export', '--data', copy])).stdout;
    expect(whole.startsWith(copied)).toBe(true);
    expect(copied.trimEnd().split('\n')).toHaveLength(head?.position ?? 0);

    const restored = await startLedger(copy);
    expect((await spend(await clientsFor(restored.url, copy), -1)).status).toBe(201);
    expect((await spend(await clientsFor(restored.url, data), -2)).status).toBe(401);
    await restored.stop();
    expect((await runLedger(['verify', '--data', copy])).code).toBe(0);
  });

  it('are not made into a folder that holds a ledger, of no ledger, or of one with a broken chain', async () => {
    expect((await ledger('backup', join(folder.path, 'copy'))).stderr).toMatch(/there is no ledger at .*ledger\.sqlite/);
    await (await startLedger(data)).stop();
    const again = await ledger('backup', data);
    expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 2, stdout: '' });
    expect(again.stderr).toMatch(/ledger\.sqlite exists already and was left as it is; name another folder/);
    const served = await startLedger(data);
    await fundInitiative(await clientsFor(served.url, data), '1000');
    await served.stop();
    const file = join(data, 'ledger.sqlite');
    const bytes = await readFile(file);
    // Rows fill a page from its end, so the last one in the file was recorded first: here the appropriation.
    bytes.write('"amount":"9000"', bytes.lastIndexOf('"amount":"1000"'));
    await writeFile(file, bytes);
    const broken = await ledger('backup', join(folder.path, 'broken'));
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/no backup was made: offset 2 of the ledger: it does not name the hash of the record before/);
    expect(await readdir(join(folder.path, 'broken'))).toEqual([]);
  });

  /** Runs a command as an account without write access there: the test's own account, unless that is root. */
  function readOnly(...args: string[]): Promise<Ended> {
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const env = { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', DATA_DIR: data };
    return ended(
      spawn(process.execPath, [resolve('dist/apps/cli/main.js'), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'], ...nobody }),
    );
  }
  async function letNobodyWrite(path: string): Promise<void> {
    for (const { name } of (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isFile()))
      await chmod(join(path, name), 0o444);
    await chmod(path, 0o555);
    await chmod(folder.path, 0o755);
  }

  it('are verified, exported and reported from a read-only folder', async () => {
    const served = await startLedger(data);
    await fundInitiative(await clientsFor(served.url, data), '1000');
    await served.stop();
    const exported = (await ledger('export')).stdout;
    await letNobodyWrite(data);
    const before = await readdir(data);
    expect(await readOnly('export')).toMatchObject({ code: 0, stdout: exported, stderr: '' });
    expect((await readOnly('report')).stdout).toMatch(/\ninitiative,/);
    const verified = await readOnly('verify');
    expect({ code: verified.code, stderr: verified.stderr }).toEqual({ code: 0, stderr: '' });
    expect(verified.stdout).toMatch(/documents compared.*\n\d+ states compared/);
    expect(await readdir(data)).toEqual(before);
    await chmod(data, 0o755);
  });

  it('are not read from it without the records of a write-ahead file: the message names the files to copy', async () => {
    const served = await startLedger(data);
    await fundInitiative(await clientsFor(served.url, data), '1000');
    const copy = join(folder.path, 'copy');
    await mkdir(copy);
    for (const name of ['ledger.sqlite', 'ledger.sqlite-wal']) await copyFile(join(data, name), join(copy, name));
    await served.kill();
    data = copy;
    await letNobodyWrite(copy);
    const { code, stdout, stderr } = await readOnly('export');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /its latest records are in .*ledger\.sqlite-wal, and its folder can't be written; copy both files to a folder that can/,
    );
    await chmod(copy, 0o755);
    expect((await ledger('export')).stdout.trimEnd().split('\n')).toHaveLength(4);
  });
});
