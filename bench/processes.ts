import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const emmettFolder = resolve('bench/emmett');
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
export type Server = { url: string; stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void> };

/** The benchmarks measure the ledger, not its rate limits. */
const unlimited = { RATE_LIMIT: '1000000000', TOKEN_RATE_LIMIT: '1000000000' };

async function listening(child: ChildProcess): Promise<Server> {
  const url = await new Promise<string>((found, failed) => {
    child.stdout?.on('data', (text: Buffer) => {
      const [address] = /http:\/\/[^\s,]+/.exec(text.toString()) ?? [];
      if (address !== undefined) found(address);
    });
    child.on('close', (code) => {
      failed(new Error(`a server ended with ${String(code)}`));
    });
  });
  return {
    url,
    async stop(signal = 'SIGTERM') {
      const closed = once(child, 'close');
      child.kill(signal);
      await closed;
    },
  };
}

/** Serves a ledger in a folder, with settings of its own. */
export const startLedger = (dataDir: string, settings: Readonly<Record<string, string>> = {}): Promise<Server> =>
  listening(
    spawn(process.execPath, [at('../apps/cli/main.js'), 'serve', '--data', dataDir, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, LOG_LEVEL: 'warn', ...unlimited, ...settings },
    }),
  );
/** Serves a ledger whose proof is not made: no tree is grown, no checkpoint signed, and no statement made. */
export const startWithoutProof = (dataDir: string): Promise<Server> =>
  startLedger(dataDir, { NODE_OPTIONS: `--import=${new URL('./without-proof.js', import.meta.url).href}` });
export const startYardstick = (dataDir: string): Promise<Server> =>
  listening(spawn(process.execPath, [at('./yardstick.js'), dataDir], { stdio: ['ignore', 'pipe', 'inherit'] }));
/** The commands service of the distributed ledger. */
export const startCommands = (settings: Record<string, string>): Promise<Server> =>
  listening(
    spawn(process.execPath, [at('../apps/commands/main.js')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'], LOG_LEVEL: 'error', PORT: '0', ...unlimited, ...settings },
    }),
  );
/** The same journey on Emmett. Its packages are in a folder of their own, so that the ledger installs without them. */
export const startEmmett = (dataDir: string): Promise<Server> =>
  listening(
    spawn(process.execPath, [join(emmettFolder, 'server.mjs'), join(dataDir, 'emmett.sqlite')], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
/** @throws if the packages can't be installed */
export async function installEmmett(): Promise<void> {
  if (existsSync(join(emmettFolder, 'node_modules'))) return;
  await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], { cwd: emmettFolder });
}
