/** Verifiers that share no code with the ledger prove a running one, and refuse every change. */
import { spawn } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headIn, signCheckpoint } from '../../libs/proof/notes/checkpoint.js';
import { verifierLine, verifierOf } from '../../libs/proof/notes/signed-note.js';
import { writeProof } from '../../libs/proof/notes/tlog-proof.js';
import { TilesInMemory } from '../../libs/proof/tree/testing/tiles-in-memory.js';
import { hashOf } from '../../libs/event-log/record.js';
import { leafOfRecord } from '../../libs/proof/tree/hashing.js';
import { TiledTree } from '../../libs/proof/tree/tiled-tree.js';
import { grownTiles, tilePath, widthIn } from '../../libs/proof/tree/tiles.js';
import { ended, runLedger, startLedger, temporaryFolder, until, type LedgerProcess } from '../support/ledger-process.js';
import { clientsFor, fundInitiative, type Clients } from '../support/programme.js';

const verifier = resolve('reports/proof/verify');
const python = resolve('reports/proof/python/bin/python');
const stranger = { name: 'localhost/p', key: generateKeyPairSync('ed25519').privateKey };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let ledger: LedgerProcess;
let clients: Clients;
/** The line that `ledger key` prints. */
let key: string;
/** The checkpoint that was kept before the last records, and the one after them. */
let kept: string;
let latest: string;
/** The exact text of every record, and the tree's tiles. */
let records: string[];
let tree: TiledTree;
/** The files that a mirror of the ledger has. */
let mirror: string;

