import { expect, it } from '@jest/globals';
import { TooManyWaiting } from '../async/fair-queue.js';
import { OpenStreams } from './open-streams.js';

it('streams are bounded in number, of all clients and of each', () => {
  const streams = new OpenStreams('records', { all: 6, each: 4 });
  const closes = Array.from({ length: 4 }, () => streams.open('a'));
  expect(() => streams.open('a')).toThrow(TooManyWaiting);
  for (const client of ['b', 'c']) streams.open(client);
  expect(() => streams.open('d')).toThrow(TooManyWaiting);
  closes[0]?.();
  expect(() => streams.open('a')).not.toThrow();
});
