/** A ledger that was shortened, restored or removed under its caches: the caches are the only trace, and are kept. */
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runLedger, startLedger, temporaryFolder } from './support/ledger-process.js';
import { clientsFor, fundInitiative } from './support/programme.js';

describe('a ledger whose caches know more than it holds', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const file = (name: string) => join(folder.path, name);
  const ledger = (...args: string[]) => runLedger([...args, '--data', folder.path]);
  const serve = () => ledger('serve', '--port', '0');
  const hashAt = async (position: number) =>
    (JSON.parse((await ledger('verify', '--json')).stdout) as { heads: { position: number; hash: string }[] }).heads.find(
      (head) => head.position === position,
    )?.hash;

  /** A ledger of four records and a copy of it; then one more is recorded. */
  beforeEach(async () => {
    folder = await temporaryFolder();
    const first = await startLedger(folder.path);
    await fundInitiative(await clientsFor(first.url, folder.path), '1000');
    await first.stop();
    await mkdir(file('copies'));
    await copyFile(file('ledger.sqlite'), file('copies/ledger.sqlite'));
    const second = await startLedger(folder.path);
    const { ministry } = await clientsFor(second.url, folder.path);
    expect((await ministry.post('/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '300' })).status).toBe(201);
    await second.stop();
  });
  afterEach(() => folder.remove());

  it('is not served after an older copy was put back: both caches are named with position and hash, and nothing is changed', async () => {
    const lost = await hashAt(5);
    await copyFile(file('copies/ledger.sqlite'), file('ledger.sqlite'));
    const before = await Promise.all(['ledger.sqlite', 'ledger.sqlite.states', 'read-models.sqlite'].map((name) => readFile(file(name))));
    const { code, stderr } = await serve();
    expect(code).toBe(1);
    for (const cache of ['ledger.sqlite.states', 'read-models.sqlite'])
      expect(stderr).toMatch(
        new RegExp(
          `- \\S*${cache}: folded to position 5 of p \\(hash ${lost ?? ''}\\); the log ends at position 4 of it \\(hash [0-9a-f]{64}\\)`,
        ),
      );
    expect(stderr).toMatch(/`ledger forget-caches` moves the caches aside as evidence/);
    const after = await Promise.all(['ledger.sqlite', 'ledger.sqlite.states', 'read-models.sqlite'].map((name) => readFile(file(name))));
    expect(after.map((bytes, index) => bytes.equals(before[index]!))).toEqual([true, true, true]);
    const verified = await ledger('verify');
    expect(verified.code).toBe(1);
    expect(verified.stdout).toMatch(/WRONG: .*ledger\.sqlite\.states: folded to position 5 of p/);
  });

  it('is not served, nor made anew, when its file is gone', async () => {
    await rm(file('ledger.sqlite'));
    const { code, stderr } = await serve();
    expect(code).toBe(1);
    expect(stderr).toMatch(/folded to position 5 of p \(hash [0-9a-f]{64}\); the log holds no record of p/);
    expect(await readdir(folder.path)).not.toContain('ledger.sqlite');
  });

  it('is not served after an older copy was put back and continued with other records', async () => {
    const elsewhere = await startLedger(file('copies'), {}, ['serve']);
    const { ministry } = await clientsFor(elsewhere.url, file('copies'));
    expect((await ministry.post('/programmes/p/initiatives/i/spending', { transactionId: 'T-9', amount: '1' })).status).toBe(201);
    await elsewhere.stop();
    await copyFile(file('copies/ledger.sqlite'), file('ledger.sqlite'));
    const { code, stderr } = await serve();
    expect(code).toBe(1);
    expect(stderr).toMatch(/folded to position 5 of p \(hash [0-9a-f]{64}\); the log has hash [0-9a-f]{64} there/);
  });

  it('is served on purpose after ‘ledger forget-caches’, which keeps them', async () => {
    await copyFile(file('copies/ledger.sqlite'), file('ledger.sqlite'));
    const caches = [
      'ledger.sqlite.states',
      'ledger.sqlite.trees',
      'ledger.sqlite.documents',
      'ledger.sqlite.statements',
      'read-models.sqlite',
    ];
    const kept = await Promise.all(caches.map((name) => readFile(file(name))));
    const { code, stdout } = await ledger('forget-caches');
    expect(code).toBe(0);
    const moved = [...stdout.matchAll(/^(\S+) is kept as (\S+)$/gm)].map(([, from, to]) => [from, to]);
    expect(moved.map(([from]) => from)).toEqual(caches.map(file));
    for (const [index, [, to]] of moved.entries()) expect((await readFile(to!)).equals(kept[index]!)).toBe(true);
    const again = await startLedger(folder.path);
    const { ministry } = await clientsFor(again.url, folder.path);
    // Funding that is free by the shorter log can be used.
    expect((await ministry.post('/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '1000' })).status).toBe(201);
    expect((await ledger('forget-caches')).stderr).toMatch(/another process writes this ledger/);
    await again.stop();
    expect((await ledger('verify')).code).toBe(0);
  });

  it('is served as ever if its caches are of other code, or damaged, because the log is proved by itself', async () => {
    await copyFile(file('copies/ledger.sqlite'), file('ledger.sqlite'));
    await rm(file('read-models.sqlite'));
    await writeFile(file('ledger.sqlite.states'), 'no state store');
    const again = await startLedger(folder.path);
    const ended = await again.stop();
    expect(ended.stderr).toMatch(/the state store was damaged: it is discarded and folded again from the log/);
    expect((await ledger('verify')).code).toBe(0);
  });
});

describe('a state that was changed', () => {
  it('is found by verify, and before anything is decided on it', async () => {
    const folder = await temporaryFolder();
    const first = await startLedger(folder.path);
    const clients = await clientsFor(first.url, folder.path);
    await fundInitiative(clients, '874321');
    await first.stop();
    expect((await runLedger(['verify', '--data', folder.path])).stdout).toMatch(/\d+ states compared with a fresh fold/);
    const states = join(folder.path, 'ledger.sqlite.states');
    const text = await readFile(states, 'latin1');
    expect(text).toContain('874321');
    await writeFile(states, text.replaceAll('874321', '974321'), 'latin1');

    const verified = await runLedger(['verify', '--data', folder.path]);
    expect(verified.code).toBe(1);
    expect(verified.stdout).toMatch(/WRONG: the state store is wrong \(.*page \d+ is not as it was written\); the ledger itself is sound/);

    const damaged = await startLedger(folder.path);
    const spend = (url: string) =>
      clientsFor(url, folder.path).then(({ ministry }) =>
        ministry.post('/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '900000' }),
      );
    expect((await spend(damaged.url)).status).toBe(503);
    const { code, stderr } = await damaged.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/ledger\.sqlite\.states is damaged \(page \d+ is not as it was written\); nothing was decided on it/);

    const folded = await startLedger(folder.path);
    expect((await spend(folded.url)).body).toMatchObject({ code: 'funding-exceeded' });
    expect((await folded.stop()).stderr).toMatch(/discarded and folded again from the log/);
    expect((await runLedger(['verify', '--data', folder.path])).code).toBe(0);
    await folder.remove();
  });
});
