/** The README's way to the distributed ledger without Docker: `npm run services`, then `commands`, `projections` and `queries`. */
import { spawn } from 'node:child_process';
import { readFile, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ended, temporaryFolder, until, type Ended } from '../support/ledger-process.js';
import { clientsFor, fundInitiative } from '../support/programme.js';
import { ready, startService, type Service, type ServiceName } from '../support/services.js';

/** Runs what `npm run` would run after a build. */
async function commandOf(script: string): Promise<[string, ...string[]]> {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
  const [program = '', ...args] = (scripts[script] ?? '').split(' && ').at(-1)?.split(' ') ?? [];
  expect(program).toBe('node');
  return [process.execPath, ...args];
}

describe('the distributed ledger as the README starts it', () => {
  /** A folder as after a clone and a build, without data. */
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let stop: () => Promise<unknown>;
  beforeEach(async () => {
    folder = await temporaryFolder();
    for (const part of ['dist', 'services', 'package.json']) await symlink(resolve(part), join(folder.path, part));
    stop = () => Promise.resolve();
  });
  afterEach(async () => {
    await stop();
    await folder.remove();
  });

  it('takes a command, shows it, and ends cleanly', async () => {
    const [program, ...args] = await commandOf('services');
    const anyPort = Object.fromEntries(['KAFKA', 'MONGODB', 'COMMANDS', 'PROJECTIONS', 'QUERIES'].map((name) => [`${name}_PORT`, '0']));
    const servers = spawn(program, args, { cwd: folder.path, env: { ...process.env, ...anyPort }, stdio: ['ignore', 'pipe', 'pipe'] });
    const serversEnded = ended(servers);
    stop = () => {
      servers.kill('SIGTERM');
      return serversEnded;
    };
    await new Promise<void>((up, failed) => {
      let said = '';
      servers.stdout.on('data', (text: Buffer) => {
        said += text.toString();
        if (said.includes('Ctrl-C ends both')) up();
      });
      void serversEnded.then(({ stderr }) => {
        failed(new Error(`the servers ended: ${stderr}`));
      });
    });

    const start = async (name: ServiceName): Promise<Service> =>
      startService(name, { command: await commandOf(name), environment: {}, folder: folder.path });
    const services = await Promise.all([start('commands'), start('projections'), start('queries')]);
    const [commands, , queries] = services;
    const stopServices = (): Promise<Ended[]> => Promise.all(services.map((service) => service.stop()));
    const stopServers = stop;
    stop = async () => [await stopServices(), await stopServers()];
    await Promise.all(services.map((service) => ready(service)));
    const sending = await clientsFor(commands.url, join(folder.path, 'data'));
    const asking = await clientsFor(queries.url, join(folder.path, 'data'));
    await fundInitiative(sending, '1000');
    const spent = await sending.ministry.post('/programmes/p/initiatives/i/spending', { transactionId: 'T-1', amount: '600' });
    expect(spent.status).toBe(201);
    const seen = await asking.anyone.getAt('/programmes/p/initiatives/i', Number(spent.body['position']));
    expect(seen.body).toMatchObject({ spent: '600', available: '400' });
    await until('a checkpoint is signed', async () => (await asking.anyone.get('/programmes/p/checkpoint')).status === 200);

    for (const { code, signal } of await stopServices()) expect({ code, signal }).toEqual({ code: 0, signal: null });
    servers.kill('SIGINT');
    // kafkajs sometimes makes Node.js warn of a negative time-out (kafkajs#1751).
    expect(await serversEnded).toMatchObject({ code: 0, signal: null, stderr: expect.not.stringContaining('Error') });
  });
});
