/** A witness that is not ours (litewitness) and one that is cosign a running ledger; other people's code reads what they signed, and neither signs a fork. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, createPrivateKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signCheckpoint } from '../../libs/proof/notes/checkpoint.js';
import { readNote } from '../../libs/proof/notes/signed-note.js';
import { TilesInMemory } from '../../libs/proof/tree/testing/tiles-in-memory.js';
import { hashOf } from '../../libs/event-log/record.js';
import { emptyRoot, leafOfRecord } from '../../libs/proof/tree/hashing.js';
import { TiledTree } from '../../libs/proof/tree/tiled-tree.js';
import { grownTiles } from '../../libs/proof/tree/tiles.js';
import { writeAddCheckpoint } from '../../libs/proof/witness/add-checkpoint.js';
import { freePort } from '../../services/server-process.js';
import { ended, runLedger, startLedger, temporaryFolder, tokenFor, until, type LedgerProcess } from '../support/ledger-process.js';
import { clientsFor, fundInitiative, type Clients } from '../support/programme.js';

const built = (name: string) => resolve('reports/proof', name);
const origin = 'localhost/p';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let ledger: LedgerProcess;
let clients: Clients;
let lite: { url: string; key: string };
/** The started processes, which must end. */
const children: ChildProcess[] = [];
const running: LedgerProcess[] = [];
let ours: LedgerProcess;
let startOurs: () => Promise<LedgerProcess>;
/** The lines of the keys: the ledger's, and those of our witness. */
let ledgerKey: string;
let ourKeys: { line: string; url: string }[];

const path = (name: string) => join(folder.path, name);
const run = async (command: string, args: string[]) => {
  const { code, stdout, stderr } = await ended(spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
  return `${stdout}${stderr}`.trim() + (code === 0 ? '' : ` (${String(code)})`);
};
/** The first match in what a process prints. */
const printed = (child: ChildProcess, pattern: RegExp) =>
  new Promise<string>((found, failed) => {
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const [, match] = pattern.exec(text) ?? [];
        if (match !== undefined) found(match);
      });
    child.once('exit', (code) => {
      failed(new Error(`it ended with ${String(code)}: ${text}`));
    });
  });

async function startLite(): Promise<typeof lite> {
  const port = await freePort();
  const args = ['-name', 'lite.example/w', '-db', path('lite.db'), '-ssh-agent', path('agent.sock'), '-listen', `127.0.0.1:${port}`];
  const child = spawn(built('litewitness'), [...args, '-key', fingerprint], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const key = await printed(child, /vkey=(\S+)[^]*msg=listening/);
  return { url: `http://127.0.0.1:${port}`, key };
}
let fingerprint: string;
/** The database of litewitness. */
function inLite<T>(use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path('lite.db'), { timeout: 5_000 });
  try {
    return use(database);
  } finally {
    database.close();
  }
}

const checkpoint = async () => (await clients.anyone.get('/programmes/p/checkpoint')).text;
const signersOf = (note: string) => readNote(note).signatures.map(({ name }) => name);
/** The checkpoint of this number of records, once these witnesses cosigned it. */
async function cosignedOf(size: number, by: readonly string[]): Promise<string> {
  let note = '';
  await until(`${by.join(' and ')} cosigned ${size} records`, async () => {
    note = await checkpoint();
    return note.startsWith(`${origin}\n${size}\n`) && by.every((name) => signersOf(note).includes(name));
  });
  return note;
}
/** The verdict of Go's code on a checkpoint that these keys must have signed. */
async function byGo(note: string, keys: readonly string[]): Promise<string> {
  await writeFile(path('checkpoint'), note);
  return run(built('cosigned'), [path('checkpoint'), ledgerKey, ...keys]);
}
async function spend(from: number, count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, at) =>
    JSON.stringify({
      commandId: `s-${from + at}`,
      type: 'RecordSpending',
      initiative: 'i',
      data: { transactionId: `T-${from + at}`, amount: '1', payee: 'Нотариат' },
    }),
  );
  const { status } = await clients.ministry.post('/programmes/p/commands', `${lines.join('\n')}\n`, {
    'content-type': 'application/x-ndjson',
  });
  expect(status).toBe(200);
}
/** A history of these records: its tree, and its checkpoint as the ledger's own key would sign it. */
async function historyOf(lines: readonly string[]) {
  const tiles = new TilesInMemory();
  const leaves = lines.map((line) => leafOfRecord(hashOf(Buffer.from(line))));
  tiles.put(await grownTiles(0, leaves, tiles.read));
  const tree = new TiledTree(lines.length, tiles.read);
  const jwk = JSON.parse(await readFile(path('data/checkpoint-key.json'), 'utf8')) as object;
  const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  return { tree, note: signCheckpoint({ origin, size: lines.length, root: await tree.root() }, { name: origin, key }) };
}
const ask = async (url: string, body: string) => {
  const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body });
  return { status: response.status, text: await response.text() };
};
const everybody = ['lite.example/w', 'chamber.example/w', 'chamber.example/w/replay'];

