import { describe, expect, it } from '@jest/globals';
import { LogFenced, start, type Entry, type EventLog, type NewEntry, type Offset } from './ports.js';

/** An open log, and how to remove its data. */
export type OpenedLog = { log: EventLog; remove(): Promise<void> };

const encoder = new TextEncoder();
const record = (position: number): NewEntry => ({
  kind: 'record',
  programme: 'p',
  position,
  bytes: encoder.encode(`{"position":${position}}`),
  command: { offset: position, organisation: 'cabinet', id: `c-${position}`, digest: 'ab'.repeat(32), index: 0, count: 1 },
});
const answer: NewEntry = { kind: 'outcome', bytes: encoder.encode('{}') };

async function all(batches: AsyncIterable<Entry[]>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const batch of batches) entries.push(...batch);
  return entries;
}
/** The entry as it was appended: without its offset, its bytes as a plain `Uint8Array`. */
const appended = ({ offset: _, bytes, ...entry }: Entry) => ({ ...entry, bytes: Uint8Array.from(bytes) });

/** The rules that every event log keeps. */
export function eventLogContract(name: string, open: () => Promise<OpenedLog>): void {
  describe(`${name} as an event log`, () => {
    const using = async (use: (log: EventLog) => Promise<void>) => {
      const { log, remove } = await open();
      try {
        await use(log);
      } finally {
        await log.close();
        await remove();
      }
    };

    it('is empty at first', () =>
      using(async (log) => {
        expect(await all(log.read(0, start))).toEqual([]);
        expect(await log.end(0)).toBe(start);
      }));

    it('knows the offset of its last entry', () =>
      using(async (log) => {
        const writer = await log.acquire(0);
        for (const given of [[record(1)], [answer, record(2), record(3)]]) {
          const offsets = await writer.append(given);
          expect(await log.end(0)).toBe(offsets.at(-1));
        }
        await log.acquire(0);
        expect((await all(log.read(0, start))).at(-1)?.offset).toBe(await log.end(0));
      }));

    it('gives its followers all outcomes that expire, even if they are larger than a message', () =>
      using(async (log) => {
        const bytes = new Uint8Array(10 * 1024 * 1024).map((_, index) => index % 251);
        const offsets = await (await log.acquire(0)).append([record(1), { kind: 'outcome', bytes, expires: true }, record(2)]);
        const stop = new AbortController();
        const followed: Entry[] = [];
        for await (const batch of log.follow(0, start, stop.signal)) {
          followed.push(...batch);
          if (followed.length === 3) stop.abort();
        }
        expect(followed.map(({ offset }) => offset)).toEqual(offsets);
        const [, expiring] = followed;
        const whole = (await expiring?.whole?.()) ?? expiring?.bytes ?? new Uint8Array(0);
        expect(Buffer.compare(whole, bytes)).toBe(0);
      }));

    it('gives back exactly what was appended, in order', () =>
      using(async (log) => {
        const writer = await log.acquire(0);
        const given = [record(1), answer, record(2)];
        const offsets = await writer.append(given);
        const more = await writer.append([record(3)]);
        const entries = await all(log.read(0, start));
        expect(entries.map(appended)).toEqual([...given, record(3)]);
        expect(entries.map(({ offset }) => offset)).toEqual([...offsets, ...more]);
      }));

    it('gives growing offsets', () =>
      using(async (log) => {
        const writer = await log.acquire(0);
        const offsets = [...(await writer.append([record(1), record(2)])), ...(await writer.append([record(3)]))];
        expect(offsets).toEqual([...offsets].sort((one, other) => one - other));
        expect(new Set(offsets).size).toBe(3);
        expect(offsets[0]).toBeGreaterThan(start);
      }));

    it('reads after an offset, in batches, to the end as of the call', () =>
      using(async (log) => {
        const writer = await log.acquire(0);
        const offsets = await writer.append(Array.from({ length: 2_500 }, (_, index) => record(index + 1)));
        const after: Offset = offsets[9] ?? start;
        const batches: Entry[][] = [];
        for await (const batch of log.read(0, after)) {
          if (batches.length === 0) await writer.append([record(2_501)]);
          batches.push(batch);
        }
        expect(batches.length).toBeGreaterThan(1);
        expect(batches.flat().map(({ position }) => position)).toEqual(Array.from({ length: 2_490 }, (_, index) => index + 11));
      }));

    it('follows what is appended later, and stops when told', () =>
      using(async (log) => {
        const writer = await log.acquire(0);
        await writer.append([record(1)]);
        const stop = new AbortController();
        const seen: (number | undefined)[] = [];
        const following = (async () => {
          for await (const batch of log.follow(0, start, stop.signal)) {
            seen.push(...batch.map(({ position }) => position));
            if (seen.length < 3) await writer.append([record(seen.length + 1)]);
            else stop.abort();
          }
        })();
        await following;
        expect(seen).toEqual([1, 2, 3]);
      }));

    it('stops following while nothing comes', () =>
      using(async (log) => {
        const stop = new AbortController();
        const following = all(log.follow(0, start, stop.signal));
        stop.abort();
        expect(await following).toEqual([]);
      }));

    it('fences every earlier writer', () =>
      using(async (log) => {
        const first = await log.acquire(0);
        await first.append([record(1)]);
        const second = await log.acquire(0);
        await expect(first.append([record(2)])).rejects.toBeInstanceOf(LogFenced);
        await second.append([record(2)]);
        expect((await all(log.read(0, start))).map(({ position }) => position)).toEqual([1, 2]);
      }));

    it('fences nobody for a writer that no longer wants the partition', () =>
      using(async (log) => {
        const first = await log.acquire(0);
        await expect(log.acquire(0, AbortSignal.abort(new Error('no longer wanted')))).rejects.toThrow('no longer wanted');
        await first.append([record(1)]);
        expect((await all(log.read(0, start))).map(({ position }) => position)).toEqual([1]);
      }));

    it('names a partition that does not exist', () =>
      using(async (log) => {
        await expect(all(log.read(log.partitions, start))).rejects.toThrow(RangeError);
      }));

    it('appends nothing when nothing is given', () =>
      using(async (log) => {
        const writer = await log.acquire(0);
        expect(await writer.append([])).toEqual([]);
        expect(await all(log.read(0, start))).toEqual([]);
      }));
  });
}
