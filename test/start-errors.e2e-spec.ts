/** A failed start names the setting and what would be right; the files of a start are readable by its account alone. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runLedger, startLedger, temporaryFolder } from './support/ledger-process.js';
import { clientsFor, fundInitiative } from './support/programme.js';

describe('a start', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let data: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    data = join(folder.path, 'data');
  });
  afterEach(() => folder.remove());

  /** A command that fails with one sentence on standard error. */
  async function says(args: readonly string[], settings: Record<string, string> = {}): Promise<string> {
    const { code, stdout, stderr } = await runLedger([...args, '--data', data], settings);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    return stderr
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('{'))
      .join('\n');
  }

  it('on a port that is in use names it, and a free one', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await says(['serve', '--port', String(port)])).toBe(
      `PORT (--port): port ${port} of 127.0.0.1 is in use; end the process that listens there, or name another port, 0 for any free one`,
    );
    other.close();
  });

  it('on an address of another machine says so', async () => {
    const key = join(folder.path, 'public.json');
    expect((await runLedger(['token-key', key], { DATA_DIR: join(folder.path, 'issuer') })).code).toBe(0);
    // Other accounts must be able to read the public key, to verify tokens with it.
    expect((await stat(key)).mode & 0o777).toBe(0o644);
    expect(await says(['serve', '--port', '0', '--host', '192.0.2.1'], { TOKEN_KEY_FILE: key })).toBe(
      'HOST (--host): 192.0.2.1 is no address of this machine; name one of its own, such as 127.0.0.1',
    );
  });

  it('with a key file that is not there, or holds no key, names the setting', async () => {
    expect(await says(['serve', '--port', '0'], { TOKEN_KEY_FILE: '/nowhere/key.pem' })).toMatch(
      /^TOKEN_KEY_FILE: \/nowhere\/key\.pem can't be used \(.*\); name a file that holds the issuer's public key \(PEM or JWK\)$/,
    );
    const file = join(folder.path, 'key.pem');
    await writeFile(file, 'no key');
    expect(await says(['serve', '--port', '0'], { TOKEN_KEY_FILE: file })).toMatch(/^TOKEN_KEY_FILE: .*key\.pem can't be used/);
  });

  it('in a data folder that is a file names the setting', async () => {
    await writeFile(data, '');
    expect(await says(['serve', '--port', '0'])).toMatch(
      /^DATA_DIR \(--data\): .*data is no folder and can't be made one .*; name a folder that this account may write to$/,
    );
  });

  it('of a token with no length of time says what one looks like, and a token makes no ledger', async () => {
    const token = ['token', '--role', 'admin', '--org', 'cabinet'];
    expect(await says([...token, '--lifetime', 'soon'])).toMatch(/It must be a length of time, such as 30m, 8h or 7d\./);
    expect(await says(token)).toBe(
      `there is no key in ${data}: a ledger makes it when it is first served; name the ledger's folder with --data or DATA_DIR`,
    );
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('makes a folder and files that only its account reads, whatever the others’ default', async () => {
    const served = await startLedger(data);
    await fundInitiative(await clientsFor(served.url, data), '1000');
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    const names = await readdir(data);
    expect(names).toEqual(
      expect.arrayContaining(['ledger.sqlite', 'ledger.sqlite-wal', 'ledger.sqlite.states', 'read-models.sqlite', 'token-key.json']),
    );
    const open: string[] = [];
    for (const name of names) if (((await stat(join(data, name))).mode & 0o077) !== 0) open.push(name);
    expect(open).toEqual([]);
    await served.stop();
  });

  it('leaves the rights of a folder that is there', async () => {
    await mkdir(data);
    await chmod(data, 0o750);
    await (await startLedger(data)).stop();
    expect((await stat(data)).mode & 0o777).toBe(0o750);
  });
});