beforeAll(async () => {
  folder = await temporaryFolder();
  const data = path('data');
  await runLedger(['key', '--new'], { DATA_DIR: data });
  ledgerKey = (await runLedger(['key', '--programme', 'p'], { DATA_DIR: data })).stdout.trim();

  const agent = spawn(built('agent'), [path('agent.sock')], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(agent);
  fingerprint = await printed(agent, /(SHA256:\S+)/);
  lite = await startLite();
  // As witnessctl does, which needs a module that is not to be had everywhere.
  inLite((database) => {
    database
      .prepare('INSERT INTO log (origin, tree_size, tree_hash) VALUES (?, 0, ?)')
      .run(origin, Buffer.from(emptyRoot).toString('base64'));
    database.prepare('INSERT INTO key (origin, key) VALUES (?, ?)').run(origin, ledgerKey);
  });

  const [ledgerPort, ourPort] = [await freePort(), await freePort()];
  await writeFile(path('keys'), `# as the law names them\n${ledgerKey}\n`);
  const args = [
    '--of',
    `http://127.0.0.1:${ledgerPort}`,
    '--keys',
    path('keys'),
    '--name',
    'chamber.example/w',
    '--folder',
    path('witness'),
  ];
  startOurs = async () => {
    const started = await startLedger(data, {}, [
      'witness',
      ...args,
      '--port',
      String(ourPort),
      '--every',
      '1',
      '--replay',
      '--token-file',
      path('token'),
      '--json',
    ]);
    running.push(started);
    return started;
  };
  ours = await startOurs();
  const told = await fetch(ours.url).then((response) => response.text());
  const lineOf = (name: string) => told.split('\n').find((line) => line.startsWith(`${name}+`)) ?? `no line of ${name}`;
  ourKeys = [
    { line: lineOf('chamber.example/w'), url: ours.url },
    { line: lineOf('chamber.example/w/replay'), url: `${ours.url}/replay` },
  ];
  const policy = [
    `witness lite ${lite.key} ${lite.url}`,
    ...ourKeys.map(({ line, url }, at) => `witness ours-${at} ${line} ${url}`),
    'group all-of-them all lite ours-0 ours-1',
    'quorum all-of-them',
  ];
  await writeFile(path('policy'), `${policy.join('\n')}\n`);
  ledger = await startLedger(data, { PORT: String(ledgerPort), WITNESS_POLICY_FILE: path('policy') });
  running.push(ledger);
  // The ledger's own key is made when it is first served; the witness reads the file whenever it needs it.
  await writeFile(path('token'), `${await tokenFor(data, 'auditor', 'chamber-of-accounts')}\n`);
  clients = await clientsFor(ledger.url, data);
  await fundInitiative(clients, '100000');
});
afterAll(async () => {
  for (const child of children) child.kill();
  // Processes started before a failure end too.
  await Promise.all(running.map((one) => one.stop()));
  await folder.remove();
});

describe('litewitness, our witness and our witness that replays', () => {
  it('cosign a running ledger, and Go’s code reads the cosignatures of all', async () => {
    const keys = [lite.key, ...ourKeys.map(({ line }) => line)];
    expect(await byGo(await cosignedOf(4, everybody), keys)).toBe('accepted: 4');
    await spend(0, 300);
    const note = await cosignedOf(304, everybody);
    expect(await byGo(note, keys)).toBe('accepted: 304');
    expect(await byGo(note.replace('\n304\n', '\n305\n'), keys)).toMatch(/^refused: invalid signature/);
    const withoutLite = note.replace(/^— lite\.example\/w .*\n/m, '');
    expect(await byGo(withoutLite, keys)).toBe('refused: lite.example/w did not sign (1)');
  });

  it('are read at their own address, with the log’s signature', async () => {
    const hash = createHash('sha256').update(origin).digest('hex');
    for (const { line, url } of ourKeys) {
      const response = await fetch(`${url}/${hash}/checkpoint`);
      expect(await byGo(await response.text(), [line])).toBe('accepted: 304');
    }
  });

  it('refuse a forked head, even if the ledger’s own key signed it', async () => {
    const { text } = await clients.auditor.get('/programmes/p/records');
    const records = text.trimEnd().split('\n');
    expect(records).toHaveLength(304);
    const changed = records.with(200, records[200]!.replace('Нотариат', 'Кто-то'));
    const [same, longer] = [await historyOf(changed), await historyOf([...changed, 'one more'])];
    for (const url of [lite.url, ...ourKeys.map((one) => one.url)]) {
      expect(await ask(url, writeAddCheckpoint({ old: 304, proof: [], checkpoint: same.note }))).toMatchObject({ status: 422 });
      const proof = await longer.tree.consistency(304);
      expect(await ask(url, writeAddCheckpoint({ old: 304, proof, checkpoint: longer.note }))).toMatchObject({ status: 422 });
      expect(await ask(url, writeAddCheckpoint({ old: 0, proof: [], checkpoint: longer.note }))).toEqual({ status: 409, text: '304\n' });
    }
    const kept = (await ours.stop()).stderr.split('\n').filter((line) => line.includes('the checkpoint is kept'));
    // Another root of the same size shows by itself what the ledger did; a proof that fails may be its sender's fault. Each of the two keys keeps one.
    expect(kept).toHaveLength(2);
    const { file } = JSON.parse(kept[0]!) as { file: string };
    expect(await readFile(file, 'utf8')).toBe(same.note);
    ours = await startOurs();
  });

  it('answer “later”, if they replay records, to a head whose records the ledger does not give', async () => {
    const { text } = await clients.auditor.get('/programmes/p/records');
    const records = text.trimEnd().split('\n');
    const added = await historyOf([...records, records[303]!]);
    const proof = await added.tree.consistency(304);
    const body = writeAddCheckpoint({ old: 304, proof, checkpoint: added.note });
    expect(await ask(ourKeys[1]!.url, body)).toEqual({ status: 503, text: 'the ledger has given 304 of 305 records so far\n' });
  });

  it('hold up nothing while they are away, and cosign the newest head when they are back', async () => {
    const { code, signal } = await ours.kill();
    expect([code, signal]).toEqual([null, 'SIGKILL']);
    await spend(300, 10);
    await until('litewitness knows the newest head', () =>
      inLite((database) => database.prepare('SELECT tree_size FROM log').get()?.['tree_size'] === 314),
    );
    await spend(310, 10);
    const waiting = await checkpoint();
    expect([waiting.split('\n')[1], ...signersOf(waiting).sort()]).toEqual(['304', ...[origin, ...everybody].sort()]);
    ours = await startOurs();
    const note = await cosignedOf(324, everybody);
    expect(await byGo(note, [lite.key, ...ourKeys.map(({ line }) => line)])).toBe('accepted: 324');
  });
});
