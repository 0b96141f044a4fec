import { chmod, copyFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Client } from './support/client.js';
import { runLedger, startLedger, temporaryFolder, tokenFor, until, type LedgerProcess } from './support/ledger-process.js';
import { clientsFor, fundInitiative } from './support/programme.js';

const running: LedgerProcess[] = [];
const folders: Awaited<ReturnType<typeof temporaryFolder>>[] = [];
const start = async (path: string, settings: Record<string, string> = {}, limits?: { fileKiB: number }) => {
  const ledger = await startLedger(path, settings, ['serve'], limits);
  running.push(ledger);
  return ledger;
};
const folder = async () => {
  const made = await temporaryFolder();
  folders.push(made);
  return made.path;
};
afterEach(async () => {
  for (const ledger of running.splice(0)) await ledger.kill();
  for (const made of folders.splice(0)) await made.remove();
});

const spend = (client: Client, id: string, amount: string) =>
  client.post('/programmes/p/initiatives/i/spending', { transactionId: id, amount }, { 'idempotency-key': id });

describe('50 clients at once on the last money of an initiative', () => {
  it('exactly the affordable ones are accepted', async () => {
    const path = await folder();
    const ledger = await start(path);
    const clients = await clientsFor(ledger.url, path);
    await fundInitiative(clients, '1000');
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => spend(clients.ministry, `T-${index}`, '70')));
    const accepted = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    expect([accepted.length, refused.length]).toEqual([14, 36]);
    for (const { body } of refused) expect(body).toMatchObject({ code: 'funding-exceeded', available: '20', requested: '70' });
    const { body } = await clients.anyone.getAt('/programmes/p/initiatives/i', 54);
    expect(body).toMatchObject({ spent: '980', available: '20' });
  });
});

describe('a disk that is full', () => {
  it('is answered 503, loses nothing acknowledged and holds nothing else; with room again the ledger continues', async () => {
    const path = await folder();
    const first = await start(path);
    await fundInitiative(await clientsFor(first.url, path), '999999999');
    await first.stop();
    // The process can't write files beyond this size: for it the disk is full.
    const ledger = await start(path, {}, { fileKiB: 400 });
    const token = await tokenFor(path, 'ministry', 'ministry-of-justice');
    const client = new Client(ledger.url, token);
    const acknowledged: string[] = [];
    let full: Awaited<ReturnType<typeof spend>> | undefined;
    for (let number = 0; !full && number < 5_000; number++) {
      const answer = await client.post(
        '/programmes/p/initiatives/i/spending',
        { transactionId: `T-${number}`, amount: '1', description: 'x'.repeat(1_000) },
        { 'idempotency-key': `T-${number}` },
      );
      if (answer.status === 201) acknowledged.push(`T-${number}`);
      else full = answer;
    }
    expect(full?.status).toBe(503);
    expect(full?.body).toMatchObject({ code: 'log-unavailable' });
    expect(full?.headers.get('retry-after')).toBe('1');
    await ledger.kill();

    const again = await start(path);
    const auditor = new Client(again.url, await tokenFor(path, 'auditor', 'chamber-of-accounts'));
    const { text } = await auditor.getAt('/programmes/p/records', acknowledged.length + 4);
    const recorded = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; commandId: string });
    expect(recorded.filter(({ type }) => type === 'SpendingRecorded').map(({ commandId }) => commandId)).toEqual(acknowledged);
    expect((await spend(new Client(again.url, token), 'T-more', '1')).status).toBe(201);
    await again.stop();
    expect((await runLedger(['verify'], { DATA_DIR: path })).code).toBe(0);
  });
});

