/** `npm test`, `npm run test:services`, `npm run test:browser` and `npm run test:proof` together run every spec, and the first names the tests that it leaves out. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const jest = async (...args: string[]) =>
  run(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js', ...args]);
const specsOf = async (config: string) => (await jest('--config', config, '--listTests')).stdout.trim().split('\n').sort();

describe('npm test', () => {
  it('leaves no spec out that npm run test:services, test:browser or test:proof does not run, and runs none of them itself', async () => {
    const configs = [
      'jest.config.mjs',
      'jest.npm.config.mjs',
      'jest.services.config.mjs',
      'jest.browser.config.mjs',
      'jest.proof.config.mjs',
    ];
    const [every, ...parts] = await Promise.all(configs.map(specsOf));
    expect(parts.flat().sort()).toEqual(every);
  });

  it('ends by naming each suite that it did not run, why, and the command for it', async () => {
    const { stderr } = await jest('--config', 'jest.npm.config.mjs', 'libs/domain/refusal.spec.ts');
    const [, named = ''] = stderr.split('\nNot run:\n');
    expect(
      named
        .replaceAll(/\(\d+ files?\)/g, '(…)')
        .trimEnd()
        .split('\n'),
    ).toEqual([
      '  npm run test:services   Kafka, MongoDB and the services on both, which need Java 17 and Maven (…)',
      '  npm run test:services   power loss, which needs strace (…)',
      '  npm run test:services   50 kills one after another and 10,000 simulated histories, which take minutes (…)',
      '  npm run test:browser    the pages as people see and use them, which need Chromium, Java 17 and Maven (…)',
      '  npm run test:proof      proof by other people’s code, which needs Go, Python and Chromium (…)',
      '  npm run fuzz            requests that nobody would send, which need Python and schemathesis',
    ]);
  });
});
