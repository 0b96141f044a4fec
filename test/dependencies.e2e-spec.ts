/** Checks that installed packages are the chosen ones: the check passes here, and finds faults in other folders. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from './support/ledger-process.js';

const script = resolve('scripts/dependencies.mjs');

async function check(folder: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [script], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

const good = { version: '1.0.0', integrity: 'sha512-AAAA', license: 'MIT' };
/** A package with one locked dependency, installed under a licence. */
type Package = { wanted?: string; locked?: object; license?: string };

describe('dependencies', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => folder.remove());
  let made = 0;

  async function packageWith({ wanted = '1.0.0', locked = good, license = 'MIT' }: Package): Promise<string> {
    const path = join(folder.path, `package-${made++}`);
    const own = { name: 'one', version: '1.0.0', dependencies: { dependency: wanted }, allowScripts: {} };
    const none = { name: 'two', version: '1.0.0' };
    const files = {
      'package.json': own,
      'package-lock.json': {
        ...none,
        name: 'one',
        lockfileVersion: 3,
        requires: true,
        packages: { '': own, 'node_modules/dependency': locked },
      },
      'node_modules/dependency/package.json': { name: 'dependency', version: '1.0.0', license },
      'bench/emmett/package.json': none,
      'bench/emmett/package-lock.json': { ...none, lockfileVersion: 3, packages: { '': none } },
    };
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), JSON.stringify(content));
    }
    return path;
  }

  it('of this repository pass, and are listed', async () => {
    const { code, stdout, stderr } = await check('.');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^dependencies: \d+ locked, \d+ ship, listed in reports\/sbom\.cdx\.json\n$/);
    const list = JSON.parse(await readFile('reports/sbom.cdx.json', 'utf8')) as { bomFormat: string; components: { name: string }[] };
    expect(list.bomFormat).toBe('CycloneDX');
    expect(list.components.map(({ name }) => name)).toEqual(expect.arrayContaining(['fastify', 'kafkajs', 'mongodb']));
  });

  it('pass if nothing is wrong', async () => {
    expect(await check(await packageWith({}))).toMatchObject({ code: 0, stderr: '' });
  });

  it.each<[string, Package, RegExp]>([
    [
      'an address it came from',
      { locked: { ...good, resolved: 'https://example.org/x.tgz' } },
      /node_modules\/dependency names where it came from/,
    ],
    ['nothing to check it by', { locked: { version: '1.0.0', license: 'MIT' } }, /node_modules\/dependency has no integrity/],
    ['a range of versions', { wanted: '^1.0.0' }, /dependency \^1\.0\.0 is no exact version/],
    ['another version locked', { wanted: '1.0.1' }, /dependency is not at 1\.0\.1/],
    ['a script nobody decided on', { locked: { ...good, hasInstallScript: true } }, /runs a script when it is installed/],
    [
      'a licence that is not taken',
      { license: 'GPL-3.0-only', locked: { ...good, license: 'GPL-3.0-only' } },
      /dependency 1\.0\.0 is under GPL-3\.0-only/,
    ],
    [
      'a licence of which a part is not taken',
      { license: 'MIT AND GPL-3.0-only', locked: { ...good, license: 'MIT AND GPL-3.0-only' } },
      /is under MIT AND GPL-3\.0-only/,
    ],
  ])('fail with %s', async (_what, given, says) => {
    const { code, stderr } = await check(await packageWith(given));
    expect(stderr).toMatch(says);
    expect(code).toBe(1);
  });
});
