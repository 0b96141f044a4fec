import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { defects, mutated, type Defect } from './defects.js';
import { faults } from './faults.js';
import type { Found, Simulated } from './simulate.js';

const run = promisify(execFile);

/** What `npm run simulate` prints, in a process of its own, whether it finds something or not. */
async function printed(...options: string[]): Promise<string> {
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
const simulated = async (...options: string[]) =>
  JSON.parse(await printed('--json', ...options)) as Simulated & { processorSeconds: number };
const from = (first: number, seeds: number) => simulated('--from', `${first}`, '--seeds', `${seeds}`);

/** The promise that each defect breaks, as it is found to be broken. */
const breaks: Readonly<Record<Defect, RegExp>> = {
  'answer before append': /^c-\d+ was acknowledged at position \d+, which the log does not hold$/,
  'skip the fence': /^\w+ wrote partition \d, which another process had taken over$/,
  'checkpoint before document': /is folded to position \d+; its checkpoint says \d+$/,
  'forget deduplication on restart': /^the command .* was recorded twice$|^c-\d+ was .* at \d+, then /,
  'drop a refusal': /^c-\d+ was refused, which no record says$/,
  'off by one in replay': /the chain is broken$/,
  'fold what a document already holds': /^programmes \w is not what the log folds to at position \d+/,
  're-acquire after being fenced': /^\w+ was fenced and took partition \d over again$/,
};

describe('10,000 simulated histories', () => {
  it('keep every promise, whatever goes wrong', async () => {
    const fresh = Date.now() % 1_000_000_000;
    const results = await Promise.all([from(1, 4_500), from(4_501, 4_500), from(fresh, 1_000)]);
    expect(results.map(({ found }) => found)).toEqual([undefined, undefined, undefined]);
    expect(results.reduce((sum, { histories }) => sum + histories, 0)).toBe(10_000);
    expect(results.reduce((sum, { records }) => sum + records, 0)).toBeGreaterThan(100_000);
    // Whatever can go wrong did, and not only once.
    const rare = faults.filter((fault) => results.reduce((sum, { faults: counts }) => sum + counts[fault], 0) < 100);
    expect(rare).toEqual([]);
    // Three minutes of the two cores that CI has, whatever else runs beside.
    expect(results.reduce((sum, { processorSeconds }) => sum + processorSeconds, 0)).toBeLessThan(2 * 180);
  }, 600_000);

  it('are the same each time, step by step, in every process', async () => {
    const [once, again] = await Promise.all([printed('--replay', '17'), printed('--replay', '17')]);
    expect(once.split('\n').length).toBeGreaterThan(50);
    expect(again).toBe(once);
  });

  it('are of the code that each defect was made for, or are not run', () => {
    const mutation = { file: 'a.js', search: 'if (right)', replace: 'if (wrong)' };
    expect(mutated('if (right) go();', mutation)).toBe('if (wrong) go();');
    for (const code of ['go();', 'if (right) if (right) go();']) expect(() => mutated(code, mutation)).toThrow('not once');
  });

  it.each(defects)(
    'find that the ledger would %s',
    async (defect) => {
      const { found, histories } = await simulated('--seeds', '2000', '--defect', defect);
      expect(found?.broken).toMatch(breaks[defect]);
      expect(found?.told.length).toBeGreaterThan(2);
      expect(histories).toBeLessThan(2_000);
      // The shortest history that was found is the same again: it breaks the same promise by the same steps.
      const { seed, broken, told, choices } = found as Found;
      const again = JSON.parse(await printed('--json', '--choices', choices.join(','), '--defect', defect)) as Found;
      expect({ broken: again.broken, told: again.told }).toEqual({ broken, told });
      expect(await printed('--replay', `${seed}`, '--defect', defect)).toContain(`seed ${seed} breaks a promise: `);
    },
    120_000,
  );
});
