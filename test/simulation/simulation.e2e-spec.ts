import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { defects } from './defects.js';
import type { Simulated } from './simulate.js';

const run = promisify(execFile);

/** What `npm run simulate` does, in a process of its own. */
async function simulated(...options: string[]): Promise<Simulated> {
  const told = (error: unknown): string =>
    typeof error === 'object' && error !== null && 'stdout' in error && typeof error.stdout === 'string' ? error.stdout : '';
  const { stdout } = await run(process.execPath, ['dist/test/simulation/main.js', '--json', ...options], { maxBuffer: 1e8 }).catch(
    (error: unknown) => {
      if (told(error) === '') throw error;
      return { stdout: told(error) };
    },
  );
  return JSON.parse(stdout) as Simulated;
}
const from = (first: number, seeds: number) => simulated('--from', `${first}`, '--seeds', `${seeds}`);

describe('10,000 simulated histories', () => {
  it('keep every promise, whatever goes wrong', async () => {
    const fresh = Date.now() % 1_000_000_000;
    const results = await Promise.all([from(1, 4_500), from(4_501, 4_500), from(fresh, 1_000)]);
    expect(results.map(({ found }) => found)).toEqual([undefined, undefined, undefined]);
    expect(results.reduce((sum, { histories }) => sum + histories, 0)).toBe(10_000);
    expect(results.reduce((sum, { records }) => sum + records, 0)).toBeGreaterThan(100_000);
  }, 600_000);

  it('are the same each time', async () => {
    expect(await from(17, 20)).toMatchObject(await from(17, 20).then(({ histories, steps, records }) => ({ histories, steps, records })));
  });

  it.each(defects)(
    'find that the ledger would %s',
    async (defect) => {
      const { found, histories } = await simulated('--seeds', '2000', '--defect', defect);
      expect(found?.broken).toBeTruthy();
      expect(found?.told.length).toBeGreaterThan(2);
      expect(histories).toBeLessThan(2_000);
      const { stdout } = await run(process.execPath, ['dist/test/simulation/main.js', '--replay', `${found?.seed}`, '--defect', defect]);
      expect(stdout).toContain(`seed ${found?.seed} breaks a promise: `);
    },
    120_000,
  );
});