describe('a data folder that can’t be written', () => {
  it('stops the start with a message', async () => {
    const path = await folder();
    await writeFile(join(path, 'file'), '');
    const ended = await runLedger(['serve', '--port', '0', '--data', join(path, 'file', 'data')]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/ENOTDIR|EEXIST/);
  });

  it('stops the start, too, if only the read models can’t be written, and the ledger can be opened again', async () => {
    const path = await folder();
    await writeFile(join(path, 'file'), '');
    const ended = await runLedger(['serve', '--port', '0', '--data', path], {
      READ_MODELS: `sqlite:${join(path, 'file', 'models.sqlite')}`,
    });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/unable to open database file|ENOTDIR/);
    await start(path);
  });

  it('leaves a ledger in it as it is', async () => {
    const path = await folder();
    const first = await start(path);
    await fundInitiative(await clientsFor(first.url, path), '1000');
    await first.stop();
    const before = (await runLedger(['export', '--data', path])).stdout;
    // A folder in place of the file stops even an account that may write everywhere.
    const blocked = join(path, 'blocked');
    await mkdir(join(blocked, 'ledger.sqlite.lock'), { recursive: true });
    await copyFile(join(path, 'ledger.sqlite'), join(blocked, 'ledger.sqlite'));
    await chmod(join(blocked, 'ledger.sqlite'), 0o444);
    await chmod(blocked, 0o555);
    const ended = await runLedger(['serve', '--port', '0', '--data', blocked]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/ledger\.sqlite/);
    await chmod(blocked, 0o755);
    expect((await runLedger(['export', '--data', blocked])).stdout).toBe(before);
  });
});

describe('a second process on the same ledger', () => {
  it('is refused with a clear error while the first goes on, and readers are welcome', async () => {
    const path = await folder();
    const ledger = await start(path);
    const clients = await clientsFor(ledger.url, path);
    await fundInitiative(clients, '1000');
    const second = await runLedger(['serve', '--port', '0', '--data', path]);
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(/another process writes this ledger .*ledger\.sqlite.*end it first, or read beside it/);
    expect((await spend(clients.ministry, 'T-1', '1')).status).toBe(201);
    for (const command of ['export', 'verify', 'report']) expect((await runLedger([command, '--data', path])).code).toBe(0);
  });
});

describe('configuration', () => {
  it('the ledger’s own key is for loopback alone', async () => {
    const ended = await runLedger(['serve', '--port', '0', '--host', '0.0.0.0', '--data', await folder()]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/loopback only, not on 0\.0\.0\.0: name a token issuer with TOKEN_JWKS_URL or TOKEN_KEY_FILE/);
  });
  it('a wrong setting is named, with what would be right', async () => {
    const ended = await runLedger(['serve', '--port', 'many', '--data', await folder()], { RATE_LIMIT: '-1' });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/PORT: a port from 0 to 65535, not many/);
    expect(ended.stderr).toMatch(/RATE_LIMIT: a whole number of at least 1, not -1/);
  });
  it('only its owner reads the ledger’s key', async () => {
    const path = await folder();
    await start(path);
    expect((await stat(join(path, 'token-key.json'))).mode & 0o077).toBe(0);
  });
});

describe('shutting down under load', () => {
  it('answers every request in flight, and has recorded everything that it answered', async () => {
    const path = await folder();
    const ledger = await start(path);
    const clients = await clientsFor(ledger.url, path);
    await fundInitiative(clients, '999999999');
    const acknowledged: string[] = [];
    let [sent, stopping] = [0, false];
    const sender = async () => {
      while (!stopping) {
        const id = `T-${sent++}`;
        const answer = await spend(clients.ministry, id, '1').catch(() => undefined);
        if (answer?.status === 201) acknowledged.push(id);
        else if (answer) expect(answer.status).toBe(503);
      }
    };
    const senders = Array.from({ length: 16 }, sender);
    await until('some are acknowledged', () => acknowledged.length > 200);
    const ended = await ledger.stop();
    stopping = true;
    await Promise.all(senders);
    expect(ended.code).toBe(0);
    const { stdout } = await runLedger(['export', '--data', path]);
    const recorded = new Set(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { commandId: string }).commandId),
    );
    expect(acknowledged.filter((id) => !recorded.has(id))).toEqual([]);
  });
});

describe('a request that never ends', () => {
  it('is given up after the time configured', async () => {
    const path = await folder();
    const ledger = await start(path, { REQUEST_TIMEOUT: '1000' });
    const socket = connect(Number(new URL(ledger.url).port), '127.0.0.1');
    socket.write(
      'POST /programmes/p/initiatives HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a":',
    );
    const closed = new Promise((done) => socket.on('close', done));
    socket.on('error', () => undefined);
    socket.resume();
    await closed;
  });
});
