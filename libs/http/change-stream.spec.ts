import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { CommittedRecord } from '../application/committed-records.js';
import { changeStream, type Changes, type StreamLimits } from './change-stream.js';

const record = (position: number): CommittedRecord => ({ position, type: 'SpendingRecorded', initiative: 'e-notary' });
const limits: StreamLimits = { waiting: 3, heartbeat: 60_000, patience: 60_000 };

/** A programme whose records are committed by the test. */
function programme() {
  const committed: CommittedRecord[] = [];
  const listeners = new Set<(records: readonly CommittedRecord[]) => void>();
  const asked: number[] = [];
  const changes: Changes = {
    after: (position) => {
      asked.push(position);
      return Promise.resolve(committed.slice(position, position + 2));
    },
    listen: (take) => {
      listeners.add(take);
      return () => listeners.delete(take);
    },
  };
  const commit = (count: number) => {
    const records = Array.from({ length: count }, (_, index) => record(committed.length + index + 1));
    committed.push(...records);
    for (const take of listeners) take(records);
  };
  return { changes, commit, listeners, asked };
}

/** The positions of the next texts of a stream. */
async function positionsIn(texts: AsyncIterator<Buffer>, count: number): Promise<number[]> {
  const positions: number[] = [];
  while (positions.length < count) {
    const next = await texts.next();
    for (const [, id] of String(next.value).matchAll(/^id: (\d+)$/gm)) positions.push(Number(id));
  }
  return positions;
}
const stays = new AbortController().signal;
const textsOf = (stream: AsyncIterable<Buffer>) => stream[Symbol.asyncIterator]();

describe('a stream of changes', () => {
  it('tells what was committed after a position, then what comes, each once and in order', async () => {
    const { changes, commit } = programme();
    commit(5);
    const texts = textsOf(changeStream(2, changes, stays, limits));
    expect(await positionsIn(texts, 3)).toEqual([3, 4, 5]);
    commit(2);
    commit(1);
    expect(await positionsIn(texts, 3)).toEqual([6, 7, 8]);
    await texts.return?.();
  });

  it('says of a record its position, type and initiative', async () => {
    const { changes, commit } = programme();
    commit(1);
    const texts = textsOf(changeStream(0, changes, stays, limits));
    expect(String((await texts.next()).value)).toBe('retry: 2000\n\n');
    const data = '{"position":1,"type":"SpendingRecorded","initiative":"e-notary"}';
    expect(String((await texts.next()).value)).toBe(`id: 1\nevent: record\ndata: ${data}\n\n`);
    await texts.return?.();
  });

  it('reads again the changes that a slow reader did not take, and keeps no more than its limit waiting', async () => {
    const { changes, commit, asked } = programme();
    const texts = textsOf(changeStream(0, changes, stays, limits));
    await texts.next();
    commit(1);
    expect(await positionsIn(texts, 1)).toEqual([1]);
    commit(20);
    expect(await positionsIn(texts, 20)).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
    expect(asked.filter((position) => position > 1)).not.toEqual([]);
    await texts.return?.();
  });

  it('sends a comment when nothing comes, so that the connection stays open', async () => {
    const { changes } = programme();
    const texts = textsOf(changeStream(0, changes, stays, { ...limits, heartbeat: 1 }));
    await texts.next();
    expect(String((await texts.next()).value)).toBe(': nothing new\n\n');
    await texts.return?.();
  });

  it('ends, and stops listening, when its reader leaves', async () => {
    const { changes, listeners } = programme();
    const left = new AbortController();
    const texts = textsOf(changeStream(0, changes, left.signal, limits));
    await texts.next();
    expect(listeners.size).toBe(1);
    const next = texts.next();
    left.abort();
    expect(await next).toEqual({ value: undefined, done: true });
    expect(listeners.size).toBe(0);
  });

  it('ends if its reader takes nothing in time', async () => {
    const { changes, commit } = programme();
    commit(3);
    const left = new AbortController();
    const stream = changeStream(0, changes, left.signal, { ...limits, patience: 1 });
    stream.read(0);
    stream.once('close', () => {
      left.abort();
    });
    await once(stream, 'close');
    expect(stream.destroyed).toBe(true);
  });
});
