import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds a server may take to answer; a busy machine needs more than a minute. */
export const startingWithin = 240_000;

/** A server that this process has started. */
export type ServerProcess = {
  readonly pid: number;
  /** Ends it, by default with SIGKILL, and waits until it is gone. */
  end(signal?: NodeJS.Signals): Promise<void>;
  signal(signal: NodeJS.Signals): void;
};

/** Starts Java and keeps its standard error for the message if it ends early. */
export function startJava(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ServerProcess & { failed: Promise<never> } {
  const child: ChildProcess = spawn('java', args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-4_000)));
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve();
    });
  });
  const failed = exited.then(() => Promise.reject(new Error(`a server ended: ${said}`)));
  failed.catch(() => undefined);
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  return {
    pid: child.pid ?? 0,
    failed,
    signal: (signal) => void child.kill(signal),
    async end(signal = 'SIGKILL') {
      process.off('exit', endWithUs);
      child.kill(signal);
      await exited;
    },
  };
}

/**
 * A free port of this machine, below those that systems give to outgoing connections (Linux from 32768, others from 49152): one of those could be taken by
 * a client before a server that starts slowly listens on it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      server.close();
      await once(server, 'close');
      return port;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
}
function isTaken(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE';
}

/** Waits until something listens on a port of this machine. */
export async function listening(port: number, failed: Promise<never>): Promise<void> {
  const attempt = async () => {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  };
  for (const end = Date.now() + startingWithin; Date.now() < end;) {
    if (await attempt()) return;
    await Promise.race([wait(50), failed]);
  }
  throw new Error(`nothing listens on port ${port} after ${startingWithin} ms`);
}
