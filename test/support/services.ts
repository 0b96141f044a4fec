/** The services of the distributed ledger as real processes, over named or newly started servers. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { kafkaForTests, mongoForTests } from '../../services/for-tests.js';
import { Client } from './client.js';
import type { Ended } from './ledger-process.js';
import { patience } from './patience.js';
import type { Clients } from './programme.js';

export type ServiceName = 'commands' | 'projections' | 'queries';
export type Service = {
  name: ServiceName;
  url: string;
  pid: number;
  /** Its log so far. */
  logged(): string;
  stop(): Promise<Ended>;
  kill(): Promise<Ended>;
  signal(signal: NodeJS.Signals): void;
  ended: Promise<Ended>;
};
export type Distributed = {
  /** The settings of every process. */
  settings: Record<string, string>;
  brokers: string[];
  prefix: string;
  folder: string;
  start(name: ServiceName, instance?: string, settings?: Record<string, string>): Promise<Service>;
  /** Clients of every role, which send commands to one service and reads to another. */
  clients(commands: string, queries?: string): Promise<Clients>;
  token(role: string, organisation: string): Promise<string>;
  /** Ends every running service, and the servers started here. */
  stop(): Promise<void>;
};

/** Provides servers, a prefix and a database of its own, and a token issuer. */
export async function openDistributed({
  partitions = 4,
  brokers,
  settings: more = {},
}: { partitions?: number; brokers?: string[]; settings?: Record<string, string> } = {}): Promise<Distributed> {
  const [kafka, mongo] = await Promise.all([brokers ? { brokers, stop: () => Promise.resolve() } : kafkaForTests(), mongoForTests()]);
  const prefix = `t-${randomUUID()}`;
  const folder = await mkdtemp(join(tmpdir(), 'initiative-ledger-services-'));
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  await writeFile(join(folder, 'issuer.pem'), await exportSPKI(publicKey));
  const settings = {
    EVENT_LOG: `kafka://${kafka.brokers.join(',')}/${prefix}`,
    READ_MODELS: `${mongo.url}/${prefix}`,
    KAFKA_PARTITIONS: String(partitions),
    KAFKA_REPLICATION: '1',
    KAFKA_MIN_IN_SYNC: '1',
    TOKEN_KEY_FILE: join(folder, 'issuer.pem'),
    LOG_LEVEL: 'info',
    STATEMENTS: 'false',
    RATE_LIMIT: '100000000',
    TOKEN_RATE_LIMIT: '100000000',
    ...more,
  };
  const running = new Set<Service>();
  const token = (role: string, organisation: string) =>
    new SignJWT({ role, org: organisation })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .setSubject(`${organisation}.${role}`)
      .setIssuer('initiative-ledger')
      .setAudience('initiative-ledger')
      .setExpirationTime('8h')
      .sign(privateKey);
  return {
    settings,
    brokers: kafka.brokers,
    prefix,
    folder,
    token,
    async start(name, instance = `${name}-${running.size}`, own = {}) {
      const service = await startService(name, {
        command: [process.execPath, resolve(`dist/apps/${name}/main.js`)],
        environment: { PORT: '0', ...settings, INSTANCE: instance, DATA_DIR: join(folder, instance), ...own },
      });
      running.add(service);
      void service.ended.then(() => running.delete(service));
      return service;
    },
    async clients(commands, queries = commands) {
      const as = async (role: string, organisation: string) => new Client(commands, await token(role, organisation), queries);
      return {
        anyone: new Client(commands, undefined, queries),
        admin: await as('admin', 'cabinet'),
        finance: await as('finance', 'ministry-of-finance'),
        ministry: await as('ministry', 'ministry-of-justice'),
        auditor: await as('auditor', 'chamber-of-accounts'),
      };
    },
    async stop() {
      await Promise.all([...running].map((service) => service.kill()));
      await Promise.all([kafka.stop(), mongo.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type ServiceCommand = {
  command: readonly string[];
  /** Its settings. */
  environment: Record<string, string>;
  /** The folder it starts in; the current one if absent. */
  folder?: string;
};

/** Starts a service as a process of its own and waits until it prints its address. */
export async function startService(
  name: ServiceName,
  { command: [program = '', ...args], environment, folder }: ServiceCommand,
): Promise<Service> {
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(folder !== undefined && { cwd: folder }),
  });
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = new Promise<Ended>((done) => {
    child.once('close', (code, signal) => {
      done({ code, signal, stdout, stderr });
    });
  });
  const url = await new Promise<string>((listening, failed) => {
    child.stdout.on('data', (text: Buffer) => {
      stdout += text.toString();
      const [, address] = /^listening at (http:\S+)$/m.exec(stdout) ?? [];
      if (address !== undefined) listening(address);
    });
    child.once('error', failed);
    void ended.then(({ code }) => {
      failed(new Error(`the ${name} service ended with ${String(code)} before it listened: ${stderr}`));
    });
  });
  const finish = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    name,
    url,
    pid: child.pid ?? 0,
    logged: () => stderr,
    stop: () => finish('SIGTERM'),
    kill: () => finish('SIGKILL'),
    signal: (signal) => void child.kill(signal),
    ended,
  };
}

/** The value of a service's metric, such as `ledger_fences_total`. */
export async function measured({ url }: Service, name: string): Promise<number> {
  const { text } = await new Client(url).get('/metrics');
  const figure = text
    .split('\n')
    .find((line) => line.startsWith(`${name} `))
    ?.slice(name.length + 1);
  if (figure === undefined) throw new Error(`${url} does not measure ${name}`);
  return Number(figure);
}

/** Waits until a service is ready. */
export async function ready({ url, logged }: Service): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await new Client(url).get('/health/ready').catch(() => undefined);
    if (answer?.status === 200) return;
    if (Date.now() > end) throw new Error(`not ready after ${patience} ms: ${answer?.text ?? 'no answer'}\n${logged()}`);
    // Asking at once would take processor time from the brokers and the awaited service.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
