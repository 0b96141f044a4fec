/** Statements of a served ledger: published when ordered, served whole, made again from the log, and proved by `verify`. */
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { leafOfDocument } from '../libs/proof/statements/stated-tree.js';
import { hashLength } from '../libs/proof/tree/hashing.js';
import { TiledTree } from '../libs/proof/tree/tiled-tree.js';
import { runLedger, startLedger, temporaryFolder, until, type LedgerProcess } from './support/ledger-process.js';
import { clientsFor, fundInitiative, type Clients } from './support/programme.js';

type Listed = { position: number; size: number; root: string };
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let ledger: LedgerProcess;
let clients: Clients;

async function start(): Promise<void> {
  ledger = await startLedger(folder.path, { STATEMENTS: 'true' });
  clients = await clientsFor(ledger.url, folder.path);
}
async function listed(): Promise<Listed[]> {
  const { status, body } = await clients.anyone.get('/programmes/p/statements');
  return status === 200 ? (body['items'] as Listed[]) : [];
}
async function rootOf(position: number): Promise<string> {
  const { text } = await clients.anyone.get(`/programmes/p/statements/${position}`);
  const leaves = Buffer.concat(text.trimEnd().split('\n').map(leafOfDocument));
  return Buffer.from(await new TiledTree(leaves.length / hashLength, () => Promise.resolve(leaves)).root()).toString('hex');
}
const verify = () => runLedger(['verify', '--data', folder.path]);
const order = async () => {
  const answer = await clients.auditor.post('/programmes/p/statement-orders', { reason: 'an audit' });
  expect(answer.status).toBe(201);
};

beforeAll(async () => {
  folder = await temporaryFolder();
  await start();
  await fundInitiative(clients, '1000');
});
afterAll(async () => {
  await ledger.stop();
  await folder.remove();
});

describe('a statement', () => {
  it('is published soon after an auditor orders it, and served with the root that is recorded', async () => {
    await order();
    await until('the statement is listed', async () => (await listed()).length === 1);
    const [statement] = await listed();
    expect(statement).toMatchObject({ position: 5, size: 2 });
    expect(await rootOf(5)).toBe(statement?.root);
    await until('it is recorded', async () => (await clients.auditor.get('/programmes/p/records')).text.includes(statement?.root ?? ''));
    expect((await verify()).stdout).toMatch(/1 statements folded again from the records/);
  });

  it('leads from an initiative’s records to its figures, as evidence that ledger check proves without the ledger', async () => {
    const file = join(folder.path, 'evidence.json');
    const evidence = () => clients.auditor.get('/programmes/p/initiatives/i/evidence');
    await until('the statement’s record is in a checkpoint', async () => (await evidence()).status === 200);
    await writeFile(file, (await evidence()).text);
    const { code, stdout } = await runLedger(['check', file]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/funded.*1,?000/s) });
    const made = await runLedger(['evidence', '--programme', 'p', '--initiative', 'i', '--data', folder.path]);
    const { records, statement } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    expect([made.code, made.stderr, JSON.parse(made.stdout)]).toEqual([0, '', expect.objectContaining({ records, statement })]);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll('\\"amount\\":\\"1000\\"', '\\"amount\\":\\"1001\\"'));
    const changed = await runLedger(['check', file]);
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(/WRONG/);
  });

  it('is served as before after kill -9, and after its caches were lost', async () => {
    const before = await listed();
    await ledger.kill();
    for (const cache of ['statements', 'documents'])
      for (const part of ['', '-wal', '-shm']) await rm(join(folder.path, `ledger.sqlite.${cache}${part}`), { force: true });
    await start();
    await until('the statement is made again', async () => (await listed()).length === 1);
    expect(await listed()).toEqual(before);
    expect(await rootOf(5)).toBe(before[0]?.root);
    expect(existsSync(join(folder.path, 'ledger.sqlite.documents'))).toBe(true);
  });

  it('follows each order, of its own position', async () => {
    const { status } = await clients.ministry.post('/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '300' });
    expect(status).toBe(201);
    await order();
    await until('the second statement is listed', async () => (await listed()).length === 2);
    expect((await listed()).map(({ position }) => position)).toEqual([8, 5]);
    expect(await rootOf(8)).not.toBe(await rootOf(5));
  });

  it('that is false, published by somebody else, is found by verify', async () => {
    await until('the second statement is recorded', async () =>
      (await clients.auditor.get('/programmes/p/records')).text.trimEnd().split('\n').length === 9 ? true : false,
    );
    const root = 'ab'.repeat(32);
    const { status } = await clients.admin.post('/programmes/p/statements', { position: 9, size: 2, root, definition: 'sums-1' });
    expect(status).toBe(201);
    expect((await clients.anyone.get('/programmes/p/statements/9')).status).toBe(404);
    await ledger.stop();
    const { code, stdout } = await verify();
    expect(code).toBe(1);
    expect(stdout).toMatch(
      new RegExp(
        `WRONG: the statement at position 10 of p: it says that the 2 documents as of position 9 have the root ${root}, and the records fold to 2 with [0-9a-f]{64}`,
      ),
    );
  });
});
