import { describe, expect, it } from '@jest/globals';
import { MongoServerError } from 'mongodb';
import { isAway, tookTooLong } from './driver-errors.js';

describe('what a server of MongoDB says', () => {
  const said = (code: number) => new MongoServerError({ message: 'operation exceeded time limit', code });

  it('means that a read took too long where its time ran out', () => {
    expect([50, 13, 11_600].map((code) => tookTooLong(said(code)))).toEqual([true, false, false]);
    expect(tookTooLong(new Error('operation exceeded time limit'))).toBe(false);
  });

  it('means that it is away where it shuts down, and not where it refuses a question', () => {
    expect([11_600, 50, 13].map((code) => isAway(said(code)))).toEqual([true, false, false]);
  });
});
