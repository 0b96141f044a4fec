import { describe, expect, it } from '@jest/globals';
import { defects, type Defect } from './defects.js';
import type { Found } from './simulate.js';
import { historiesFrom, printed, simulated } from './simulated.js';

/** The message of the promise that each defect breaks. */
const breaks: Readonly<Record<Defect, RegExp>> = {
  'answer before append': /^c-\d+ was acknowledged at position \d+, which the log does not hold$/,
  'skip the fence': /^\w+ wrote partition \d, which another process had taken over$/,
  'checkpoint before document': /is folded to position \d+; its checkpoint says \d+$/,
  'forget deduplication on restart': /^the command .* was recorded twice$|^c-\d+ was .* at \d+, then /,
  'drop a refusal': /^c-\d+ was refused, which no record says$/,
  'stop at a command that can’t be decided': /^(\w+ stopped|partition \d has stopped in \w+): RangeError/,
  'skip an entry when it replays': /position \d+ is missing$/,
  'fold what a document already holds': /^programmes \w is not what the log folds to at position \d+/,
  'date by the latest record': /^c-\d+ is dated 2025-\d\d-\d\d by \w+, whose clock never showed that year$/,
  're-acquire after being fenced': /^\w+ was fenced and took partition \d over again$/,
};

describe('simulated histories', () => {
  it('keep every promise, whatever goes wrong', async () => {
    const fresh = Date.now() % 1_000_000_000;
    const results = await Promise.all([historiesFrom(1, 250), historiesFrom(fresh, 250)]);
    expect(results.map(({ found, histories }) => ({ found, histories }))).toEqual(Array(2).fill({ found: undefined, histories: 250 }));
  });

  it('are the same each time, step by step, in every process', async () => {
    const [once, again] = await Promise.all([printed('--replay', '17'), printed('--replay', '17')]);
    expect(once.split('\n').length).toBeGreaterThan(50);
    expect(again).toBe(once);
  });

  it.each(defects)('find that the ledger would %s', async (defect) => {
    const { found, histories } = await simulated('--seeds', '2000', '--shrink', '2', '--defect', defect);
    expect(found?.broken).toMatch(breaks[defect]);
    expect(found?.told.length).toBeGreaterThan(2);
    expect(histories).toBeLessThan(2_000);
    // The shortest history is reproducible: it breaks the same promise by the same steps.
    const { seed, broken, told, choices } = found as Found;
    const again = JSON.parse(await printed('--json', '--choices', choices.join(','), '--defect', defect)) as Found;
    expect({ broken: again.broken, told: again.told }).toEqual({ broken, told });
    expect(await printed('--replay', `${seed}`, '--defect', defect)).toContain(`seed ${seed} breaks a promise: `);
  });
});
