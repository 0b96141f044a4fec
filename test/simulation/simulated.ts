/** Runs `npm run simulate` in a process of its own, whether or not it finds something. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Simulated } from './simulate.js';

const run = promisify(execFile);

/** Its output. */
export async function printed(...options: string[]): Promise<string> {
  const told = (error: unknown): string =>
    typeof error === 'object' && error !== null && 'stdout' in error && typeof error.stdout === 'string' ? error.stdout : '';
  const { stdout } = await run(process.execPath, ['dist/test/simulation/main.js', ...options], { maxBuffer: 1e8 }).catch(
    (error: unknown) => {
      if (told(error) === '') throw error;
      return { stdout: told(error) };
    },
  );
  return stdout;
}

/** Its findings. */
export const simulated = async (...options: string[]) => JSON.parse(await printed('--json', ...options)) as Simulated;

/** The findings of `seeds` histories, from the seed `from` on. */
export const historiesFrom = (from: number, seeds: number) => simulated('--from', `${from}`, '--seeds', `${seeds}`);
