/** Starts the real processes from the build, on free ports and in folders of their own, and ends them. */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { tokenFor as ledgerTokenFor } from '../../apps/cli/commands/token.js';
import { readConfiguration } from '../../apps/configuration.js';
import type { Role } from '../../libs/domain/vocabulary.js';
import { patience } from './patience.js';

const cli = resolve('dist/apps/cli/main.js');

/** A new folder, removed when the tests of the file are done. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'initiative-ledger-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };
type Settings = Record<string, string>;

const environment = (settings: Settings) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  LOG_LEVEL: 'warn',
  // Statements are off unless a test wants them: they come at times of their own, and raise a programme's version.
  STATEMENTS: 'false',
  // Tests repeat requests as fast as they can until a condition holds.
  RATE_LIMIT: '100000000',
  TOKEN_RATE_LIMIT: '100000000',
  ...settings,
});

/** Runs one `ledger` command to its end. */
export function runLedger(args: readonly string[], settings: Settings = {}): Promise<Ended> {
  return ended(spawn(process.execPath, [cli, ...args], { env: environment(settings), stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** The output and exit of a process. */
export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code, signal) => {
      done({ code, signal, stdout, stderr });
    });
  });
}

export type LedgerProcess = {
  url: string;
  pid: number;
  /** Asks it to end, and waits for its exit. */
  stop(): Promise<Ended>;
  /** Ends it at once, as a power cut would, and waits until it is gone. */
  kill(): Promise<Ended>;
  ended: Promise<Ended>;
};

/** Serves a ledger and waits until it prints its address. `fileKiB` limits the size of the files it may write: beyond that its disk is full. */
export async function startLedger(
  dataDir: string,
  settings: Settings = {},
  args: readonly string[] = ['serve'],
  limits?: { fileKiB: number },
): Promise<LedgerProcess> {
  const options = {
    env: environment({ DATA_DIR: dataDir, PORT: '0', ...settings }),
    stdio: ['ignore' as const, 'pipe' as const, 'pipe' as const] satisfies StdioOptions,
  };
  const child = limits
    ? spawn('bash', ['-c', `ulimit -f ${limits.fileKiB}; exec "$0" "$@"`, process.execPath, cli, ...args], options)
    : spawn(process.execPath, [cli, ...args], options);
  const end = ended(child);
  const url = await new Promise<string>((listening, failed) => {
    let output = '';
    child.stdout?.on('data', (text: Buffer) => {
      output += text.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
      if (found) listening(found[0]);
    });
    end.then(({ code, stderr }) => {
      failed(new Error(`the ledger ended with ${String(code)} before it listened: ${stderr}`));
    }, failed);
  });
  const finish = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return end;
  };
  return { url, pid: child.pid ?? 0, stop: () => finish('SIGTERM'), kill: () => finish('SIGKILL'), ended: end };
}

/** A token signed with the key of a ledger's data folder, as `ledger token` signs it. */
export async function tokenFor(dataDir: string, role: Role, organisation: string, subject = `${organisation}.${role}`): Promise<string> {
  return ledgerTokenFor(readConfiguration({ DATA_DIR: dataDir }), { role, organisation, subject, lifetime: '8h' });
}

/** Waits until a condition holds; a failure says what it waited for. */
export async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${patience} ms, but not until ${what}`);
    // Asking at once would take processor time from the awaited process.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
