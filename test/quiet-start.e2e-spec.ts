/** A newcomer's first commands print nothing beside their results. */
import { spawn } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ended, temporaryFolder } from './support/ledger-process.js';

describe('the first minute', () => {
  it('has no warning of npm ci, on the machine’s Node.js', async () => {
    const { path, remove } = await temporaryFolder();
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) await copyFile(file, join(path, file));
    const PATH = (process.env['PATH'] ?? '')
      .split(delimiter)
      .filter((folder) => !folder.includes('node_modules'))
      .join(delimiter);
    // A dry run resolves and checks every package of the lock file as an installation does, and downloads none.
    const child = spawn('npm', ['ci', '--dry-run', '--prefer-offline', '--no-audit'], {
      cwd: path,
      env: { PATH, HOME: process.env['HOME'] ?? path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(await ended(child)).toMatchObject({ code: 0, stderr: '' });
    await remove();
  }, 60_000);

  it('has no timer in the past from the client that waits for Kafka', async () => {
    const [services, queue] = ['dist/services/kafka.js', 'node_modules/kafkajs/src/network/requestQueue/index.js'].map(
      (file) => pathToFileURL(resolve(file)).href,
    );
    const script = `
      await import(${JSON.stringify(services)});
      const { default: RequestQueue } = await import(${JSON.stringify(queue)});
      const logger = { namespace: () => logger, debug: () => undefined };
      const queue = new RequestQueue({ clientId: 'c', broker: 'b', logger, isConnected: () => true });
      queue.scheduleCheckPendingRequests();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    expect(await ended(child)).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  });
});