const run = async (command: string, args: string[]) => {
  const { code, stdout, stderr } = await ended(spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
  return `${stdout}${stderr}`.trim() + (code === 0 ? '' : ` (${String(code)})`);
};
/** The verdict of Go's verifier on a ledger or a mirror. */
const byGo = (base: string, more: { key?: string; records?: string; older?: string[] } = {}) =>
  run(verifier, [base, more.key ?? key, more.records ?? join(folder.path, 'records'), ...(more.older ?? [])]);
/** The verdict of Python's verifier on a proof. */
async function byPython(proof: string, record: string, line = key): Promise<string> {
  const [proofFile, recordFile] = [join(folder.path, 'one.tlog-proof'), join(folder.path, 'one.record')];
  await writeFile(proofFile, proof);
  await writeFile(recordFile, record);
  return run(python, ['test/proof/check.py', proofFile, recordFile, line]);
}
const proofAt = async (index: number, checkpoint = latest) =>
  writeProof({ index, hashes: await tree.inclusion(index, headIn(checkpoint).size), checkpoint });

async function spendUntil(count: number, from: number): Promise<void> {
  const lines = Array.from({ length: count - from }, (_, at) =>
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
async function checkpointOf(size: number): Promise<string> {
  let text = '';
  await until(`a checkpoint of ${size} records is signed`, async () => {
    const answer = await clients.anyone.get('/programmes/p/checkpoint');
    text = answer.text;
    return answer.status === 200 && headIn(text).size === size;
  });
  return text;
}
async function write(base: string, path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(base, path)), { recursive: true });
  await writeFile(join(base, path), bytes);
}
/** A mirror with something changed in it. */
async function changedMirror(name: string, change: (base: string) => Promise<void>): Promise<string> {
  const base = join(folder.path, name);
  await cp(mirror, base, { recursive: true });
  await change(base);
  return base;
}
/** A mirror of a history of these records, signed by a key. */
async function mirrorOf(name: string, lines: readonly string[], signer?: typeof stranger): Promise<string> {
  const signedBy = signer ?? (await ownKey());
  const tiles = new TilesInMemory();
  const grown = await grownTiles(
    0,
    lines.map((line) => leafOfRecord(hashOf(Buffer.from(line)))),
    tiles.read,
  );
  tiles.put(grown);
  const root = await new TiledTree(lines.length, tiles.read).root();
  const base = join(folder.path, name);
  await write(base, 'checkpoint', signCheckpoint({ origin: 'localhost/p', size: lines.length, root }, signedBy));
  for (const tile of grown) await write(base, join('tile', tilePath({ ...tile, width: tile.hashes.length / 32 })), tile.hashes);
  return base;
}
/** The ledger's own key, which an operator who rewrites history has. */
async function ownKey(): Promise<typeof stranger> {
  const jwk = JSON.parse(await readFile(join(folder.path, 'data', 'checkpoint-key.json'), 'utf8')) as object;
  return { name: 'localhost/p', key: createPrivateKey({ key: { ...jwk }, format: 'jwk' }) };
}

beforeAll(async () => {
  folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  ledger = await startLedger(data);
  clients = await clientsFor(ledger.url, data);
  await fundInitiative(clients, '100000');
  await spendUntil(300, 0);
  kept = await checkpointOf(304);
  await spendUntil(700, 300);
  latest = await checkpointOf(704);
  key = (await runLedger(['key'], { DATA_DIR: data })).stdout.trim();
  const { text } = await clients.auditor.get('/programmes/p/records');
  records = text.trimEnd().split('\n');
  await writeFile(join(folder.path, 'records'), text);
  await writeFile(join(folder.path, 'kept'), kept);
  mirror = join(folder.path, 'mirror');
  await write(mirror, 'checkpoint', latest);
  tree = new TiledTree(704, async (tile) => {
    const response = await fetch(`${ledger.url}/programmes/p/tile/${tilePath(tile)}`);
    return Buffer.from(await response.arrayBuffer());
  });
  for (const place of [0, 1, 2].map((index) => ({ level: 0, index })).concat({ level: 1, index: 0 })) {
    const path = `tile/${tilePath({ ...place, width: widthIn(704, place) })}`;
    const response = await fetch(`${ledger.url}/programmes/p/${path}`);
    await write(mirror, path, Buffer.from(await response.arrayBuffer()));
  }
});
afterAll(async () => {
  await ledger.stop();
  await folder.remove();
});

describe('Go’s sumdb and transparency-dev’s merkle', () => {
  it('prove every record of a running ledger, and that it extends the kept checkpoint', async () => {
    const older = [join(folder.path, 'kept')];
    expect(await byGo(`${ledger.url}/programmes/p`, { older })).toBe('accepted: 704');
    expect(await byGo(mirror, { older })).toBe('accepted: 704');
  });

  it('refuse a checkpoint with a changed byte', async () => {
    const base = await changedMirror('byte', (to) => write(to, 'checkpoint', latest.replace('\n704\n', '\n705\n')));
    expect(await byGo(base)).toBe('refused: invalid signature for key localhost/p+' + key.split('+')[1]! + ' (1)');
  });

  it.each(['tile/0/000', 'tile/0/001', 'tile/0/002.p/192', 'tile/1/000.p/2'])('refuse %s with a changed byte', async (path) => {
    const base = await changedMirror(path.replaceAll(/\W/g, '-'), async (to) => {
      const tile = await readFile(join(to, path));
      tile[40] = (tile[40] ?? 0) ^ 1;
      await write(to, path, tile);
    });
    expect(await byGo(base)).toMatch(/^refused: .*(?:inconsistent tile|invalid transparency proof).* \(1\)$/);
  });

  it('refuse a record with a changed byte, and a history without one of its records', async () => {
    const file = join(folder.path, 'some-records');
    await writeFile(file, `${records.with(400, records[400]!.replace('"amount":"1"', '"amount":"2"')).join('\n')}\n`);
    expect(await byGo(mirror, { records: file })).toMatch(/^refused: the record at position 401, by tlog: /);
    await writeFile(file, `${records.toSpliced(400, 1).join('\n')}\n`);
    expect(await byGo(mirror, { records: file })).toBe('refused: there are 703 records, and the checkpoint is of 704 (1)');
  });

  it('refuse a history that was made anew without a record, even if the ledger’s own key signed it', async () => {
    const lines = records.toSpliced(100, 1);
    const base = await mirrorOf('dropped', lines);
    const file = join(folder.path, 'dropped-records');
    await writeFile(file, `${lines.join('\n')}\n`);
    expect(await byGo(base, { records: file })).toBe('accepted: 703');
    expect(await byGo(base, { records: file, older: [join(folder.path, 'kept')] })).toMatch(
      /^refused: the tree does not extend the kept one, by tlog: /,
    );
  });

  it('refuse a forked head, of another history with the same number of records', async () => {
    const lines = records.with(303, records[303]!.replace('Нотариат', 'Кто-то'));
    expect(lines[303]).not.toBe(records[303]);
    const base = await mirrorOf('forked', lines);
    const file = join(folder.path, 'forked-records');
    await writeFile(file, `${lines.join('\n')}\n`);
    expect(await byGo(base, { records: file, older: [join(folder.path, 'kept')] })).toMatch(/^refused: the tree does not extend/);
  });

  it('refuse another key', async () => {
    const base = await mirrorOf('stranger', records, stranger);
    expect(await byGo(base)).toBe('refused: note has no verifiable signatures (1)');
    expect(await byGo(mirror, { key: verifierLine(verifierOf(stranger)) })).toBe('refused: note has no verifiable signatures (1)');
  });
});

describe('Python’s proofbundle', () => {
  it('accepts the proof of any record, as of either checkpoint', async () => {
    expect(await byPython(await proofAt(0), records[0]!)).toBe('accepted: 704');
    expect(await byPython(await proofAt(703), records[703]!)).toBe('accepted: 704');
    expect(await byPython(await proofAt(255, kept), records[255]!)).toBe('accepted: 304');
  });

  it('refuses another record, another place, a changed hash, a forked head, and another key', async () => {
    const proof = await proofAt(300);
    expect(await byPython(proof, records[301]!)).toMatch(/^refused: inclusion_ok/);
    expect(await byPython(proof, records[300]!.replace('"amount":"1"', '"amount":"2"'))).toMatch(/^refused: inclusion_ok/);
    expect(await byPython(proof.replace('index 300', 'index 301'), records[300]!)).toMatch(/^refused: inclusion_ok/);
    const [, hash = ''] = /^index 300\n(.+)$/m.exec(proof) ?? [];
    expect(await byPython(proof.replace(hash, Buffer.alloc(32, 7).toString('base64')), records[300]!)).toMatch(/^refused: inclusion_ok/);
    expect(await byPython(proof.replace('\n704\n', '\n705\n'), records[300]!)).toMatch(/^refused: log_ok/);
    const forked = await readFile(join(await mirrorOf('forked-python', records.with(0, 'another')), 'checkpoint'), 'utf8');
    expect(await byPython(await proofAt(300, forked), records[300]!)).toMatch(/^refused: inclusion_ok/);
    expect(await byPython(proof, records[300]!, verifierLine(verifierOf(stranger)))).toMatch(/^refused: log_ok/);
  });
});
