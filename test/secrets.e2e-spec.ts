/** No process prints a secret, at any log level and after any failure. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportSPKI, generateKeyPair } from 'jose';
import { Client } from './support/client.js';
import { runLedger, startLedger, temporaryFolder, tokenFor } from './support/ledger-process.js';

const [kafkaPassword, mongoPassword] = ['kafka-Marked-5f1c', 'mongo-Marked-9e27'];
/** A secret as text, and in the encodings of SASL PLAIN and of a log of bytes. */
const shapesOf = (secret: string) => [secret, ...['base64', 'hex'].map((encoding) => Buffer.from(secret).toString(encoding as 'hex'))];
const said = (output: string, secrets: string[]) => secrets.flatMap(shapesOf).filter((shape) => output.includes(shape));

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let refusing: Server;
/** A port without a listener, and one whose listener closes every connection. */
let ports: { unreachable: number; refusing: number };

beforeAll(async () => {
  folder = await temporaryFolder();
  const { publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  await writeFile(join(folder.path, 'issuer.pem'), await exportSPKI(publicKey));
  refusing = createServer((socket) => socket.end('no\r\n')).listen(0, '127.0.0.1');
  await once(refusing, 'listening');
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  ports = { unreachable: portOf(gone), refusing: portOf(refusing) };
  gone.close();
});
afterAll(async () => {
  refusing.close();
  await folder.remove();
});

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('it listens nowhere');
  return address.port;
}

const settingsFor = (port: number) => ({
  EVENT_LOG: `kafka://127.0.0.1:${port}/initiative`,
  READ_MODELS: `mongodb://ledger:${mongoPassword}@127.0.0.1:${port}/ledger?serverSelectionTimeoutMS=500`,
  KAFKA_SASL_MECHANISM: 'plain',
  KAFKA_SASL_USERNAME: 'ledger',
  KAFKA_SASL_PASSWORD: kafkaPassword,
  TOKEN_KEY_FILE: join(folder.path, 'issuer.pem'),
  DATA_DIR: folder.path,
  LOG_LEVEL: 'trace',
  PORT: '0',
});

/** Runs a process until it reports that it can't continue, or has ended by itself; returns its whole output. */
async function outputOf(file: string, args: string[], settings: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [resolve(file), ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: folder.path, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      output += text.toString();
      if (output.includes('can’t be reached yet')) child.kill('SIGKILL');
    });
  await once(child, 'close');
  return output;
}

describe('passwords of servers', () => {
  it('are not said by services if servers are unreachable or refuse', async () => {
    const tried = ['commands', 'projections', 'queries'].flatMap((service) =>
      [ports.unreachable, ports.refusing].map((port) => ({ service, port })),
    );
    // All at once, because each waits for its servers most of the time.
    const outputs = await Promise.all(
      tried.map(async ({ service, port }) => ({ service, output: await outputOf(`dist/apps/${service}/main.js`, [], settingsFor(port)) })),
    );
    for (const { service, output } of outputs) {
      expect({ service, output }).toEqual({ service, output: expect.stringMatching(/can’t be reached yet/) });
      expect({ service, said: said(output, [kafkaPassword, mongoPassword]) }).toEqual({ service, said: [] });
    }
  });

  it('are not said by the command line if servers refuse', async () => {
    const outputs = await Promise.all(
      ['verify', 'export', 'report'].map(async (command) => ({
        command,
        output: await outputOf('dist/apps/cli/main.js', [command], settingsFor(ports.refusing)),
      })),
    );
    for (const { command, output } of outputs) {
      expect({ command, output }).not.toEqual({ command, output: '' });
      expect({ command, said: said(output, [kafkaPassword, mongoPassword]) }).toEqual({ command, said: [] });
    }
  });

  it.each([
    ['EVENT_LOG', `kafka://ledger:${kafkaPassword}@127.0.0.1:9092/initiative`],
    ['EVENT_LOG', `kafkas://ledger:${kafkaPassword}@127.0.0.1:9092/initiative`],
    ['READ_MODELS', `mongodb://ledger:${kafkaPassword}@127.0.0.1:27017`],
    ['READ_MODELS', `mongo://ledger:${kafkaPassword}@127.0.0.1:27017/ledger`],
    ['TOKEN_JWKS_URL', `https://ledger:${kafkaPassword}@127.0.0.1/keys`],
  ])('are not said if they are part of a wrong %s', async (name, address) => {
    const output = await outputOf('dist/apps/commands/main.js', [], { ...settingsFor(ports.refusing), [name]: address });
    expect(output).toContain(`the configuration is wrong: ${name}: `);
    expect(said(output, [kafkaPassword])).toEqual([]);
  });
});

describe('the embedded ledger', () => {
  it('says neither its key nor a token, whether it is accepted or refused', async () => {
    const data = join(folder.path, 'embedded');
    const ledger = await startLedger(data, { LOG_LEVEL: 'trace' });
    const tokens = [await tokenFor(data, 'admin', 'cabinet'), await tokenFor(data, 'ministry', 'ministry-of-justice')];
    const other = join(folder.path, 'other');
    expect((await runLedger(['token-key', join(folder.path, 'other.json')], { DATA_DIR: other })).code).toBe(0);
    tokens.push(await tokenFor(other, 'admin', 'cabinet'), 'x.Marked-token.y');
    const statuses = [];
    for (const token of tokens) {
      const client = new Client(ledger.url, token);
      const establishing = { title: { en: 'P' }, currency: 'KGS', timeZone: 'Asia/Bishkek', ceiling: 'enforced', years: 'annual' };
      statuses.push((await client.put('/programmes/p', establishing)).status, (await client.getAt('/programmes/p/records', 1)).status);
    }
    expect(statuses).toEqual([201, 200, 403, 403, 401, 401, 401, 401]);
    const { stdout, stderr } = await ledger.stop();
    expect(stderr).toContain('"code":"token-refused"');
    const keys = await Promise.all(
      [data, other].map(async (path) => (JSON.parse(await readFile(join(path, 'token-key.json'), 'utf8')) as { d: string }).d),
    );
    const parts = tokens.flatMap((token) => [token, ...token.split('.').slice(1)]).filter((part) => part.length > 3);
    expect(said(stdout + stderr, [...keys, ...parts])).toEqual([]);
    expect(said((await runLedger(['verify', '--data', data], { LOG_LEVEL: 'trace' })).stdout, keys)).toEqual([]);
  });

  it('is verified against a MongoDB that refuses without saying its password', async () => {
    const settings = { ...settingsFor(ports.refusing), EVENT_LOG: 'sqlite:ledger.sqlite', DATA_DIR: join(folder.path, 'embedded') };
    const { code, stdout, stderr } = await runLedger(['verify'], settings);
    expect(code).toBe(2);
    expect(stdout).toContain('NOT CHECKED: the documents were not compared');
    expect(said(stdout + stderr, [mongoPassword, kafkaPassword])).toEqual([]);
  });
});
