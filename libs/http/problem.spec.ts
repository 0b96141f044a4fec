import { describe, expect, it } from '@jest/globals';
import { ProgrammeBusy } from '../command-processing/outcome.js';
import { problemOf } from './problem.js';

describe('a problem', () => {
  it('asks the sender of a dry run to come back if its programme was written each time it was decided', () => {
    const { problem, headers } = problemOf(new ProgrammeBusy());
    expect([problem.status, problem['code'], headers]).toEqual([503, 'programme-busy', { 'retry-after': '1' }]);
  });
});
