/**
 * Runs before `npm run test:proof`: names all missing programs at once, builds the verifiers and the witness in Go, and installs the verifiers in Python, all
 * in `reports/proof`.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { checkTools, ToolsMissing } from './tools.js';

const run = promisify(execFile);
const folder = resolve('reports', 'proof');
const python = join(folder, 'python');

try {
  await checkTools('the tests of proof by other people’s code need', ['go', 'python3', 'chromium']);
  await mkdir(folder, { recursive: true });
  await run('go', ['build', '-o', join(folder, 'verify'), '.'], { cwd: join('test', 'proof', 'verify') });
  const witness = ['filippo.io/torchwood/cmd/litewitness', './agent', './cosigned'];
  await run('go', ['build', '-o', folder + sep, ...witness], { cwd: join('test', 'proof', 'witness') });
  await run('python3', ['-m', 'venv', python]);
  const options = ['--quiet', '--disable-pip-version-check', '--require-hashes'];
  const requirements = [join('verifiers', 'requirements.txt'), join('test', 'proof', 'requirements.txt')];
  await run(join(python, 'bin', 'pip'), ['install', ...options, ...requirements.flatMap((file) => ['-r', file])]);
} catch (error) {
  if (!(error instanceof ToolsMissing)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
