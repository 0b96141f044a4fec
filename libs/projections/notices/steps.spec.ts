import { describe, expect, it } from '@jest/globals';
import { highestReached, percentOf, stepsAfter, type Step } from './steps.js';

const at = (position: number) => ({ on: `2024-01-0${position}`, position });
const after = (...percents: number[]) =>
  percents.reduce<readonly Step[]>((steps, percent, index) => stepsAfter(steps, percent, at(index + 1)), []);

describe('the steps by which a share rose', () => {
  it.each([
    [0n, 10n, 0],
    [7n, 10n, 70],
    [84n, 100n, 80],
    [85n, 100n, 85],
    [11n, 10n, 100],
    [5n, 0n, 0],
    [-1n, 10n, 0],
  ])('%d of %d is %d percent, in steps of five', (part, whole, percent) => {
    expect(percentOf(part, whole)).toBe(percent);
  });

  it('name the record by which each percentage was reached', () => {
    expect(after(60, 70, 70, 100)).toEqual([
      { percent: 60, ...at(1) },
      { percent: 70, ...at(2) },
      { percent: 100, ...at(4) },
    ]);
  });

  it('are cut when the share falls, and what is reached again is reached by another record', () => {
    expect(after(60, 90, 75)).toEqual([
      { percent: 60, ...at(1) },
      { percent: 75, ...at(2) },
    ]);
    expect(after(60, 90, 40, 85)).toEqual([
      { percent: 40, ...at(1) },
      { percent: 85, ...at(4) },
    ]);
    expect(after(60, 0)).toEqual([]);
  });

  it('tell the highest threshold that is reached, whatever the thresholds are', () => {
    const steps = after(60, 90);
    expect(highestReached(steps, [70, 85, 100])).toEqual({ percent: 85, cause: at(2) });
    expect(highestReached(steps, [50])).toEqual({ percent: 50, cause: at(1) });
    expect(highestReached(steps, [95])).toBeUndefined();
    expect(highestReached([], [5])).toBeUndefined();
  });
});
