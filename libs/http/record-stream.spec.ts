import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { recordStream } from './record-stream.js';

const page = (number: number, end: number) => ({ lines: `{"position":${number}}\n`, last: number, end });
const turns = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((next) => setImmediate(next));
};

describe('a stream of records', () => {
  it('has every page in order, to the end as of when it began', async () => {
    const asked: number[] = [];
    const stream = recordStream(page(1, 3), (after, end) => {
      asked.push(after);
      return Promise.resolve(page(after + 1, end));
    });
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    expect(text).toBe('{"position":1}\n{"position":2}\n{"position":3}\n');
    expect(asked).toEqual([1, 2]);
  });

  it('reads no page before the one before is taken', async () => {
    const asked: number[] = [];
    const stream = recordStream(page(1, 1_000), (after, end) => {
      asked.push(after);
      return Promise.resolve(page(after + 1, end));
    });
    stream.read(0);
    await turns();
    expect(asked).toEqual([]);
    stream.read();
    await turns();
    expect(asked).toEqual([1]);
    stream.destroy();
  });

  it('is ended if the reader takes nothing', async () => {
    const stream = recordStream(page(1, 2), () => Promise.reject(new Error('nobody takes it')), 1);
    stream.read(0);
    await once(stream, 'close');
    expect(stream.destroyed).toBe(true);
  });
});
